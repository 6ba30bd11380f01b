"""The routes of api.businesscentral.dynamics.com."""

from starlette.applications import Starlette
from starlette.routing import Route

from simulator.entra.tokens import Signer
from simulator.unknown import not_simulated
from simulator.world import World


class BusinessCentralSite:
    def __init__(self, world: World, signer: Signer) -> None:
        self._world, self._signer = world, signer

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", not_simulated)])
