"""Managed identity in App Service's shape: a token for whoever knows the host's secret header.

Parameters, header and the answer's keys: app-service/overview-managed-identity.md (REST endpoint
reference) and msal's `_obtain_token_on_app_service`. The sentence about an identity that is not
there is from reports to azure-search-openai-demo; the statuses of the other refusals are inferred.
"""

import hmac
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.entra.errors import EntraError
from simulator.entra.grants import refuse_told
from simulator.entra.issue import Issuer
from simulator.entra.resources import resource_of
from simulator.world import World

PATH = "/_entra/msi/token"
VERSION = "2019-08-01"
OTHER_NAMES = ("mi_res_id", "object_id", "principal_id")
NOT_FOUND = (
    "No User Assigned or Delegated Managed Identity found for specified "
    "ClientId/ResourceId/PrincipalId."
)
NO_SYSTEM = "Unable to load the proper Managed Identity."


class ManagedIdentity:
    def __init__(self, world: World, issuer: Issuer) -> None:
        self._world, self._issuer = world, issuer

    async def token(self, request: Request) -> Response:
        facts, query = self._world.facts["managed_identity"], request.query_params
        if not _is_told(facts.get("header"), request.headers.get("x-identity-header")):
            return _refused(401, "The header X-IDENTITY-HEADER is missing or wrong.")
        if query.get("api-version") != VERSION:
            return _refused(400, f"The api-version is not supported; it is {VERSION}.")
        if not query.get("resource"):
            return _refused(400, "The parameter resource is missing.")
        named = "client_id" in query or any(name in query for name in OTHER_NAMES)
        app = self._user_assigned(query.get("client_id", "")) if named else self._system()
        if app is None:
            return _refused(400, NOT_FOUND if named else NO_SYSTEM)
        try:
            return JSONResponse(self._answer(app, query["resource"]))
        except EntraError as error:
            return _refused(400, f"AADSTS{error.refusal.number}: {error.text}")

    def _system(self) -> dict[str, Any] | None:
        return self._app(self._world.facts["managed_identity"].get("system"))

    def _user_assigned(self, client_id: str) -> dict[str, Any] | None:
        assigned = self._world.facts["managed_identity"].get("user_assigned", {})
        known = {name.lower(): key for name, key in assigned.items()}
        return self._app(known.get(client_id.lower()))

    def _app(self, key: str | None) -> dict[str, Any] | None:
        app: dict[str, Any] | None = self._world.facts["apps"].get(key)
        return app

    def _answer(self, app: dict[str, Any], resource: str) -> dict[str, Any]:
        refuse_told(app, app["client_id"])
        tenant = self._world.facts["tenants"][app["tenant"]]
        scope = f"{resource.rstrip('/')}/.default"
        wanted = resource_of(self._world, app["tenant"], scope, app_only=True)
        given = self._issuer.for_app(tenant, app, wanted)
        return {
            "access_token": given["access_token"],
            "expires_on": str(int(time.time()) + given["expires_in"]),
            "resource": resource,
            "token_type": "Bearer",
            "client_id": app["client_id"],
        }


def _is_told(header: str | None, given: str | None) -> bool:
    """A world without a header is a host without the endpoint's secret: nobody knows it."""
    return bool(header and given) and hmac.compare_digest(str(given).encode(), str(header).encode())


def _refused(status: int, message: str) -> Response:
    return JSONResponse({"statusCode": status, "message": message}, status)
