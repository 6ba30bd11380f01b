"""Socket Mode against a Slack of a few lines that says whatever a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.envelopes import REMEMBERED, Envelope, Envelopes, read_envelope
from bot.settings import Settings
from bot.slack_client import slack_client, slack_session
from bot.socket_line import SILENT_SECONDS
from bot.socket_mode import FIRST_WAIT, LONGEST_WAIT, SocketMode
from bot.socket_opening import WrongAddress, _checked, socket_opener

PATIENCE = 20.0
COMMAND = {"command": "/d365", "text": "list", "team_id": "T1", "user_id": "U1"}


def envelope(number: int, **more: Any) -> dict[str, Any]:
    return {
        "envelope_id": f"e-{number}",
        "type": "slash_commands",
        "payload": COMMAND,
        "accepts_response_payload": True,
        **more,
    }


@dataclass
class OwnSlack:
    """`refusals` are said by apps.connections.open before it gives addresses again."""

    api: str = ""
    opened: int = 0
    refusals: list[dict[str, Any] | int] = field(default_factory=list)
    greets: bool = True
    lines: list[web.WebSocketResponse] = field(default_factory=list)
    heard: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    deaf: set[int] = field(default_factory=set)
    pings: int = 0
    pongs: int = 0

    async def open(self, request: web.Request) -> web.Response:
        """apps.connections.open."""
        self.opened += 1
        assert request.headers["Authorization"] == "Bearer xapp-of-nobody"
        if self.refusals:
            refusal = self.refusals.pop(0)
            if isinstance(refusal, int):
                return web.Response(status=429, headers={"Retry-After": str(refusal)})
            return web.json_response(refusal)
        return web.json_response({"ok": True, "url": self.api.replace("http", "ws") + "link"})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        """The socket; it answers pings unless it is deaf."""
        line = web.WebSocketResponse(autoping=False)
        await line.prepare(request)
        number = len(self.lines)
        self.lines.append(line)
        if self.greets:
            await line.send_json({"type": "hello", "num_connections": len(self.lines)})
        await self._tell()
        async for frame in line:
            if frame.type is aiohttp.WSMsgType.PING:
                self.pings += 1
                await self._tell()
            if frame.type is aiohttp.WSMsgType.PONG:
                self.pongs += 1
                await self._tell()
            if number in self.deaf:
                continue
            if frame.type is aiohttp.WSMsgType.PING:
                await line.pong(frame.data)
            elif frame.type is aiohttp.WSMsgType.TEXT:
                self.heard.append((number, json.loads(frame.data)))
                await self._tell()
        await self._tell()
        return line

    async def _tell(self) -> None:
        async with self.news:
            self.news.notify_all()

    async def until(self, found: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self.news:
            await self.news.wait_for(found)

    async def has_opened(self, number: int) -> None:
        await self.until(lambda: len(self.lines) >= number)


@pytest.fixture
async def slack() -> AsyncIterator[OwnSlack]:
    own = OwnSlack()
    app = web.Application()
    app.router.add_post("/api/apps.connections.open", own.open)
    app.router.add_get("/api/link", own.link)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    own.api = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield own
    await runner.cleanup()


class Bolt:
    """Counts what it is asked, and answers with text; `gate` holds it back."""

    def __init__(self) -> None:
        self.asked: list[AsyncBoltRequest] = []
        self.status = 200
        self.gate: asyncio.Event | None = None
        self.called = asyncio.Event()

    async def __call__(self, request: AsyncBoltRequest) -> BoltResponse:
        self.asked.append(request)
        self.called.set()
        if self.gate is not None:
            await self.gate.wait()
        body = json.dumps({"text": f"answer {len(self.asked)}"})
        return BoltResponse(
            status=self.status, body=body, headers={"content-type": ["application/json"]}
        )


class Sleeper:
    """Sleeps no time, and remembers how long it should have been."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def running(
    slack: OwnSlack, bolt: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]], **more: Any
) -> AsyncIterator[SocketMode]:
    settings = Settings(
        slack_bot_token=SecretStr("xoxb-of-nobody"),
        slack_app_token=SecretStr("xapp-of-nobody"),
        slack_api_url=slack.api,
    )
    async with slack_session(settings) as session:
        opener = socket_opener(settings, slack_client(settings, session), session)
        sockets = SocketMode(opener, Envelopes(bolt), jitter=lambda: 1.0, **more)
        sockets.start()
        try:
            yield sockets
        finally:
            await sockets.stop(2.0)


