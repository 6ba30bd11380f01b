"""The web server: Slack's door, health, readiness; the rest of the bot lives in its lifespan."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


class Running(Protocol):
    """What the web server needs of the running bot."""

    async def knock(self, request: Request) -> Response: ...

    async def secret_form(self, request: Request) -> Response:
        """Behind a one-time link."""
        ...

    async def ready(self) -> Mapping[str, str]:
        """Part → `ok`, or what is wrong with it. `slack` is told only: it does not count."""
        ...


def web_app(start: Callable[[], AbstractAsyncContextManager[Running]]) -> Starlette:
    """`start` starts the bot and stops it in reverse."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with start() as running:
            app.state.running = running
            yield

    return Starlette(
        routes=[
            Route("/slack/events", _on_running(_knock), methods=["POST"]),
            Route("/secret/{token}", _on_running(_secret_form), methods=["GET", "POST"]),
            Route("/healthz", _healthz),
            Route("/readyz", _on_running(_readyz)),
        ],
        lifespan=lifespan,
    )


def _on_running(
    act: Callable[[Running, Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await act(request.app.state.running, request)

    return endpoint


async def _knock(running: Running, request: Request) -> Response:
    return await running.knock(request)


async def _secret_form(running: Running, request: Request) -> Response:
    return await running.secret_form(request)


async def _healthz(_request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


async def _readyz(running: Running, _request: Request) -> Response:
    """200 when the bot can do its work, else 503; the body says which part cannot."""
    parts = dict(await running.ready())
    wrong = [part for part, state in parts.items() if state != "ok" and part != "slack"]
    return JSONResponse({"ready": not wrong, **parts}, 503 if wrong else 200)
