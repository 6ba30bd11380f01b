"""`$metadata`: published pages as entity types, codeunits as unbound actions (EDMX, OData V4)."""

from xml.sax.saxutils import quoteattr

from simulator.bc.codeunits import Procedure
from simulator.bc.pages import Page
from simulator.odata.kinds import Kind

COMPANY_COLUMNS = (
    ("Name", Kind.STRING),
    ("Evaluation_Company", Kind.BOOLEAN),
    ("Display_Name", Kind.STRING),
    ("Id", Kind.GUID),
    ("Business_Profile_Id", Kind.STRING),
)


def metadata(services: dict[str, Page], actions: dict[str, Procedure]) -> str:
    types = [_company_type(services)]
    types += [
        _type(name, page.key, [(each.name, each.kind) for each in page.controls])
        for name, page in services.items()
    ]
    types += [_action(name, procedure) for name, procedure in actions.items()]
    sets = "".join(_entity_set(name) for name in ("Company", *services))
    sets += "".join(_import(name) for name in actions)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
        '<edmx:DataServices><Schema Namespace="NAV" '
        'xmlns="http://docs.oasis-open.org/odata/ns/edm">'
        f'{"".join(types)}<EntityContainer Name="NAV">{sets}</EntityContainer>'
        "</Schema></edmx:DataServices></edmx:Edmx>"
    )


def _type(name: str, key: str, columns: list[tuple[str, Kind]], links: str = "") -> str:
    properties = "".join(
        f'<Property Name={quoteattr(column)} Type="{kind}"'
        f"{' Nullable=' + quoteattr('false') if column == key else ''}/>"
        for column, kind in columns
    )
    reference = f"<Key><PropertyRef Name={quoteattr(key)}/></Key>"
    return f"<EntityType Name={quoteattr(name)}>{reference}{properties}{links}</EntityType>"


def _company_type(services: dict[str, Page]) -> str:
    links = "".join(
        f"<NavigationProperty Name={quoteattr(name)} "
        f'Type={quoteattr(f"Collection(NAV.{name})")} ContainsTarget="true"/>'
        for name in services
    )
    return _type("Company", "Name", list(COMPANY_COLUMNS), links)


def _entity_set(name: str) -> str:
    return f"<EntitySet Name={quoteattr(name)} EntityType={quoteattr(f'NAV.{name}')}/>"


def _action(name: str, procedure: Procedure) -> str:
    parts = "".join(
        f'<Parameter Name={quoteattr(each)} Type="Edm.String"/>' for each in procedure.parameters
    )
    if procedure.gives is not None:
        parts += f'<ReturnType Type="{procedure.gives}"/>'
    return f"<Action Name={quoteattr(name)}>{parts}</Action>"


def _import(name: str) -> str:
    return f"<ActionImport Name={quoteattr(name)} Action={quoteattr(f'NAV.{name}')}/>"