async def test_two_connections_are_kept_and_answers_go_back_where_they_came_from(
    slack: OwnSlack,
) -> None:
    bolt = Bolt()
    async with running(slack, bolt) as sockets:
        await slack.until(lambda: len(slack.lines) == 2)
        await slack.lines[1].send_json(envelope(1))
        await slack.lines[0].send_json(envelope(2))
        await slack.until(lambda: len(slack.heard) == 2)
        assert sorted((line, said["envelope_id"]) for line, said in slack.heard) == [
            (0, "e-2"),
            (1, "e-1"),
        ]
        assert {said["payload"]["text"] for _, said in slack.heard} == {"answer 1", "answer 2"}
        assert sockets.state() == "ok"
        assert sockets.age() < SILENT_SECONDS
    assert sockets.state() != "ok"


async def test_an_envelope_that_comes_again_gets_its_answer_again_and_does_nothing(
    slack: OwnSlack,
) -> None:
    bolt = Bolt()
    async with running(slack, bolt):
        await slack.until(lambda: len(slack.lines) == 2)
        for line in (0, 1, 0):
            await slack.lines[line].send_json(envelope(1))
        await slack.until(lambda: len(slack.heard) == 3)
    assert len(bolt.asked) == 1
    assert [said["payload"]["text"] for _, said in slack.heard] == ["answer 1"] * 3


async def test_an_answer_whose_connection_was_cut_is_given_when_it_comes_again(
    slack: OwnSlack,
) -> None:
    bolt = Bolt()
    bolt.gate = asyncio.Event()
    async with running(slack, bolt, sleep=Sleeper()):
        await slack.until(lambda: len(slack.lines) == 2)
        await slack.lines[0].send_json(envelope(1))
        await bolt.called.wait()
        await slack.lines[0].close()
        bolt.gate.set()
        await slack.until(lambda: len(slack.lines) == 3)
        await slack.lines[2].send_json(envelope(1, retry_attempt=1, retry_reason="timeout"))
        await slack.until(lambda: bool(slack.heard))
    assert len(bolt.asked) == 1
    assert slack.heard[0][1]["payload"]["text"] == "answer 1"


async def test_what_failed_is_not_acknowledged_and_tried_when_it_comes_again(
    slack: OwnSlack,
) -> None:
    bolt = Bolt()
    bolt.status = 500
    async with running(slack, bolt):
        await slack.until(lambda: len(slack.lines) == 2)
        await slack.lines[0].send_json(envelope(1))
        await bolt.called.wait()
        bolt.status = 200
        await slack.lines[0].send_json(envelope(1, retry_attempt=2, retry_reason="timeout"))
        await slack.until(lambda: bool(slack.heard))
    assert len(bolt.asked) == 2
    assert bolt.asked[1].headers["x-slack-retry-num"] == ["2"]
    assert len(slack.heard) == 1


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_the_next_connection_is_there_before_the_last_one_goes(
    slack: OwnSlack, reason: str
) -> None:
    bolt = Bolt()
    sleeper = Sleeper()
    async with running(slack, bolt, lines=1, sleep=sleeper):
        await slack.until(lambda: len(slack.lines) == 1)
        await slack.lines[0].send_json({"type": "disconnect", "reason": reason})
        await slack.until(lambda: len(slack.lines) == 2)
        assert not slack.lines[0].closed
        await slack.lines[0].send_json(envelope(1))
        await slack.until(lambda: bool(slack.heard))
        assert slack.heard[0][0] == 0
    assert sleeper.slept == [0.0]


