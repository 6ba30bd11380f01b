"""The wired bot in this process, called at its ASGI entry: milliseconds to each `ack()`."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from starlette.applications import Starlette

from bench.slash_commands import SlashCommand, slash_command
from bot.logs import configure_logs
from bot.metrics import Metrics
from bot.settings import read_settings
from bot.web import web_app
from bot.wiring import running_bot

_received: ContextVar[float] = ContextVar("received")


class InProcess:
    """Commands go in by ASGI; a wrapped `AsyncAck` tells when it was called."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        self._took: list[float] = []
        AsyncAck.__call__ = self._timed(AsyncAck.__call__)  # type: ignore[method-assign]

    async def commands(self, count: int, at_once: int) -> Sequence[float]:
        """Each of `at_once` senders waits for the response to its command before the next one."""
        self._took = []

        async def sender() -> None:
            for _ in range(count // at_once):
                await self._send(slash_command())

        await asyncio.gather(*(sender() for _ in range(at_once)))
        if len(self._took) < count // at_once * at_once:
            raise RuntimeError("not every command was acknowledged")
        return self._took

    def _timed(self, acknowledge: Any) -> Any:
        async def timed(ack: AsyncAck, *args: Any, **words: Any) -> BoltResponse:
            self._took.append((time.perf_counter() - _received.get()) * 1000)
            if args or words:
                raise RuntimeError(f"the command was refused: {words}")
            response: BoltResponse = await acknowledge(ack, *args, **words)
            return response

        return timed

    async def _send(self, command: SlashCommand) -> None:
        ended = asyncio.Event()
        scope = _scope(command)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": command.body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start" and message["status"] != 200:
                raise RuntimeError(f"the bot answered {message['status']}")
            if message["type"] == "http.response.body":
                ended.set()

        _received.set(time.perf_counter())
        await self._app(scope, receive, send)
        await ended.wait()


@asynccontextmanager
async def in_process() -> AsyncIterator[InProcess]:
    """As `d365bot serve` does it, with settings from the environment."""
    configure_logs()
    settings = read_settings(for_slack=True)
    app = web_app(lambda: running_bot(settings, Metrics()))
    async with app.router.lifespan_context(app):
        yield InProcess(app)


def _scope(command: SlashCommand) -> dict[str, Any]:
    headers = {**command.headers, "content-length": str(len(command.body))}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/slack/events",
        "raw_path": b"/slack/events",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
