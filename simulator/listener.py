"""An HTTP server on a loopback port of its own, without signal handlers and quick to stop."""

import asyncio
import contextlib
import ssl

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from simulator.header_names import with_spelled_headers


class CuttableProtocol(HttpToolsProtocol):
    """Hands the transport to the application, so that a fault rule can cut the line."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state = {"transport": transport}
        super().connection_made(transport)


class Listener:
    """Drives uvicorn's protocol by hand: `uvicorn.Server` would take over the signals."""

    def __init__(self, app: ASGIApp, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._state = ServerState()
        self._config = Config(
            with_spelled_headers(app),
            interface="asgi3",
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="wsproto",
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=60,
        )
        self._server: asyncio.Server | None = None

    async def start(self, host: str) -> int:
        """Listens, and returns the port."""
        self._config.load()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: CuttableProtocol(self._config, self._state, {}), host, 0, ssl=self._tls
        )
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._state.connections):
            _transport_of(connection).abort()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.gather(*self._state.tasks, return_exceptions=True)


def _transport_of(connection: object) -> asyncio.Transport:
    transport: asyncio.Transport = connection.transport  # type: ignore[attr-defined]
    return transport
