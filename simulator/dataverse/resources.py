"""What an address below the service's root stands for, and which method does what there."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.dataverse.access import Session
from simulator.dataverse.definitions import entity_definitions
from simulator.dataverse.errors import (
    DataverseError,
    NotSimulatedError,
    bad_payload,
    bad_query,
    unknown_segment,
)
from simulator.dataverse.functions import FUNCTIONS, call
from simulator.dataverse.links import GUID, found, link, linked, looked_up, referenced, unlink
from simulator.dataverse.options import Options, options_of, page_size_of
from simulator.dataverse.reading import one_of, page_of
from simulator.dataverse.rendering import etag_of
from simulator.dataverse.shapes import Many, Table
from simulator.dataverse.tables import ELSEWHERE, ENTITY_DEFINITIONS, TABLES
from simulator.dataverse.writing import create, delete, set_lookup, update

SEGMENT = re.compile(r"(?P<name>[$\w.]+)(?:\((?P<inside>.*)\))?", re.DOTALL)
Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One request below the service's root."""

    session: Session
    method: str
    address: str
    options: Options
    headers: Mapping[str, str]
    body: bytes

    @property
    def prefer(self) -> str:
        return self.headers.get("prefer", "")

    @property
    def conditions(self) -> dict[str, str]:
        names = ("if-match", "if-none-match")
        return {name: self.headers[name] for name in names if name in self.headers}

    def json(self) -> Row:
        if "json" not in self.headers.get("content-type", ""):
            raise DataverseError(415, "", "The content type is not application/json.")
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise bad_payload("the body is no JSON.") from error
        if not isinstance(value, dict):
            raise bad_payload("the body is no JSON object.")
        return value


async def answer(session: Session, request: Request, resource: str) -> Response:
    """The answer at `resource`, the path below `/api/data/v9.x/`."""
    name, inside, rest = _first(resource)
    if name in FUNCTIONS and not rest:
        return _function(session, request, name, inside or "")
    if name in ELSEWHERE:
        raise NotSimulatedError(name)
    query = request.url.query
    address = f"{session.base}/{resource}{'?' + query if query else ''}"
    asked = Asked(
        session, request.method, address, options_of(query), request.headers, await request.body()
    )
    if name == ENTITY_DEFINITIONS.entity_set:
        return _definitions(asked, inside, rest)
    if name not in TABLES:
        raise unknown_segment(name)
    table = TABLES[name]
    if inside is None:
        return _collection(asked, table, rest)
    if not re.fullmatch(GUID, inside):
        raise NotSimulatedError("an alternate key")
    return _record(asked, table, inside.lower()) if not rest else _below(asked, table, inside, rest)


def _first(resource: str) -> tuple[str, str | None, str]:
    """Name, text in the parentheses, and what follows. A key never holds a slash here."""
    segment, _, rest = resource.partition("/")
    if not segment:
        raise NotSimulatedError("the service document")
    matched = SEGMENT.fullmatch(segment)
    if matched is None:
        raise unknown_segment(segment)
    return matched["name"], matched["inside"], rest


def _function(session: Session, request: Request, name: str, inside: str) -> Response:
    if request.method != "GET":
        raise _no_route(request.method)
    aliases = {key: value for key, value in request.query_params.items() if key.startswith("@")}
    return JSONResponse(call(name, inside, aliases, session))


def _definitions(asked: Asked, inside: str | None, rest: str) -> Response:
    if inside is not None or rest or asked.method != "GET":
        raise NotSimulatedError("more of EntityDefinitions than the list")
    asked.session.require("prvReadEntity", "entity")
    table, rows = ENTITY_DEFINITIONS, entity_definitions()
    return JSONResponse(page_of(asked.session, table, rows, asked.options, asked.address, None))


def _collection(asked: Asked, table: Table, rest: str) -> Response:
    session = asked.session
    if rest:
        raise NotSimulatedError(f"{table.entity_set}/{rest}")
    if asked.method == "GET":
        session.require(f"prvRead{table.privilege}", table.entity)
        return _page(asked, table, list(session.rows(table.entity_set).values()))
    if asked.method == "POST":
        return _created(asked, table, create(session, table, asked.json(), None))
    raise _no_route(asked.method)


