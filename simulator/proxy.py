"""The HTTPS CONNECT proxy: it knows the world's hosts and refuses every other."""

import asyncio
import contextlib
import re
import socket
from collections.abc import Callable, Hashable
from http import HTTPStatus

from simulator.calls import CallLog

HEAD_LIMIT = 16_384
CHUNK = 65_536


class ConnectProxy:
    """Tunnels to the TLS server behind it, whatever host was asked for (RFC 9110, 9.3.6)."""

    def __init__(
        self,
        *,
        reaches: Callable[[str, str], bool],
        refuses: Callable[[str], HTTPStatus | None],
        state: Callable[[str], Hashable],
        log: CallLog,
    ) -> None:
        self._reaches, self._refuses, self._state, self._log = reaches, refuses, state, log
        self._tunnels: dict[asyncio.StreamWriter, tuple[str, Hashable]] = {}
        self._server: asyncio.Server | None = None
        self._behind: tuple[str, int] = ("", 0)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, host: str, behind_port: int) -> int:
        self._behind = (host, behind_port)
        self._server = await asyncio.start_server(self._accept, host, 0, limit=HEAD_LIMIT)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def cut_changed(self) -> None:
        """Ends each tunnel to a host whose `state` is not what it was when the tunnel began.

        At once: whoever changed the world may rely on it when the answer comes.
        """
        for writer, (host, state) in list(self._tunnels.items()):
            if self._state(host) != state:
                with contextlib.suppress(OSError):
                    writer.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._tunnel(reader, writer)
        except asyncio.LimitOverrunError:
            await _refuse(writer, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        finally:
            await _close(writer)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target = _request(head)
        host = target.rpartition(":")[0]
        state = self._state(host)
        refusal = self._refusal(method, target)
        if refusal is not None:
            self._log.record("proxy", method, _without_secrets(target), refusal, b"")
            await _refuse(writer, refusal)
            return
        behind, onward = await asyncio.open_connection(*self._behind)
        self._tunnels[writer] = host, state
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self.cut_changed()
            await _splice((reader, onward), (behind, writer))
        finally:
            del self._tunnels[writer]
            await _close(onward)

    def _refusal(self, method: str, target: str) -> HTTPStatus | None:
        if method != "CONNECT":
            return HTTPStatus.METHOD_NOT_ALLOWED
        host, _, port = target.rpartition(":")
        if not self._reaches(host, port):
            return HTTPStatus.FORBIDDEN
        return self._refuses(host)


def _request(head: str) -> tuple[str, str]:
    words = head.split("\r\n", 1)[0].split(" ")
    return (words[0], words[1]) if len(words) == 3 else (words[0], "")


def _without_secrets(target: str) -> str:
    """Without the query, and without the user that an address may name (RFC 3986, 3.2.1)."""
    path = target.partition("?")[0].partition("#")[0]
    return re.sub(r"^(\w+://)?[^/]*@", r"\1", path)


async def _refuse(writer: asyncio.StreamWriter, status: HTTPStatus) -> None:
    sentence = (
        b"The simulator's proxy refuses this: it tunnels to the hosts of its world only, and to "
        b"those not while the world's network says otherwise.\n"
    )
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(sentence)}\r\n{_challenge(status)}Connection: close\r\n\r\n"
    )
    writer.write(head.encode() + sentence)
    with contextlib.suppress(OSError):
        await writer.drain()


def _challenge(status: HTTPStatus) -> str:
    wanted = status is HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
    return 'Proxy-Authenticate: Basic realm="simulator"\r\n' if wanted else ""


async def _splice(*ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    """Copies both ways until one side ends."""
    copies = [asyncio.create_task(_copy(*way)) for way in ways]
    try:
        await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for copy in copies:
            copy.cancel()
        await asyncio.gather(*copies, return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK):
        writer.write(chunk)
        await writer.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(1):
            await writer.wait_closed()
