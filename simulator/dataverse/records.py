"""A collection of rows, one row, and its columns: which method does what there."""

from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from simulator.dataverse.asked import Asked
from simulator.dataverse.bulk import BULK, bulk
from simulator.dataverse.errors import NotSimulatedError, no_route
from simulator.dataverse.naming import Named, named
from simulator.dataverse.navigation import follow
from simulator.dataverse.reading import COUNT_LIMIT, chosen_of, one_of, page_of
from simulator.dataverse.rendering import etag_of
from simulator.dataverse.shapes import Table
from simulator.dataverse.writing import create, delete, update

Row = dict[str, Any]


def collection(asked: Asked, table: Table, rest: str) -> Response:
    session = asked.session
    if rest == "$count" and asked.method == "GET":
        return _count(asked, table)
    if rest in BULK and asked.method == "POST":
        return bulk(asked, table, rest)
    if rest:
        raise NotSimulatedError(f"{table.entity_set}/{rest}")
    if asked.method == "GET":
        session.require(f"prvRead{table.privilege}", table.entity)
        rows = list(session.rows(table.entity_set).values())
        return JSONResponse(page_of(asked, table, rows), headers=asked.preferences.applied())
    if asked.method == "POST":
        return _created(asked, table, create(session, table, asked.json()))
    raise no_route(asked.method)


def _count(asked: Asked, table: Table) -> Response:
    """The number alone, as text, and never more than 5,000 (pa/webapi/query/count-rows.md)."""
    session = asked.session
    session.require(f"prvRead{table.privilege}", table.entity)
    rows = list(session.rows(table.entity_set).values())
    number = len(chosen_of(session, table, rows, asked.options))
    return PlainTextResponse(str(min(number, COUNT_LIMIT)))


def record(asked: Asked, table: Table, inside: str, rest: str) -> Response:
    """One row by its id or by an alternate key, or what is below it."""
    one = named(asked.session, table, inside, asked.options.aliases)
    if rest:
        asked.session.require(f"prvRead{table.privilege}", table.entity)
        return follow(asked, table, one.row(), rest)
    if asked.method == "GET":
        return _read(asked, table, one)
    if asked.method == "PATCH":
        return _patched(asked, table, one)
    if asked.method == "DELETE":
        delete(asked.session, table, one.row(), asked.conditions)
        return Response(status_code=204)
    raise no_route(asked.method)


def _read(asked: Asked, table: Table, one: Named) -> Response:
    asked.session.require(f"prvRead{table.privilege}", table.entity)
    row = one.row()
    headers = {"ETag": etag_of(row), **asked.preferences.applied()}
    plain = not asked.options.expand and not asked.preferences.annotations
    if plain and asked.conditions.get("if-none-match") == etag_of(row):
        return Response(status_code=304, headers=headers)
    return JSONResponse(one_of(asked, table, row), headers=headers)


def _patched(asked: Asked, table: Table, one: Named) -> Response:
    """Changes a row, or creates it (upsert) unless `If-Match` forbids it."""
    row = one.known()
    if row is not None:
        return _changed(
            asked, table, update(asked.session, table, row, asked.json(), asked.conditions)
        )
    if "if-match" in asked.conditions or not table.creates:
        raise one.absent()
    return _created(asked, table, create(asked.session, table, asked.json(), one.values))


def _created(asked: Asked, table: Table, row: Row) -> Response:
    address = f"{asked.session.base}/{table.entity_set}({row[table.key]})"
    headers = {"OData-EntityId": address}
    if asked.preferences.representation:
        headers |= asked.preferences.applied()
        return JSONResponse(one_of(asked, table, row), 201, headers)
    return Response(status_code=204, headers={"Location": address, **headers})


def _changed(asked: Asked, table: Table, row: Row) -> Response:
    if asked.preferences.representation:
        return JSONResponse(one_of(asked, table, row), 200, asked.preferences.applied())
    address = f"{asked.session.base}/{table.entity_set}({row[table.key]})"
    return Response(status_code=204, headers={"OData-EntityId": address})