def _page(asked: Asked, table: Table, rows: list[Row]) -> Response:
    size = page_size_of(asked.prefer)
    page = page_of(asked.session, table, rows, asked.options, asked.address, size)
    applied = {"Preference-Applied": f"odata.maxpagesize={size}"} if size else None
    return JSONResponse(page, headers=applied)


def _record(asked: Asked, table: Table, record: str) -> Response:
    session = asked.session
    if asked.method == "GET":
        session.require(f"prvRead{table.privilege}", table.entity)
        _, row = found(session, table, record)
        headers = {"ETag": etag_of(row)}
        if asked.conditions.get("if-none-match") == etag_of(row) and not asked.options.expand:
            return Response(status_code=304, headers=headers)
        return JSONResponse(one_of(session, table, row, asked.options), headers=headers)
    if asked.method == "PATCH":
        row, new = update(session, table, record, asked.json(), asked.conditions)
        return _created(asked, table, row) if new else _changed(asked, table, row)
    if asked.method == "DELETE":
        delete(session, table, record, asked.conditions)
        return Response(status_code=204)
    raise _no_route(asked.method)


def _created(asked: Asked, table: Table, row: Row) -> Response:
    address = f"{asked.session.base}/{table.entity_set}({row[table.key]})"
    headers = {"OData-EntityId": address}
    if "return=representation" in asked.prefer:
        headers["Preference-Applied"] = "return=representation"
        return JSONResponse(one_of(asked.session, table, row, asked.options), 201, headers)
    return Response(status_code=204, headers=headers)


def _changed(asked: Asked, table: Table, row: Row) -> Response:
    if "return=representation" in asked.prefer:
        applied = {"Preference-Applied": "return=representation"}
        return JSONResponse(one_of(asked.session, table, row, asked.options), 200, applied)
    address = f"{asked.session.base}/{table.entity_set}({row[table.key]})"
    return Response(status_code=204, headers={"OData-EntityId": address})


def _below(asked: Asked, table: Table, record: str, rest: str) -> Response:
    """A link of one row, or references of that link."""
    asked.session.require(f"prvRead{table.privilege}", table.entity)
    _, row = found(asked.session, table, record)
    name, inside, tail = _first(rest)
    if name in table.many:
        return _many(asked, table, row, name, inside, tail)
    if name in table.lookups and inside is None:
        return _lookup(asked, table, row, name, tail)
    if name in table.columns:
        raise NotSimulatedError("a single column as a resource")
    raise unknown_segment(name)


def _many(
    asked: Asked, table: Table, row: Row, name: str, inside: str | None, tail: str
) -> Response:
    session, many = asked.session, table.many[name]
    target = TABLES[many.target]
    if not tail and inside is None and asked.method == "GET":
        session.require(f"prvRead{target.privilege}", target.entity)
        return _page(asked, target, linked(session, table, many, row))
    if tail != "$ref":
        raise NotSimulatedError(f"{asked.method} of {name}/{tail}")
    if asked.method == "POST" and inside is None:
        other = referenced(session, asked.json().get("@odata.id"), many.target)
        link(session, table, many, row, other)
    elif asked.method == "DELETE":
        unlink(session, table, many, row, _other(asked, many, inside))
    else:
        raise _no_route(asked.method)
    return Response(status_code=204)


def _other(asked: Asked, many: Many, inside: str | None) -> str:
    """Both forms of a removal: the id in the path, or its address in `$id`."""
    if inside is not None:
        return inside.lower()
    if asked.options.id is None:
        raise bad_query("Removing a reference from a collection needs $id.")
    return referenced(asked.session, asked.options.id, many.target)


def _lookup(asked: Asked, table: Table, row: Row, name: str, tail: str) -> Response:
    session, lookup = asked.session, table.lookups[name]
    target = TABLES[lookup.target]
    if not tail and asked.method == "GET":
        session.require(f"prvRead{target.privilege}", target.entity)
        other = looked_up(session, lookup, row)
        if other is None:
            return Response(status_code=204)
        return JSONResponse(one_of(session, target, other, asked.options))
    if tail == "$ref" and asked.method in ("PUT", "DELETE"):
        body = asked.json() if asked.method == "PUT" else None
        set_lookup(session, table, row[table.key], name, body)
        return Response(status_code=204)
    raise NotSimulatedError(f"{asked.method} of {name}/{tail}")


def _no_route(method: str) -> DataverseError:
    text = f"No HTTP resource was found that matches the request URI with the method {method}."
    return DataverseError(404, "", text)
