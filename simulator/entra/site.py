"""The routes of the login hosts, and the endpoint of managed identity."""

import base64
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.entra.clouds import Cloud, cloud_at
from simulator.entra.device import DeviceCodes
from simulator.entra.discovery import configuration, instances, realm
from simulator.entra.errors import EntraError, error_response
from simulator.entra.grants import GRANTS, MANY_TENANTS, Asked, tenant_named
from simulator.entra.issue import Issuer
from simulator.entra.managed_identity import PATH, ManagedIdentity
from simulator.entra.tokens import Signer
from simulator.unknown import everything_else
from simulator.world import World


class EntraSite:
    def __init__(self, world: World, signer: Signer) -> None:
        self._world = world
        self._issuer = Issuer(signer)
        self._signer = signer
        self.devices = DeviceCodes()

    def app(self) -> Starlette:
        get, post = ["GET"], ["POST"]
        return Starlette(
            routes=[
                Route("/common/userrealm/{upn}", self.realm, methods=get),
                Route("/common/discovery/instance", self.instances, methods=get),
                Route(
                    "/{tenant}/v2.0/.well-known/openid-configuration", self.metadata, methods=get
                ),
                Route("/{tenant}/discovery/v2.0/keys", self.keys, methods=get),
                Route("/{tenant}/oauth2/v2.0/token", self.token, methods=post),
                Route("/{tenant}/oauth2/v2.0/devicecode", self.device, methods=post),
                everything_else(),
            ],
            exception_handlers={EntraError: _refused},
        )

    def identity_app(self) -> Starlette:
        """The host's own endpoint, which is not on Entra's host."""
        identity = ManagedIdentity(self._world, self._issuer)
        return Starlette(routes=[Route(PATH, identity.token, methods=["GET"])])

    async def realm(self, request: Request) -> Response:
        return JSONResponse(realm(self._world, request.path_params["upn"], _cloud(request)))

    async def instances(self, request: Request) -> Response:
        return JSONResponse(instances(request.query_params))

    async def metadata(self, request: Request) -> Response:
        name = request.path_params["tenant"]
        return JSONResponse(configuration(self._world, name, _cloud(request)))

    async def keys(self, request: Request) -> Response:
        self._known(request.path_params["tenant"])
        return JSONResponse(self._signer.jwks())

    async def token(self, request: Request) -> Response:
        asked = await self._asked(request)
        grant = GRANTS.get(asked.needs("grant_type"))
        if grant is None:
            raise EntraError(70003, name=asked.form["grant_type"])
        return JSONResponse(grant(asked), headers={"Cache-Control": "no-store, no-cache"})

    async def device(self, request: Request) -> Response:
        asked = await self._asked(request)
        key, tenant = asked.any_tenant()
        app = asked.app(key)
        flow = self.devices.start(tenant, app["client_id"], asked.needs("scope"))
        return JSONResponse(flow)

    async def _asked(self, request: Request) -> Asked:
        name = request.path_params["tenant"]
        form = await _form(request)
        self._known(name)
        cloud = _cloud(request)
        return Asked(self._world, self._issuer, self.devices, name, form, cloud)

    def _known(self, name: str) -> None:
        if name not in MANY_TENANTS:
            tenant_named(self._world, name)


async def _form(request: Request) -> dict[str, str]:
    """The body's fields; Basic authentication stands for client_id and client_secret.

    entra/v2-oauth2-client-creds-grant-flow.md names it, RFC 6749, 2.3.1 says how it is written.
    """
    body = (await request.body()).decode("utf-8", "replace")
    form = dict(parse_qsl(body, keep_blank_values=True))
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return form
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        return form
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)} | form


def _cloud(request: Request) -> Cloud:
    return cloud_at(request.url.hostname or "")


async def _refused(request: Request, error: Any) -> Response:
    return error_response(error, request.headers.get("client-request-id"), _cloud(request).host)
