"""`users(…)/userPermissions`: the permission sets of a user are given, changed and taken."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.bc.access import Session
from simulator.bc.automation.entities import OF_PERMISSIONS, permission_row
from simulator.bc.errors import BusinessCentralError, not_allowed
from simulator.bc.queries import Query, chosen, one
from simulator.bc.services import etag_of, refuse_stale
from simulator.json_bodies import read_json

Row = dict[str, Any]
WRITTEN = ("roleId", "company", "scope", "appId")
"""Scope and app follow from the set that the world has under this role id."""


async def answer(
    session: Session, request: Request, user: Row, key: str | None, query: Query
) -> Response:
    root = f"{session.base}/api/microsoft/automation/v2.0"
    context = {"@odata.context": f"{root}/$metadata#userPermissions"}
    given: dict[str, Row] = user.setdefault("permissions", {})
    if key is None and request.method == "GET":
        rows = list(given.values())
        return JSONResponse(
            context | chosen(rows, query, OF_PERMISSIONS, lambda each: _shown(session, user, each))
        )
    if key is None and request.method == "POST":
        row = {"id": session.world.draw.guid()} | _checked(
            session, given, _body(await request.body()), None
        )
        given[row["id"]] = row
        return JSONResponse(context | _shown(session, user, row), 201)
    if key is None:
        raise not_allowed(request.method, "userPermissions")
    place = _place(given, key)
    if request.method == "GET":
        return JSONResponse(
            context | one(_shown(session, user, given[place]), query.options, OF_PERMISSIONS)
        )
    if request.method not in ("PATCH", "DELETE"):
        raise not_allowed(request.method, "userPermissions")
    refuse_stale(permission_row(session, user, given[place]), request.headers.get("if-match"))
    if request.method == "DELETE":
        del given[place]
        return Response(status_code=204)
    changes = _body(await request.body())
    given[place] |= _checked(session, given, {**given[place], **changes}, place)
    return JSONResponse(context | _shown(session, user, given[place]))


def _checked(session: Session, given: dict[str, Row], row: Row, place: str | None) -> Row:
    """The set and the company are there, and the user has not got the same already."""
    role, company = str(row.get("roleId", "")), str(row.get("company", ""))
    if role not in session.environment["permission_sets"]:
        text = f"There is no permission set {role}."
        raise BusinessCentralError(400, "Internal_InvalidTableRelation", text)
    if company and company not in session.environment["companies"]:
        text = f"There is no company {company}."
        raise BusinessCentralError(400, "Internal_InvalidTableRelation", text)
    for key, each in given.items():
        same = (each["roleId"], each.get("company", "")) == (role, company)
        if same and key != place:
            text = f"The user has {role} already."
            raise BusinessCentralError(400, "Internal_EntityWithSameKeyExists", text)
    return {"roleId": role, "company": company}


def _place(given: dict[str, Row], key: str) -> str:
    for place, each in given.items():
        if each["id"].lower() == key.strip("'").lower():
            return place
    raise BusinessCentralError(404, "Internal_RecordNotFound", f"There is no permission {key}.")


def _body(body: bytes) -> Row:
    try:
        row = read_json(body)
    except ValueError as error:
        raise BusinessCentralError(400, "BadRequest", "The body is no JSON.") from error
    if not isinstance(row, dict) or not set(row) <= set(WRITTEN):
        text = f"The body has {', '.join(WRITTEN)} and nothing else."
        raise BusinessCentralError(400, "BadRequest", text)
    return row


def _shown(session: Session, user: Row, given: Row) -> Row:
    row = permission_row(session, user, given)
    return {"@odata.etag": etag_of(row), **row}
