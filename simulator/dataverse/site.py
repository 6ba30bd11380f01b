"""The routes of a Sales organisation's host."""

import time
import uuid
from email.utils import formatdate

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from simulator.dataverse.access import admit, host_of
from simulator.dataverse.asked import Asked
from simulator.dataverse.batch import batch
from simulator.dataverse.errors import (
    DataverseError,
    HtmlError,
    NotSimulatedError,
    response_of,
)
from simulator.dataverse.preferences import preferences_of
from simulator.dataverse.protection import Protection
from simulator.dataverse.resources import answer
from simulator.dataverse.session import Memory, Session
from simulator.dataverse.solution_calls import solution_call
from simulator.entra.tokens import Signer
from simulator.pages_ahead import PagesAhead
from simulator.unknown import everything_else
from simulator.world import World

VERSIONS = ("v9.0", "v9.1", "v9.2")
LONGEST_SEGMENT = 260
LONGEST_ADDRESS = 32_768
DETAILS = "Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus"


class DataverseSite:
    def __init__(self, world: World, signer: Signer) -> None:
        self._world, self._signer = world, signer
        self._memory = Memory()
        self._ahead = PagesAhead()
        self._protection = Protection(world)

    def app(self) -> Starlette:
        methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
        api = "/api/data/{version}/{resource:path}"
        return Starlette(routes=[Route(api, self.resource, methods=methods), everything_else()])

    async def resource(self, request: Request) -> Response:
        annotated = preferences_of(request.headers.get("prefer", "")).annotates(DETAILS)
        try:
            response = await self._answer(request)
        except (DataverseError, HtmlError) as error:
            response = response_of(error, annotated=annotated)
        except NotSimulatedError as error:
            response = PlainTextResponse(f"The simulator does not simulate {error}.\n", 501)
        number = str(uuid.uuid4())
        response.headers["x-ms-service-request-id"] = number
        response.headers["REQ_ID"] = number
        response.headers["OData-Version"] = "4.0"
        response.headers["Date"] = self._date(request)
        return response

    def _date(self, request: Request) -> str:
        """RFC 9110, 6.6.1: by the machine's clock, which no test moves, and as far ahead as the
        organisation's fact says."""
        organisation = self._world.organisation_at(host_of(request)) or {}
        return formatdate(time.time() + organisation.get("clock_ahead", 0), usegmt=True)

    async def _answer(self, request: Request) -> Response:
        _refuse_long(request)
        session = admit(self._world, self._signer, self._memory, request)
        if request.path_params["version"] not in VERSIONS:
            raise NotSimulatedError(f"version {request.path_params['version']} of the Web API")
        with self._protection.counted(session) as remaining:
            who = session.user["systemuserid"], session.privileges
            response = self._ahead.page(self._world.changes, who, request)
            if response is None:
                response = await _answered(session, request)
                self._ahead.keep(who, request, response)
        response.headers.update(remaining())
        return response


async def _answered(session: Session, request: Request) -> Response:
    resource, query = request.path_params["resource"], request.url.query
    body = await request.body()
    asked = Asked(session, request.method, resource, query, request.headers, body)
    try:
        about_solutions = await solution_call(session, request, resource)
        if about_solutions is not None:
            return about_solutions
        return batch(asked) if resource == "$batch" else answer(asked)
    except (DataverseError, HtmlError) as error:
        return response_of(error, annotated=asked.preferences.annotates(DETAILS))


def _refuse_long(request: Request) -> None:
    """Maximum URL and segment length (compose-http-requests-handle-errors.md)."""
    segments = request.url.path.split("/")
    too_long = any(len(segment) > LONGEST_SEGMENT for segment in segments)
    if too_long or len(str(request.url)) > LONGEST_ADDRESS:
        raise HtmlError(400, "Bad Request - Invalid URL")