async def test_connections_that_are_asked_to_go_at_once_are_opened_ever_more_slowly(
    slack: OwnSlack,
) -> None:
    sleeper = Sleeper()
    async with running(slack, Bolt(), lines=1, sleep=sleeper):
        for number in range(4):
            await slack.has_opened(number + 1)
            await slack.lines[number].send_json({"type": "disconnect", "reason": "warning"})
        await slack.has_opened(5)
    assert sleeper.slept == [0.0, FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "null",
        "7",
        "[]",
        "{",
        "{" * 50_000,
        json.dumps({"type": "future"}),
        json.dumps({"type": "slash_commands", "payload": COMMAND}),
        json.dumps(envelope(9, type="interactive", payload={"type": "block_actions"})),
        json.dumps(envelope(9, type="interactive", payload={"user": 7})),
        json.dumps(envelope(9, type="events_api", payload=[])),
        json.dumps(envelope(9, payload={"command": ["/d365"]})),
        json.dumps(envelope(9, envelope_id={"a": 1})),
        json.dumps(envelope(9, envelope_id="x" * 10_000)),
        json.dumps(envelope(9, type="unknown")),
    ],
    ids=range(15),
)
async def test_a_frame_that_is_none_of_slacks_disturbs_nothing(slack: OwnSlack, frame: str) -> None:
    bolt = Bolt()
    async with running(slack, bolt, lines=1):
        await slack.until(lambda: len(slack.lines) == 1)
        await slack.lines[0].send_str(frame)
        await slack.lines[0].send_bytes(b"\x00\xff")
        await slack.lines[0].send_json(envelope(1))
        await slack.until(lambda: bool(slack.heard))
    assert [said["envelope_id"] for _, said in slack.heard] == ["e-1"]
    assert len(bolt.asked) == 1


async def test_a_frame_that_is_too_large_costs_only_its_connection(slack: OwnSlack) -> None:
    async with running(slack, Bolt(), sleep=Sleeper()):
        await slack.until(lambda: len(slack.lines) == 2)
        await slack.lines[0].send_str("x" * 3_000_000)
        await slack.until(lambda: len(slack.lines) == 3)
        await slack.lines[2].send_json(envelope(1))
        await slack.until(lambda: bool(slack.heard))


