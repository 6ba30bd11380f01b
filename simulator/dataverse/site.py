"""The routes of a Sales organisation's host."""

import uuid

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from simulator.dataverse.access import admit
from simulator.dataverse.errors import (
    DataverseError,
    HtmlError,
    NotSimulatedError,
    response_of,
)
from simulator.dataverse.pages_ahead import PagesAhead
from simulator.dataverse.resources import answer
from simulator.dataverse.solution_calls import solution_call
from simulator.entra.tokens import Signer
from simulator.unknown import not_simulated
from simulator.world import World

VERSIONS = ("v9.0", "v9.1", "v9.2")
LONGEST_SEGMENT = 260
LONGEST_ADDRESS = 32_768


class DataverseSite:
    def __init__(self, world: World, signer: Signer) -> None:
        self._world, self._signer = world, signer
        self._ahead = PagesAhead()

    def app(self) -> Starlette:
        methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
        api = "/api/data/{version}/{resource:path}"
        return Starlette(
            routes=[Route(api, self.resource, methods=methods), Route("/{p:path}", not_simulated)]
        )

    async def resource(self, request: Request) -> Response:
        try:
            response = await self._answer(request)
        except (DataverseError, HtmlError) as error:
            response = response_of(error)
        except NotSimulatedError as error:
            response = PlainTextResponse(f"The simulator does not simulate {error}.\n", 501)
        number = str(uuid.uuid4())
        response.headers["x-ms-service-request-id"] = number
        response.headers["REQ_ID"] = number
        response.headers["OData-Version"] = "4.0"
        response.headers["x-ms-ratelimit-burst-remaining-xrm-requests"] = "5999"
        return response

    async def _answer(self, request: Request) -> Response:
        _refuse_long(request)
        session = admit(self._world, self._signer, request)
        if request.path_params["version"] not in VERSIONS:
            raise HtmlError(404, "Not Found")
        about_solutions = await solution_call(session, request, request.path_params["resource"])
        if about_solutions is not None:
            return about_solutions
        page = self._ahead.page(session, request)
        if page is None:
            page = await answer(session, request, request.path_params["resource"])
            self._ahead.keep(session, request, page)
        return page


def _refuse_long(request: Request) -> None:
    """Maximum URL and segment length (compose-http-requests-handle-errors.md)."""
    segments = request.url.path.split("/")
    too_long = any(len(segment) > LONGEST_SEGMENT for segment in segments)
    if too_long or len(str(request.url)) > LONGEST_ADDRESS:
        raise HtmlError(400, "Bad Request - Invalid URL")
