"""The whole simulation: its parts, how they start, and how they stop."""

import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.bc.on_premises import OnPremisesSite
from simulator.bc.site import BusinessCentralSite
from simulator.becoming import become
from simulator.calls import CallLog
from simulator.certificates import Authority
from simulator.clock import Clock
from simulator.control import Control
from simulator.dataverse.discovery import DiscoverySite
from simulator.dataverse.site import DataverseSite
from simulator.entra.managed_identity import PATH as IDENTITY_PATH
from simulator.entra.site import EntraSite
from simulator.entra.tokens import Signer
from simulator.faults import Faults
from simulator.gate import Gate
from simulator.hosts import is_reached, site_of
from simulator.identifiers import Draw
from simulator.listener import Listener
from simulator.network import certificate_of, refusal_of, state_of
from simulator.proxy import ConnectProxy
from simulator.ready import ready_facts
from simulator.slack_part import slack_identity, slack_part
from simulator.world import World


class Simulation:
    """`async with Simulation() as simulation:` runs it; `simulation.ready` says where it is."""

    def __init__(
        self,
        *,
        scenario: str = "healthy",
        seed: int | None = None,
        host: str = "127.0.0.1",
        events_url: str = "",
        ca_file: Path | None = None,
        clock: Clock | None = None,
    ) -> None:
        draw = Draw(seed)
        self.world = World(draw, clock)
        self.log = CallLog()
        self.faults = Faults()
        self.ready: dict[str, Any] = {}
        self._identity = slack_identity(draw)
        self._host, self._scenario, self._ca_file = host, scenario, ca_file
        self.slack = slack_part(self._identity, self.log, events_url, self.world.clock)
        self._authority = Authority()
        self._proxy = ConnectProxy(
            reaches=self.reaches,
            refuses=lambda host: refusal_of(self.world, host),
            state=lambda host: state_of(self.world, host),
            log=self.log,
        )
        self._stack = AsyncExitStack()

        signer = self.signer = Signer()
        entra = EntraSite(self.world, signer)
        control = Control(self.world, self.faults, self.log, entra.devices, self.slack)
        self._sites = self._sites_of(signer, entra)
        plain = Starlette(routes=[*self.slack.routes(), *control.routes()])
        self._slack_gate = self._gate(plain, "slack", logs=False)
        self._identity_gate = self._gate(entra.identity_app(), "entra")
        self._plain_app = plain

    def _sites_of(self, signer: Signer, entra: EntraSite) -> dict[str, Gate]:
        """By the names that `hosts.site_of` gives."""
        return {
            "entra": self._gate(entra.app(), "entra"),
            "dataverse": self._gate(DataverseSite(self.world, signer).app(), "dataverse"),
            "discovery": self._gate(DiscoverySite(self.world, signer).app(), "dataverse"),
            "bc": self._gate(BusinessCentralSite(self.world, signer).app(), "bc"),
            "on_premises": self._gate(OnPremisesSite(self.world).app(), "bc"),
        }

    def _gate(self, app: ASGIApp, site: str, *, logs: bool = True) -> Gate:
        return Gate(app, site=site, log=self.log, faults=self.faults, logs=logs)

    def knows(self, host: str) -> bool:
        return site_of(self.world, host) is not None

    def reaches(self, host: str, port: str) -> bool:
        return is_reached(self.world, host, port)

    async def __aenter__(self) -> Self:
        async with self._stack:
            await self._start()
            self._stack = self._stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def _start(self) -> None:
        ca_file = self._write_ca()
        context = self._authority.server_context(
            self.knows, lambda host: certificate_of(self.world, host)
        )
        tls = Listener(self._microsoft, context)
        plain = Listener(self._plain)
        for part in (tls, plain, self._proxy):
            self._stack.push_async_callback(part.stop)
        self._stack.push_async_callback(self.slack.aclose)
        self._stack.callback(self._end_delays)
        tls_port = await tls.start(self._host)
        proxy_url = f"http://{self._host}:{await self._proxy.start(self._host, tls_port)}"
        plain_url = f"http://{self._host}:{await plain.start(self._host)}"
        self.slack.base_url = plain_url
        self.ready = ready_facts(
            self.world, self._identity, proxy=proxy_url, plain=plain_url, ca_file=ca_file
        )
        self.world.listeners.append(self._proxy.cut_changed)
        become(self._scenario, self.world, self.faults)

    def _write_ca(self) -> Path:
        path = self._ca_file
        if path is None:
            folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="simulator-"))
            path = Path(folder) / "ca.pem"
        path.write_bytes(self._authority.pem)
        return path

    def _end_delays(self) -> None:
        for gate in (*self._sites.values(), self._slack_gate, self._identity_gate):
            gate.stopping.set()

    async def _microsoft(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Everything behind the proxy: the host says which site."""
        site = site_of(self.world, _host(scope))
        app = self._sites[site] if site else _misdirected
        if site == "dataverse" and scope.get("method") == "GET":
            await app(scope, receive, send)
        else:
            await self._touching(app, scope, receive, send)

    async def _plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Slack's Web API, its response URLs and managed identity are spoilt and logged like the
        sites; the control address is not."""
        app: ASGIApp = self._plain_app
        path = scope["path"] if scope["type"] == "http" else ""
        if path.startswith(("/api/", "/_hooks/")):
            app = self._slack_gate
        elif path == IDENTITY_PATH:
            app = self._identity_gate
        if scope.get("method") == "GET":
            await app(scope, receive, send)
        else:
            await self._touching(app, scope, receive, send)

    async def _touching(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """A call that may change facts: a page made while it runs is of before or of after."""
        self.world.touched()
        try:
            await app(scope, receive, send)
        finally:
            self.world.touched()


def _host(scope: Scope) -> str:
    for name, value in scope.get("headers", ()):
        if name == b"host":
            return bytes(value).decode("latin-1").partition(":")[0]
    return ""


async def _misdirected(scope: Scope, receive: Receive, send: Send) -> None:
    """A Host header that is none of the world's (RFC 9110, 15.5.20)."""
    await PlainTextResponse("No site of the world has this host.\n", 421)(scope, receive, send)
