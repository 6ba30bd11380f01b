"""The routes of api.businesscentral.dynamics.com."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.bc.access import Session, caller_in, enter
from simulator.bc.environments import admin_list, environment_list
from simulator.bc.errors import (
    BusinessCentralError,
    NotSimulatedError,
    admin_response_of,
    not_simulated_response,
    response_of,
)
from simulator.bc.limits import Traffic
from simulator.bc.roots import answer, door_of
from simulator.entra.tokens import Signer
from simulator.pages_ahead import PagesAhead
from simulator.unknown import everything_else, not_simulated
from simulator.world import World

ROOTS = ("api", "ODataV4", "OData")


class BusinessCentralSite:
    def __init__(self, world: World, signer: Signer) -> None:
        self._world, self._signer = world, signer
        self._ahead = PagesAhead()
        self._traffic = Traffic(world.clock, lambda: world.lives)

    def app(self) -> Starlette:
        methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
        admin = "/admin/{version}/applications/{rest:path}"
        return Starlette(
            routes=[
                Route("/v2.0/{rest:path}", self.environment, methods=methods),
                Route("/environments/v1.2", self.environments, methods=["GET"]),
                Route(admin, self.admin, methods=["GET"]),
                everything_else(),
            ]
        )

    async def environment(self, request: Request) -> Response:
        """`{tenant}/{environment}/…`, or `{environment}/…` in the tenant of the token."""
        parts = request.path_params["rest"].split("/", 3)
        tenant, name, rest = None, parts[0], parts[1:]
        if len(parts) > 2 and parts[1] not in ROOTS:
            tenant, name, rest = parts[0], parts[1], parts[2:]
        try:
            return await self._enter(request, tenant, name, "/".join(rest))
        except BusinessCentralError as error:
            return response_of(error)
        except NotSimulatedError as error:
            return not_simulated_response(error)

    async def _enter(self, request: Request, tenant: str | None, name: str, path: str) -> Response:
        """Waits for the caller's turn, and then looks at the facts anew."""

        def entered() -> Session:
            authorization = request.headers.get("authorization")
            return enter(self._world, self._signer, authorization, tenant, name, door_of(path))

        first = entered()
        takes = first.environment.get("takes", 0)
        async with self._traffic.admitted(first.caller, first.limits, takes):
            session = entered()
            who = session.caller, session.allowed
            response = self._ahead.page(self._world.changes, who, request)
            if response is None:
                response = await answer(session, request, path)
                self._ahead.keep(who, request, response)
            return response

    async def environments(self, request: Request) -> Response:
        try:
            tenant, _ = caller_in(
                self._world, self._signer, request.headers.get("authorization"), None
            )
        except BusinessCentralError as error:
            return response_of(error)
        return JSONResponse({"value": environment_list(self._world, tenant)})

    async def admin(self, request: Request) -> Response:
        """`[BusinessCentral/]environments[/name]`."""
        parts = [each for each in request.path_params["rest"].split("/") if each]
        if parts and parts[0].lower() == "businesscentral":
            parts = parts[1:]
        if not parts or parts[0] != "environments" or len(parts) > 2:
            return await not_simulated(request)
        try:
            rows = self._admin_rows(request)
        except BusinessCentralError as error:
            return admin_response_of(error)
        if len(parts) == 1:
            return JSONResponse({"value": rows})
        for row in rows:
            if row["name"].lower() == parts[1].lower():
                return JSONResponse(row)
        missing = BusinessCentralError(404, "environmentNotFound", "The environment is not there.")
        return admin_response_of(missing)

    def _admin_rows(self, request: Request) -> list[dict[str, Any]]:
        tenant, caller = caller_in(
            self._world, self._signer, request.headers.get("authorization"), None
        )
        return admin_list(self._world, tenant, caller)
