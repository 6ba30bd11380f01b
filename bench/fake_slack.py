"""A Slack Web API on loopback that takes everything and remembers when each message came."""

import asyncio
import json
import math
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from aiohttp import web

from bench.slash_commands import TEAM

PATIENCE = 30.0


@dataclass
class FakeSlack:
    """`url` is what SLACK_API_URL takes. Messages are recognised by their channel; with
    `a_minute` more of them are refused until the minute is over."""

    url: str = ""
    a_minute: int = 0
    refused: int = 0
    messages: int = 0
    last: dict[str, object] = field(default_factory=dict)
    _minute: tuple[float, int] = (0.0, 0)
    _awaited: dict[str, asyncio.Future[float]] = field(default_factory=dict)

    def expect(self, channel: str) -> asyncio.Future[float]:
        """Done, with the moment by `time.perf_counter`, when a message to this channel came."""
        return self._awaited.setdefault(channel, asyncio.get_running_loop().create_future())

    async def received(self, messages: int) -> None:
        """Wait until that many came since the start."""
        waited_since, seen = time.monotonic(), self.messages
        while self.messages < messages:
            await asyncio.sleep(0.005)
            if self.messages > seen:
                waited_since, seen = time.monotonic(), self.messages
            if time.monotonic() - waited_since > PATIENCE:
                raise TimeoutError(f"{messages - seen} of {messages} answers never came")

    async def answer(self, request: web.Request) -> web.Response:
        """`ok`, whatever was called."""
        now = time.perf_counter()
        method = request.match_info["method"]
        if method.startswith("chat."):
            if (wait := self._wait(now)) > 0:
                self.refused += 1
                told = {"ok": False, "error": "ratelimited"}
                return web.json_response(told, status=429, headers={"Retry-After": str(wait)})
            self._took(await _said(request), now)
        ts = f"{now:.6f}"
        if method == "users.info":
            return web.json_response({"ok": True, "user": await _member(request)})
        if method == "conversations.info":
            asked = {**await _said(request), **request.query}
            channel = {"id": asked.get("channel"), "is_channel": True, "is_member": True}
            return web.json_response({"ok": True, "channel": channel})
        known = {"ok": True, "ts": ts, "message_ts": ts, "user_id": "U0BOT", "bot_id": "B0BOT"}
        return web.json_response({**known, "channel": self.last.get("channel", "C0")})

    def _wait(self, now: float) -> int:
        """Whole seconds until a message is taken again."""
        since, count = self._minute
        if now - since >= 60:
            since, count = now, 0
        if self.a_minute and count >= self.a_minute:
            return math.ceil(since + 60 - now)
        self._minute = (since, count + 1)
        return 0

    def _took(self, said: dict[str, object], now: float) -> None:
        self.messages += 1
        self.last = said
        awaited = self._awaited.pop(str(said.get("channel")), None)
        if awaited is not None and not awaited.done():
            awaited.set_result(now)


async def _member(request: web.Request) -> dict[str, object]:
    """Everybody is a member of the one workspace."""
    asked = {**await _said(request), **request.query}
    return {"id": asked.get("user"), "team_id": TEAM, "deleted": False, "is_bot": False}


async def _said(request: web.Request) -> dict[str, object]:
    if request.content_type == "application/json":
        found: dict[str, object] = await request.json()
        return found
    form = parse_qs(await request.text())
    said: dict[str, object] = {name: values[0] for name, values in form.items()}
    if "blocks" in said:
        said["blocks"] = json.loads(str(said["blocks"]))
    return said


@asynccontextmanager
async def fake_slack(a_minute: int = 0) -> AsyncIterator[FakeSlack]:
    """Listens on a free port of loopback, in this process."""
    slack = FakeSlack(a_minute=a_minute)
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    slack.url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/"
    await web.SockSite(runner, listening).start()
    try:
        yield slack
    finally:
        await runner.cleanup()
