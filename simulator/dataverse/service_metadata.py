"""`$metadata`: the simulated tables as CSDL (pa/webapi/web-api-service-documents.md)."""

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from starlette.responses import Response

from simulator.dataverse.asked import Asked
from simulator.dataverse.errors import no_route
from simulator.dataverse.shapes import Table
from simulator.dataverse.tables import TABLES

NAMESPACE = "Microsoft.Dynamics.CRM"
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
    f'<edmx:DataServices><Schema Namespace="{NAMESPACE}" Alias="mscrm" '
    'xmlns="http://docs.oasis-open.org/odata/ns/edm">'
)
TAIL = "</Schema></edmx:DataServices></edmx:Edmx>"


def edmx(asked: Asked) -> Response:
    if asked.method != "GET":
        raise no_route(asked.method)
    tables = asked.session.tables()
    parts = [HEAD, *(part for table in tables for part in _entity(table)), *_container(tables)]
    return Response("".join([*parts, TAIL]), media_type="application/xml")


def _entity(table: Table) -> Iterator[str]:
    yield f"<EntityType Name={quoteattr(table.entity)}>"
    yield f"<Key><PropertyRef Name={quoteattr(table.key)}/></Key>"
    for name, column in table.columns.items():
        yield f'<Property Name={quoteattr(name)} Type="{column.kind}"/>'
    for name, lookup in table.lookups.items():
        target = TABLES[lookup.target]
        yield (
            f'<NavigationProperty Name={quoteattr(name)} Type="mscrm.{target.entity}">'
            f'<ReferentialConstraint Property="{lookup.column}" ReferencedProperty="{target.key}"/>'
            "</NavigationProperty>"
        )
    for name, many in table.many.items():
        target = TABLES[many.target]
        yield (
            f'<NavigationProperty Name={quoteattr(name)} Type="Collection(mscrm.{target.entity})"/>'
        )
    yield "</EntityType>"


def _container(tables: list[Table]) -> Iterator[str]:
    yield '<EntityContainer Name="System">'
    for table in tables:
        yield f'<EntitySet Name="{table.entity_set}" EntityType="{NAMESPACE}.{table.entity}"/>'
    yield "</EntityContainer>"
