"""A Business Central server of the company's own: OData V4 for a user with a web service key.

Addresses: bc/webservices/odata-web-services.md (port 7048, `/{instance}/ODataV4/`). Basic with
user name and key: bc/webservices/web-services-authentication.md. The body of its 401 is inferred.
"""

import base64
import binascii
import hmac
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.bc import odata
from simulator.bc.access import Session
from simulator.bc.errors import BusinessCentralError, no_resource, rejected, response_of
from simulator.unknown import not_simulated
from simulator.world import World

CHALLENGE = 'Basic realm=""'


class OnPremisesSite:
    def __init__(self, world: World) -> None:
        self._world = world

    def app(self) -> Starlette:
        methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
        return Starlette(
            routes=[
                Route("/{instance}/ODataV4", self.odata, methods=methods),
                Route("/{instance}/ODataV4/{rest:path}", self.odata, methods=methods),
                Route("/{path:path}", not_simulated),
            ]
        )

    async def odata(self, request: Request) -> Response:
        server = self._world.server_at(request.url.hostname or "")
        try:
            session = self._enter(server, request)
            rest = request.path_params.get("rest", "")
            return await odata.answer(session, request, rest)
        except BusinessCentralError as error:
            return response_of(error, CHALLENGE)

    def _enter(self, server: dict[str, Any] | None, request: Request) -> Session:
        instance = request.path_params["instance"]
        if server is None or instance.lower() != server["instance"].lower():
            raise no_resource(instance)
        name = _known(server["users"], request.headers.get("authorization", ""))
        if name is None:
            raise rejected()
        environment = self._world.facts["business_central"].get(server["environment"])
        if environment is None:
            text = f"The server has no {server['environment']}."
            raise BusinessCentralError(503, "Internal_TenantUnavailable", text)
        base = f"https://{server['host']}:{server['port']}/{server['instance']}"
        return Session(
            self._world,
            environment["tenant"],
            server["instance"],
            environment,
            base,
            f"https://{server['host']}/{server['instance']}",
            environment["users"].get(name.upper(), {"User_Name": name.upper()}),
            online=False,
        )


def _known(users: dict[str, Any], authorization: str) -> str | None:
    """User names do not mind case, keys do; a user without a key has none that is right."""
    kind, _, credentials = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, key = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    for known, user in users.items():
        if (
            known.lower() == name.lower()
            and user.get("enabled", True)
            and bool(user.get("access_key"))
            and hmac.compare_digest(user["access_key"].encode(), key.encode())
        ):
            return known
    return None
