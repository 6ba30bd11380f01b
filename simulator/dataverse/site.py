"""The routes of a Sales organisation's host."""

import re
import uuid

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.dataverse.access import admit
from simulator.dataverse.errors import DataverseError, HtmlError, response_of
from simulator.dataverse.functions import FUNCTIONS, call
from simulator.entra.tokens import Signer
from simulator.unknown import not_simulated
from simulator.world import World

SEGMENT = re.compile(r"(?P<name>[$\w.]+)(?:\((?P<inside>.*)\))?", re.DOTALL)


class DataverseSite:
    def __init__(self, world: World, signer: Signer) -> None:
        self._world, self._signer = world, signer

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(
                    "/api/data/{version}/{resource:path}",
                    self.resource,
                    methods=["GET", "POST", "PATCH", "PUT", "DELETE"],
                ),
                Route("/{path:path}", not_simulated),
            ]
        )

    async def resource(self, request: Request) -> Response:
        try:
            response = await self._answer(request)
        except (DataverseError, HtmlError) as error:
            response = response_of(error)
        number = str(uuid.uuid4())
        response.headers["x-ms-service-request-id"] = number
        response.headers["REQ_ID"] = number
        response.headers["OData-Version"] = "4.0"
        return response

    async def _answer(self, request: Request) -> Response:
        session = admit(self._world, self._signer, request)
        matched = SEGMENT.fullmatch(request.path_params["resource"])
        if matched and matched["name"] in FUNCTIONS:
            aliases = {k: v for k, v in request.query_params.items() if k.startswith("@")}
            return JSONResponse(call(matched["name"], matched["inside"] or "", aliases, session))
        return await not_simulated(request)
