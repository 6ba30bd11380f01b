"""`d365bot serve` with a watch at its ASGI entry: milliseconds from a request to its `ack()`."""

import os
import time
from contextvars import ContextVar
from typing import Any

import uvicorn
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.logs import configure_logs
from bot.metrics import Metrics
from bot.settings import read_settings
from bot.web import web_app
from bot.wiring import running_bot

_received: ContextVar[float] = ContextVar("received")


class Watch:
    """Wraps the app and `AsyncAck` from outside; GET /timings tells what it saw and forgets it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._took: list[float] = []
        AsyncAck.__call__ = self._timed(AsyncAck.__call__)  # type: ignore[method-assign]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _received.set(time.perf_counter())
        if scope.get("path") == "/timings":
            took, self._took = self._took, []
            await JSONResponse(took)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _timed(self, acknowledge: Any) -> Any:
        async def timed(ack: AsyncAck, *args: Any, **words: Any) -> BoltResponse:
            self._took.append((time.perf_counter() - _received.get()) * 1000)
            response: BoltResponse = await acknowledge(ack, *args, **words)
            return response

        return timed


if __name__ == "__main__":
    configure_logs()
    settings = read_settings(for_slack=True)
    uvicorn.run(
        Watch(web_app(lambda: running_bot(settings, Metrics()))),
        host="127.0.0.1",
        port=int(os.environ["D365BOT_PORT"]),
        access_log=False,
        log_config=None,
        server_header=False,
    )
