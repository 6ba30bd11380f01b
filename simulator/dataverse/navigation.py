"""What is below one row: its links, the references of a link, and single columns.

pa/webapi/associate-disassociate-entities-using-web-api.md.
"""

from typing import Any

from starlette.responses import JSONResponse, Response

from simulator.dataverse.asked import Asked
from simulator.dataverse.errors import (
    NotSimulatedError,
    bad_payload,
    bad_query,
    no_route,
    unknown_segment,
)
from simulator.dataverse.links import link, linked, looked_up, referenced, unlink
from simulator.dataverse.reading import one_of, page_of
from simulator.dataverse.security_tables import SYSTEMUSERS
from simulator.dataverse.segments import first
from simulator.dataverse.shapes import Many, Table
from simulator.dataverse.tables import TABLES
from simulator.dataverse.user_privileges import NAME as PRIVILEGES
from simulator.dataverse.user_privileges import user_privileges
from simulator.dataverse.writing import set_lookup

Row = dict[str, Any]


def follow(asked: Asked, table: Table, row: Row, rest: str) -> Response:
    name, inside, tail = first(rest)
    if name in table.many:
        return _many(asked, table, row, name, inside, tail)
    if name in table.lookups and inside is None:
        return _lookup(asked, table, row, name, tail)
    if name in table.columns and inside is None:
        return _column(asked, table, row, name, tail)
    if name == PRIVILEGES and table is SYSTEMUSERS and not inside and not tail:
        return user_privileges(asked, row)
    raise unknown_segment(name)


def _column(asked: Asked, table: Table, row: Row, name: str, tail: str) -> Response:
    """One column as a resource; null is no content."""
    if asked.method != "GET" or tail:
        raise NotSimulatedError(f"{asked.method} of a single column")
    if row.get(name) is None:
        return Response(status_code=204)
    place = f"{table.entity_set}({row[table.key]})/{name}"
    context = f"{asked.session.base}/$metadata#{place}"
    return JSONResponse({"@odata.context": context, "value": row[name]})


def _many(
    asked: Asked, table: Table, row: Row, name: str, inside: str | None, tail: str
) -> Response:
    session, many = asked.session, table.many[name]
    target = TABLES[many.target]
    if asked.method == "GET" and inside is None and tail in ("", "$ref"):
        session.require(f"prvRead{target.privilege}", target.entity)
        rows = linked(session, table, many, row)
        if tail:
            return _references(asked, target, rows)
        return JSONResponse(page_of(asked, target, rows), headers=asked.preferences.applied())
    if tail != "$ref":
        raise NotSimulatedError(f"{asked.method} of {name}/{tail}")
    if asked.method == "POST" and inside is None:
        link(session, table, many, row, _reference(asked, many.target))
    elif asked.method == "DELETE":
        unlink(session, table, many, row, _other(asked, many, inside))
    else:
        raise no_route(asked.method)
    return Response(status_code=204)


def _references(asked: Asked, target: Table, rows: list[Row]) -> Response:
    base = asked.session.base
    places = [f"{base}/{target.entity_set}({row[target.key]})" for row in rows]
    value = [{"@odata.id": place} for place in places]
    return JSONResponse({"@odata.context": f"{base}/$metadata#Collection($ref)", "value": value})


def _reference(asked: Asked, target: str) -> str:
    body = asked.json()
    if "@odata.id" not in body:
        raise bad_payload("a reference needs '@odata.id'.")
    return referenced(asked.session, body["@odata.id"], target)


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
    if asked.method == "GET" and tail in ("", "$ref"):
        session.require(f"prvRead{target.privilege}", target.entity)
        other = looked_up(session, lookup, row)
        if other is None:
            return Response(status_code=204)
        if not tail:
            return JSONResponse(one_of(asked, target, other))
        place = f"{session.base}/{target.entity_set}({other[target.key]})"
        return JSONResponse(
            {"@odata.context": f"{session.base}/$metadata#$ref", "@odata.id": place}
        )
    if tail == "$ref" and asked.method == "PUT":
        set_lookup(session, table, row, name, _whole(asked, lookup.target))
        return Response(status_code=204)
    if tail == "$ref" and asked.method == "DELETE":
        set_lookup(session, table, row, name, None)
        return Response(status_code=204)
    raise NotSimulatedError(f"{asked.method} of {name}/{tail}")


def _whole(asked: Asked, target: str) -> str:
    return f"{target}({_reference(asked, target)})"
