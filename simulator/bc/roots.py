"""What stands below an environment or a server: OData V4, the standard API, the automation API."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.bc import companies, odata
from simulator.bc.access import Session
from simulator.bc.automation import answers as automation
from simulator.bc.batches import batch
from simulator.bc.errors import NotSimulatedError, no_resource, not_allowed
from simulator.bc.permissions import READ
from simulator.bc.queries import query_of

LAST_WITH_V3 = 17
"""OData V3 was removed in 2021 wave 1 (bc/upgrade/deprecated-features-platform.md)."""

STANDARD, AUTOMATION = "api/v2.0", "api/microsoft/automation/v2.0"
BATCH = "$batch"


def door_of(path: str) -> str:
    """Which of PERMISSIONS an app needs for this path."""
    return "automation" if path.lower().startswith("api/microsoft/automation/") else "data"


async def answer(session: Session, request: Request, path: str) -> Response:
    """`path` is below the environment, decoded."""
    for root in ("ODataV4", STANDARD, AUTOMATION):
        if path.lower() == root.lower() or path.lower().startswith(f"{root.lower()}/"):
            return await _at(session, request, root, path[len(root) + 1 :])
    first = path.partition("/")[0]
    if first == "OData" and session.profile.major > LAST_WITH_V3:
        raise no_resource(first)
    if first in ("OData", "api", "WS"):
        raise NotSimulatedError(f"{request.method} {path}")
    raise no_resource(first)


async def _at(session: Session, request: Request, root: str, rest: str) -> Response:
    if rest == BATCH:
        return await batch(
            request,
            session.environment,
            session.limits["operations"],
            lambda part, path: _at(session, part, root, path),
        )
    if root == "ODataV4":
        return await odata.answer(session, request, rest)
    if root == AUTOMATION:
        return await automation.answer(session, request, rest)
    return _standard(session, request, rest)


def _standard(session: Session, request: Request, rest: str) -> Response:
    """The companies; the other resources are not simulated."""
    if not rest.startswith("companies") or "/" in rest:
        raise NotSimulatedError(f"{request.method} {STANDARD}/{rest}")
    if request.method != "GET":
        raise not_allowed(request.method, "companies")
    session.require(READ)
    query = query_of(
        request.query_params,
        request.headers.get("prefer", ""),
        session.limits["rows"],
        f"{session.base}/{STANDARD}/{rest}",
    )
    return JSONResponse(companies.answer(session, STANDARD, rest, query))