@pytest.mark.parametrize(
    ("refusals", "waits", "told"),
    [
        ([17], [17.0], "Slack wants fewer connections"),
        (
            [{"ok": False, "error": "invalid_auth"}],
            [LONGEST_WAIT],
            "no socket to Slack (invalid_auth)",
        ),
        (
            [{"ok": False, "error": "internal_error"}] * 3,
            [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4],
            "no socket to Slack (internal_error)",
        ),
        ([{"ok": True, "url": "https://evil.example/"}], [FIRST_WAIT], "(WrongAddress)"),
    ],
)
async def test_a_refusal_is_told_and_tried_again_later(
    slack: OwnSlack,
    refusals: list[Any],
    waits: list[float],
    told: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    slack.refusals = list(refusals)
    sleeper = Sleeper()
    async with running(slack, Bolt(), lines=1, sleep=sleeper):
        await slack.until(lambda: len(slack.lines) == 1)
        assert sleeper.slept == waits
    reasons = [str(getattr(record, "reason", "")) for record in caplog.records]
    assert any(told in reason or told.strip("()") in reason for reason in reasons)
    assert len([reason for reason in reasons if reason]) == 1


async def test_without_a_hello_it_is_no_connection(slack: OwnSlack) -> None:
    slack.greets = False
    async with running(slack, Bolt(), lines=1) as sockets:
        await slack.until(lambda: len(slack.lines) == 1)
        assert sockets.state() != "ok"
        assert sockets.live == []


async def test_a_silent_connection_is_dropped_and_replaced(
    slack: OwnSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pings come fast here, and time is moved: what is proved is what silence leads to."""
    monkeypatch.setattr("bot.socket_mode.PING_SECONDS", 0.01)
    now = 0.0
    slack.deaf.add(0)
    async with running(slack, Bolt(), lines=1, sleep=Sleeper(), monotonic=lambda: now) as sockets:
        await slack.until(lambda: len(slack.lines) == 1)
        await slack.until(lambda: slack.pings > 0)
        now = SILENT_SECONDS
        assert sockets.live == []
        assert sockets.state() == f"no frame for {round(SILENT_SECONDS)} s"
        await slack.until(lambda: len(slack.lines) == 2)


async def test_stopping_answers_what_came_in_first(slack: OwnSlack) -> None:
    bolt = Bolt()
    bolt.gate = asyncio.Event()
    async with running(slack, bolt) as sockets:
        await slack.until(lambda: len(slack.lines) == 2)
        await slack.lines[0].send_json(envelope(1))
        await bolt.called.wait()
        stopping = asyncio.create_task(sockets.stop(PATIENCE))
        await asyncio.sleep(0)
        bolt.gate.set()
        await stopping
        assert [said["envelope_id"] for _, said in slack.heard] == ["e-1"]


async def test_what_comes_while_it_stops_is_neither_done_nor_acknowledged(slack: OwnSlack) -> None:
    bolt = Bolt()
    bolt.gate = asyncio.Event()
    async with running(slack, bolt, lines=1) as sockets:
        await slack.has_opened(1)
        await slack.lines[0].send_json(envelope(1))
        await bolt.called.wait()
        stopping = asyncio.create_task(sockets.stop(PATIENCE))
        await asyncio.sleep(0)
        await slack.lines[0].send_json(envelope(2))
        await slack.lines[0].ping()
        await slack.until(lambda: slack.pongs == 1)  # so the second was read before
        bolt.gate.set()
        await stopping
    assert len(bolt.asked) == 1
    assert [said["envelope_id"] for _, said in slack.heard] == ["e-1"]


@pytest.mark.parametrize(
    ("address", "api", "right"),
    [
        ("wss://wss-primary.slack.com/link/?ticket=1", "https://slack.com/api/", True),
        ("ws://127.0.0.1:9/link", "http://127.0.0.1:9/api/", True),
        ("ws://wss-primary.slack.com/link", "https://slack.com/api/", False),
        ("https://slack.com/", "https://slack.com/api/", False),
        ("wss:///link", "https://slack.com/api/", False),
        ("", "https://slack.com/api/", False),
    ],
)
def test_only_a_secure_socket_is_opened(address: str, api: str, right: bool) -> None:
    if right:
        assert _checked(address, api) == address
    else:
        with pytest.raises(WrongAddress):
            _checked(address, api)


async def test_only_so_many_answers_are_remembered() -> None:
    bolt = Bolt()
    envelopes = Envelopes(bolt)
    for number in range(REMEMBERED + 1):
        await envelopes.answer(Envelope(f"e-{number}", "slash_commands", dict(COMMAND), True))
    await envelopes.answer(Envelope("e-0", "slash_commands", dict(COMMAND), True))
    await envelopes.answer(Envelope(f"e-{REMEMBERED}", "slash_commands", dict(COMMAND), True))
    assert len(bolt.asked) == REMEMBERED + 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["envelope_id", "type", "payload", "user", "team", "actions", "view"])
            | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["envelope_id", "type", "payload", "retry_attempt"]), JSON))
def test_any_frame_is_an_envelope_or_nothing(frame: dict[str, Any]) -> None:
    found = read_envelope(frame)
    assert found is None or (found.id == frame["envelope_id"] and isinstance(found.payload, dict))
