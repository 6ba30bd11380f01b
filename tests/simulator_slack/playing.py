"""What these tests play with: a tiny bot, a clock to turn, a server that shows the current site."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

import simulator.clock
from simulator.listener import Listener
from simulator.slack import SlackSite

SECRET, BOT_TOKEN, APP_TOKEN, TEAM = "signing-secret", "xoxb-made-up", "xapp-made-up", "T0MADEUP"
CLIENT_ID, CLIENT_SECRET = "123.456", "client-secret"
BOT_USER = "U0D365BOT00"

Answer = Callable[[dict[str, Any]], Response]


class Clock(simulator.clock.Clock):
    """Stands still until it is moved."""

    def __init__(self) -> None:
        super().__init__(lambda: 1_800_000_000.0)

    @property
    def now(self) -> float:
        return self()

    def pass_by(self, seconds: float) -> None:
        self.advance(seconds)


class Switch:
    """An application that passes every request on to the one plugged in."""

    def __init__(self) -> None:
        self.app: ASGIApp = PlainTextResponse("nothing here", 404)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class TinyBot:
    """Remembers what Slack sent; answers with what was put in line, else with an empty 200."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[Response | Answer] = []
        self.arrived = asyncio.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.headers.append({**request.headers, ":body": body.decode(errors="replace")})
        self.received.append(read(body, request.headers.get("content-type", "")))
        answer = self.answers.pop(0) if self.answers else Response()
        async with self.arrived:
            self.arrived.notify_all()
        response = answer if isinstance(answer, Response) else answer(self.received[-1])
        await response(scope, receive, send)

    @property
    def last(self) -> dict[str, Any]:
        return self.received[-1]

    async def has_received(self, number: int) -> None:
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: len(self.received) >= number)


def read(body: bytes, content_type: str) -> dict[str, Any]:
    if content_type.startswith("application/json"):
        payload: dict[str, Any] = json.loads(body)
        return payload
    form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
    found: dict[str, Any] = json.loads(form["payload"]) if "payload" in form else form
    return found


@dataclass
class House:
    """One simulated Slack, the bot it talks to, and three ways in."""

    site: SlackSite
    bot: TinyBot
    clock: Clock
    web: AsyncWebClient
    http: httpx.AsyncClient
    calls: list[tuple[str, str, str, int, bytes]] = field(default_factory=list)

    async def act(self, what: str, **asked: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/_slack/{what}", json=asked)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()
        return result

    async def refused(self, what: str, **asked: Any) -> str:
        answer = await self.http.post(f"/_slack/{what}", json=asked)
        assert answer.status_code == 400, answer.text
        return str(answer.json()["error"])

    async def sees(self, person: str, **more: Any) -> dict[str, Any]:
        query = urlencode({"person": person, **more})
        answer = await self.http.get(f"/_slack/messages?{query}")
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    async def texts(self, person: str, **more: Any) -> list[str]:
        return [message["text"] for message in (await self.sees(person, **more))["messages"]]

    async def api(self, method: str, **asked: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        answer: dict[str, Any] = (
            await self.http.post(f"/api/{method}", json=asked, headers=headers)
        ).json()
        return answer

    async def api_or_raise(self, method: str, **asked: Any) -> object:
        """As Slack's own client would send it, without its help."""
        return await self.web.api_call(method, json=asked)

    async def as_token(self, token: str, method: str, **asked: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self.http.post(f"/api/{method}", json=asked, headers=headers)
        found: dict[str, Any] = answer.json()
        return found

    async def trigger(self, person: str = "olga") -> str:
        done = await self.act("command", person=person, channel="crm-admins", text="/d365 setup")
        return str(done["trigger_id"])

    async def open(self, view: dict[str, Any], person: str = "olga") -> dict[str, Any]:
        opened = await self.api("views.open", trigger_id=await self.trigger(person), view=view)
        assert opened["ok"], opened
        shown: dict[str, Any] = opened["view"]
        return shown

    def user(self, name: str) -> str:
        people: Any = self.site.facts()["people"]
        return str(people[name]["id"])

    def channel(self, name: str) -> str:
        channels: Any = self.site.facts()["channels"]
        return str(channels[name]["id"])


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The application on a loopback port, served as the simulation serves it."""
    listener = Listener(app)
    yield f"http://127.0.0.1:{await listener.start('127.0.0.1')}"
    await listener.stop()


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("Set up"),
        "submit": plain("Save"),
        "callback_id": "setup",
        "blocks": list(blocks),
        **more,
    }


def asking(block_id: str, element: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    typed = element or {"type": "plain_text_input"}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id),
        "element": {"action_id": "value", **typed},
        **more,
    }


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def button(label: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}
