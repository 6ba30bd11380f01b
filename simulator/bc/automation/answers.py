"""Paths of the automation API: `companies`, the entity sets of a company, and what hangs there."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.bc import companies
from simulator.bc.access import Session
from simulator.bc.automation import user_permissions
from simulator.bc.automation.actions import act
from simulator.bc.automation.changes import change_user
from simulator.bc.automation.entities import ELSEWHERE, ENTITIES, USERS, Entity
from simulator.bc.errors import (
    BusinessCentralError,
    NotSimulatedError,
    no_resource,
    not_allowed,
)
from simulator.bc.permissions import AUTOMATE
from simulator.bc.queries import Query, chosen, one, query_of
from simulator.bc.services import etag_of, refuse_stale
from simulator.json_bodies import read_json

Row = dict[str, Any]
ROOT = "api/microsoft/automation/v2.0"
SEGMENT = re.compile(r"(?P<name>[\w.]+)(?:\((?P<key>[^()]*)\))?")
ACTION = "Microsoft.NAV."
GROUPS = ("userGroups", "userGroupMembers", "userGroupPermissions")
GROUPS_UNTIL = 25
"""User groups are gone from version 25 on."""


async def answer(session: Session, request: Request, rest: str) -> Response:
    parts = rest.split("/")
    query = query_of(
        request.query_params,
        request.headers.get("prefer", ""),
        session.limits["rows"],
        f"{session.base}/{ROOT}/{rest}",
    )
    if len(parts) == 1:
        return _companies(session, request, rest, query)
    companies.company_at(session, parts[0])
    name, key = _segment(parts[1])
    if name in ELSEWHERE or (name in GROUPS and session.profile.major < GROUPS_UNTIL):
        raise NotSimulatedError(f"{name} of the automation API")
    entity = ENTITIES.get(name)
    if entity is None:
        raise no_resource(parts[1])
    session.require(entity.needs)
    if len(parts) == 2:
        return await _entity(session, request, entity, key, query)
    return await _below(session, request, entity, key, parts[2:], query)


def _companies(session: Session, request: Request, rest: str, query: Query) -> Response:
    if not rest:
        raise NotSimulatedError("the service document of the automation API")
    name, _ = _segment(rest)
    if name in ELSEWHERE or name == "$metadata":
        raise NotSimulatedError(f"{name} of the automation API")
    if request.method != "GET":
        raise not_allowed(request.method, name)
    session.require(AUTOMATE)
    return JSONResponse(companies.answer(session, ROOT, rest, query))


async def _entity(
    session: Session, request: Request, entity: Entity, key: str | None, query: Query
) -> Response:
    context = {"@odata.context": f"{session.base}/{ROOT}/$metadata#{entity.name}"}
    held = session.environment[entity.held_in]
    if key is None:
        if request.method != "GET":
            raise not_allowed(request.method, entity.name)

        def view(each: tuple[str, Row]) -> Row:
            return _tagged(entity.shown(*each))

        return JSONResponse(context | chosen(list(held.items()), query, entity.columns, view))
    place = place_of(session, entity, key)
    if request.method == "GET":
        shown = _tagged(entity.shown(place, held[place]))
        return JSONResponse(context | one(shown, query.options, entity.columns))
    if request.method != "PATCH" or entity is not USERS:
        raise not_allowed(request.method, entity.name)
    refuse_stale(entity.shown(place, held[place]), request.headers.get("if-match"))
    change_user(held[place], body_of(await request.body()))
    return JSONResponse(context | _tagged(entity.shown(place, held[place])))


async def _below(
    session: Session,
    request: Request,
    entity: Entity,
    key: str | None,
    parts: list[str],
    query: Query,
) -> Response:
    """An action of a row or of the set, or the permissions of a user."""
    if len(parts) == 1 and parts[0].startswith(ACTION):
        if request.method != "POST":
            raise not_allowed(request.method, parts[0])
        place = None if key is None else place_of(session, entity, key)
        body = await request.body()
        act(session, entity, place, parts[0][len(ACTION) :], body_of(body) if body else {})
        return Response(status_code=204)
    if parts == ["$count"] or (key is not None and parts[0] in entity.columns):
        raise NotSimulatedError("what stands below a row or a set of the automation API")
    name, inner = _segment(parts[0])
    if name in ELSEWHERE:
        raise NotSimulatedError(f"{name} of the automation API")
    if entity is not USERS or key is None or name != "userPermissions" or len(parts) > 1:
        raise no_resource("/".join(parts))
    user = session.environment["users"][place_of(session, entity, key)]
    return await user_permissions.answer(session, request, user, inner, query)


def place_of(session: Session, entity: Entity, key: str) -> str:
    """The key in the facts of the row with this key."""
    wanted = key.strip("'").lower()
    if not entity.text_key and not re.fullmatch(r"[0-9a-f-]{36}", wanted):
        raise BusinessCentralError(400, "Application_InvalidGUID", f"'{key}' is no GUID.")
    for place, facts in session.environment[entity.held_in].items():
        if str(entity.shown(place, facts)[entity.key]).lower() == wanted:
            return str(place)
    raise BusinessCentralError(
        404, "Internal_RecordNotFound", f"There is no row {key} of {entity.name}."
    )


def body_of(body: bytes) -> Row:
    try:
        row = read_json(body)
    except ValueError as error:
        raise BusinessCentralError(400, "BadRequest", "The body is no JSON.") from error
    if not isinstance(row, dict):
        raise BusinessCentralError(400, "BadRequest", "The body is no JSON object.")
    return {name: value for name, value in row.items() if not name.startswith("@")}


def _tagged(row: Row) -> Row:
    return {"@odata.etag": etag_of(row), **row}


def _segment(text: str) -> tuple[str, str | None]:
    if text == "$metadata":
        return text, None
    matched = SEGMENT.fullmatch(text)
    if matched is None:
        raise no_resource(text)
    return matched["name"], matched["key"]
