"""A Business Central server of the company's own: OData and API for a user with a service key.

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

from simulator.bc.access import Session
from simulator.bc.errors import (
    BusinessCentralError,
    NotSimulatedError,
    no_resource,
    not_allowed,
    not_simulated_response,
    rejected,
    response_of,
)
from simulator.bc.roots import answer
from simulator.unknown import everything_else, not_simulated
from simulator.world import World

DOORS = {"odatav4": "odata_enabled", "odata": "odata_enabled", "api": "api_enabled"}
"""First part of the path -> the server's setting; a door that is closed answers 405."""

CHALLENGE = 'Basic realm=""'


class OnPremisesSite:
    def __init__(self, world: World) -> None:
        self._world = world

    def app(self) -> Starlette:
        methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
        return Starlette(
            routes=[
                Route("/{instance}/{root}", self.served, methods=methods),
                Route("/{instance}/{root}/{rest:path}", self.served, methods=methods),
                everything_else(),
            ]
        )

    async def served(self, request: Request) -> Response:
        """OData V4 and the APIs; SOAP stands on a port of its own."""
        root, rest = request.path_params["root"], request.path_params.get("rest", "")
        if root.lower() not in DOORS:
            return await not_simulated(request)
        server = self._world.server_at(request.url.hostname or "")
        try:
            session = self._enter(server, request, DOORS[root.lower()])
            return await answer(session, request, f"{root}/{rest}".rstrip("/"))
        except BusinessCentralError as error:
            return response_of(error, CHALLENGE)
        except NotSimulatedError as error:
            return not_simulated_response(error)

    def _enter(self, server: dict[str, Any] | None, request: Request, door: str) -> Session:
        instance = request.path_params["instance"]
        if server is None or instance.lower() != server["instance"].lower():
            raise no_resource(instance)
        if not server.get(door, True):
            raise not_allowed(request.method, f"a server whose {door} is false")
        name = _known(server["users"], request.headers.get("authorization", ""))
        if name is None:
            raise rejected()
        environment = self._world.facts["business_central"].get(server["environment"])
        if environment is None:
            text = f"The server has no {server['environment']}."
            raise BusinessCentralError(503, "Internal_TenantUnavailable", text)
        _refuse_tenant(server, request.query_params.get("tenant", ""))
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


def _refuse_tenant(server: dict[str, Any], named: str) -> None:
    """A multi-tenant server wants the tenant in each address; the status is inferred."""
    tenant = server.get("tenant", "")
    if tenant and named.lower() != tenant.lower():
        text = f"The tenant '{named}' is not mounted."
        raise BusinessCentralError(404, "Internal_TenantUnavailable", text)


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
