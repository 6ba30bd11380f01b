"""Only pages of the playground speak to it, and no other page shows it inside its own."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class OwnOrigin:
    """Refuses what a browser sends on behalf of another site, WebSockets too, which no rule of
    the browser holds back (rfc6455, 10.2)."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._own = {"", *(f"http://{host}:{port}" for host in ("127.0.0.1", "localhost"))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if Headers(scope=scope).get("origin", "") not in self._own:
            await PlainTextResponse("Another site may not do this.", 403)(scope, receive, send)
            return

        async def unframed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Frame-Options"] = "DENY"
            await send(message)

        await self._app(scope, receive, unframed)
