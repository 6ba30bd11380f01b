"""What an address below the service's root stands for."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, Response

from simulator.dataverse.asked import Asked
from simulator.dataverse.errors import NotSimulatedError, no_route, unknown_segment
from simulator.dataverse.functions import FUNCTIONS, call
from simulator.dataverse.metadata import (
    entity_definitions,
    relationship_definitions,
    retrieve_metadata_changes,
)
from simulator.dataverse.records import collection, record
from simulator.dataverse.segments import first
from simulator.dataverse.service_metadata import edmx
from simulator.dataverse.tables import ELSEWHERE

METADATA: dict[str, Callable[[Asked, str | None, str], Response]] = {
    "EntityDefinitions": entity_definitions,
    "RelationshipDefinitions": relationship_definitions,
    "RetrieveMetadataChanges": lambda asked, _inside, _rest: retrieve_metadata_changes(asked),
    "$metadata": lambda asked, _inside, _rest: edmx(asked),
}


def answer(asked: Asked) -> Response:
    """The answer at `resource`, the path below `/api/data/v9.x/`."""
    name, inside, rest = first(asked.resource)
    if name in FUNCTIONS and not rest:
        return _function(asked, name, inside or "")
    if name in METADATA:
        return METADATA[name](asked, inside, rest)
    if name in ELSEWHERE:
        raise NotSimulatedError(name)
    table = asked.session.table(name)
    if table is None:
        raise unknown_segment(name)
    if inside is None:
        return collection(asked, table, rest)
    return record(asked, table, inside, rest)


def _function(asked: Asked, name: str, inside: str) -> Response:
    if asked.method != "GET":
        raise no_route(asked.method)
    given = dict(parse_qsl(asked.query, keep_blank_values=True))
    aliases = {key: value for key, value in given.items() if key.startswith("@")}
    return JSONResponse(call(name, inside, aliases, asked.session))
