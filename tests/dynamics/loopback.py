"""Tiny servers on loopback: TLS with an authority of their own, and a CONNECT proxy."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import trustme

from tests.dynamics.microsoft import LOGIN, TENANT, discovery

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
NAMES = ("localhost", "127.0.0.1", "contoso.crm4.dynamics.com", "login.microsoftonline.com")
EXPIRES = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@dataclass
class Authority:
    """A certificate authority, and what servers show that it signed."""

    pem: Path
    authority: trustme.CA = field(default_factory=trustme.CA)

    def __post_init__(self) -> None:
        self.authority.cert_pem.write_to_path(str(self.pem))

    def context(self, *names: str, expires: datetime = EXPIRES) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate = self.authority.issue_cert(*(names or NAMES), not_after=expires)
        certificate.configure_cert(context)
        return context


@asynccontextmanager
async def serving(talk: Talk, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server that holds each conversation to its end or to the test's end."""
    tasks: set[asyncio.Task[None]] = set()
    writers: list[asyncio.StreamWriter] = []
    ended = False

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Also called once more for a connection that came in just before the end."""
        if ended:
            writer.close()
            return
        writers.append(writer)  # a task that is cancelled before it begins closes nothing
        task = asyncio.create_task(converse(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        ended = True
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            writer.close()


async def head(reader: asyncio.StreamReader) -> list[str]:
    """The words of a request's first line."""
    return (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[0].split(" ")


def saying(text: bytes) -> Talk:
    """Answers the first request with exactly this and closes."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head(reader)
        writer.write(text)
        await writer.drain()

    return talk


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads and never answers."""
    await reader.read()


def answering(body: object, status: str = "200 OK") -> Talk:
    content = json.dumps(body).encode()
    return saying(
        f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode()
        + content
    )


async def microsoft(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Entra and Sales behind one port, told apart by the path."""
    start = (await reader.readuntil(b"\r\n\r\n")).decode()
    path = start.split(" ", 2)[1]
    said: object = {"UserId": TENANT}
    if "openid-configuration" in path:
        said = discovery(LOGIN)
    elif path.endswith("/token"):
        said = {"token_type": "Bearer", "expires_in": 3599, "access_token": "t"}
    content = json.dumps(said).encode()
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n".encode())
    writer.write(b"Connection: close\r\n\r\n" + content)
    await writer.drain()


@dataclass
class Proxy:
    """A CONNECT proxy that leads every host to one port, or refuses with `status`."""

    behind: int = 0
    status: str = "200 Connection established"
    targets: list[str] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, *_ = await head(reader)
        self.targets.append(f"{method} {target}")
        length = "" if self.status.startswith("200") else "Content-Length: 0\r\n"
        writer.write(f"HTTP/1.1 {self.status}\r\n{length}\r\n".encode())
        await writer.drain()
        if self.status.startswith("200"):
            await self._carry(reader, writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection("127.0.0.1", self.behind)
        ways = [
            asyncio.create_task(_copy(reader, outer)),
            asyncio.create_task(_copy(inner, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            outer.close()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            with contextlib.suppress(OSError):
                await outer.wait_closed()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65_536):
        writer.write(chunk)
        await writer.drain()
