"""A Slack of a few lines that this project's simulator has no part in: Slack's protocol alone."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.stage import PATIENCE, free_port

Json = dict[str, Any]
TEAM = "T0OWN"


class OwnSlack:
    """Takes the bot's Web API calls, and sends it signed requests."""

    def __init__(self, signing_secret: str) -> None:
        self._secret = signing_secret
        self.port = free_port()
        self.calls: list[tuple[str, Json]] = []
        self._news = asyncio.Condition()
        self._server = uvicorn.Server(
            uvicorn.Config(
                Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "POST"])]),
                port=self.port,
                log_config=None,
            )
        )
        self._serving: asyncio.Task[None] | None = None
        self._client = httpx.AsyncClient(trust_env=False, timeout=10)

    async def start(self) -> Self:
        """On loopback."""
        self._serving = asyncio.create_task(self._server._serve())
        return self

    async def aclose(self) -> None:
        """Stop both directions."""
        await self._client.aclose()
        self._server.should_exit = True
        if self._serving:
            await self._serving

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def response_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/commands/answer"

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        if request.headers.get("content-type", "").startswith("application/json"):
            said = json.loads(body)
        else:
            said = {**request.query_params, **dict(parse_qsl(body.decode()))}
        for name in ("view", "blocks"):
            if isinstance(said.get(name), str):
                said[name] = json.loads(said[name])
        method = request.url.path.rsplit("/", 1)[-1]
        async with self._news:
            self.calls.append((method, said))
            self._news.notify_all()
        answer: Json = {
            "ok": True,
            "ts": f"{len(self.calls)}.000100",
            "channel": said.get("channel"),
        }
        if method in ("views.open", "views.update"):
            answer["view"] = {**said["view"], "id": "V1", "hash": str(len(self.calls))}
        if method == "users.info":
            answer["user"] = {"id": said.get("user"), "team_id": TEAM, "is_bot": False}
        if method == "conversations.info":
            answer["channel"] = {"id": said.get("channel"), "is_channel": True, "is_member": True}
        return JSONResponse(answer)

    async def send(self, url: str, form: dict[str, str], **headers: str) -> httpx.Response:
        """A form, signed as Slack signs it."""
        body = urlencode(form).encode()
        return await self._client.post(url, content=body, headers={**self.signed(body), **headers})

    async def interact(self, url: str, payload: Json) -> httpx.Response:
        """An interaction: one form field that holds JSON."""
        return await self.send(url, {"payload": json.dumps(payload)})

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers of a genuine request."""
        now = str(int(time.time()))
        digest = hmac.new(
            self._secret.encode(), b"v0:" + now.encode() + b":" + body, hashlib.sha256
        )
        return {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": now,
            "x-slack-signature": f"v0={digest.hexdigest()}",
        }

    async def call(self, method: str, accept: Callable[[Json], bool] = lambda _: True) -> Json:
        """Waits for a Web API call."""

        def found() -> Json | None:
            return next(
                (said for name, said in self.calls if name == method and accept(said)), None
            )

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: found() is not None), PATIENCE)
        said = found()
        assert said is not None
        return said
