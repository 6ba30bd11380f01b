"""Which calls are about solutions and may take their time: actions, and an uninstallation.

They are answered here and not with the other resources, because an answer waits for the clock.
"""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.dataverse.actions import ACTIONS, act
from simulator.dataverse.errors import DataverseError, NotSimulatedError, bad_payload
from simulator.dataverse.job_tables import READ_ONLY
from simulator.dataverse.links import found
from simulator.dataverse.naming import GUID
from simulator.dataverse.promoting import uninstall_now
from simulator.dataverse.rendering import etag_of
from simulator.dataverse.session import Session
from simulator.dataverse.tables import TABLES
from simulator.json_bodies import read_json

A_SOLUTION = re.compile(rf"solutions\(({GUID})\)")


async def solution_call(session: Session, request: Request, resource: str) -> Response | None:
    """Nothing for a call that is about something else."""
    if resource in ACTIONS:
        return await _action(session, request, resource)
    name = re.split(r"[(/]", resource, maxsplit=1)[0]
    if name in READ_ONLY and request.method != "GET":
        raise NotSimulatedError(f"{request.method} of {name}")
    one = A_SOLUTION.fullmatch(resource)
    if one is not None and request.method == "DELETE":
        return await _uninstalled(session, request, one[1])
    return None


async def _action(session: Session, request: Request, name: str) -> Response:
    if request.method != "POST":
        text = f"No HTTP resource was found that matches {request.method} {name}."
        raise DataverseError(404, "", text)
    answer = await act(name, session, await _body(request))
    return Response(status_code=204) if answer is None else JSONResponse(answer)


async def _body(request: Request) -> dict[str, Any]:
    """An object; an action without parameters may be called without a body."""
    content = await request.body()
    if not content.strip():
        return {}
    if "json" not in request.headers.get("content-type", ""):
        raise DataverseError(415, "", "The content type is not application/json.")
    try:
        value = read_json(content)
    except ValueError as error:
        raise bad_payload("the body is no JSON.") from error
    if not isinstance(value, dict):
        raise bad_payload("the body is no JSON object.")
    return value


async def _uninstalled(session: Session, request: Request, record: str) -> Response:
    table = TABLES["solutions"]
    session.require(f"prvDelete{table.privilege}", table.entity)
    _, row = found(session, table, record.lower())
    if request.headers.get("if-match", "*") not in ("*", etag_of(row)):
        raise DataverseError(412, "0x80060882", "The solution has another version.")
    await uninstall_now(session, row)
    return Response(status_code=204)
