"""An outbox to fill, a Slack that refuses on demand, and a time that a test moves."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from connection.asks import Answer, Ask, Audience, Showing, Tone, What
from connection.ports import Ports, Transaction
from handlers.messenger import SlackMessenger
from handlers.posting import Posted, Poster
from handlers.views.blocks import Message
from storage.rows import showings
from tests.storage.samples import NOW, a_showing, an_ask


def refusal(word: str, status: int = 200, retry_after: int = 0) -> SlackApiError:
    """As slack_sdk raises it."""
    answer = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/x",
        req_args={},
        data={"ok": False, "error": word} if word else {},
        headers={"Retry-After": str(retry_after)} if retry_after else {},
        status_code=status,
    )
    return SlackApiError(word, answer)  # type: ignore[no-untyped-call] # slack_sdk has none


class Time:
    """A clock and a sleeper; it stands still until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 60.0
        self.waits: list[float] = []
        self.parked = asyncio.Event()
        self._over = asyncio.Event()
        self._until = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def move(self, seconds: float) -> None:
        """And wake who waited for it."""
        self.seconds += seconds
        if self.seconds >= self._until:
            self.parked.clear()
            self._over.set()

    async def until(self, by: asyncio.Event, seconds: float) -> None:
        self.waits.append(seconds)
        self._until = self.seconds + seconds
        self._over.clear()
        waiting = [asyncio.create_task(event.wait()) for event in (by, self._over)]
        self.parked.set()
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.parked.clear()
            for task in waiting:
                task.cancel()


class FakePoster(Poster):
    """Writes down what is posted; `fault` is raised instead, `gate` holds everything back."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, str]] = []
        self.tries = 0
        self.fault: Callable[[Message], Exception | None] = lambda _: None
        self.gate = asyncio.Event()
        self.gate.set()
        self.begun = asyncio.Event()
        self.at_once = 0
        self.most_at_once = 0

    async def post(self, showing: Showing, message: Message, *_: object) -> Posted:
        await self._say("post", showing, message)
        return Posted(f"ts-{showing.id}", showing.place.channel)

    async def update(self, showing: Showing, message: Message, *_: object) -> Posted:
        await self._say("edit", showing, message)
        return Posted(showing.ts, showing.posted_in)

    async def _say(self, how: str, showing: Showing, message: Message) -> None:
        self.tries += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.set()
        try:
            await self.gate.wait()
            if (fault := self.fault(message)) is not None:
                raise fault
        finally:
            self.at_once -= 1
        self.said.append((how, showing.id, message.text))


@dataclass
class Outbox:
    """The outbox, its messenger, and Slack."""

    ports: Ports
    poster: FakePoster

    def __post_init__(self) -> None:
        self.messenger = SlackMessenger(
            self.poster, monotonic=self.time.monotonic, until=self.time.until
        )

    @property
    def time(self) -> Time:
        return cast(Time, self.ports.clock)

    @property
    def said(self) -> list[tuple[str, str]]:
        """What went through: how, and of which showing."""
        return [(how, showing) for how, showing, _ in self.poster.said]

    async def begin(self) -> None:
        self.messenger.start(self.ports)
        await self.settled()

    async def begin_unable_to_note(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The database can be read and not written: its disk is full."""

        def full(*_: object, **__: object) -> None:
            raise OSError("database or disk is full")

        monkeypatch.setattr(showings, "shown", full)
        monkeypatch.setattr(showings, "show_later", full)
        await self.begin()

    async def settled(self) -> None:
        """The loop waits, and nothing is on its way."""
        while True:
            await self.time.parked.wait()
            if not self.messenger._in_flight and not self.messenger._something.is_set():
                return
            await asyncio.sleep(0)

    async def after(self, seconds: float) -> None:
        self.time.move(seconds)
        await self.settled()

    async def nudged(self) -> None:
        self.messenger.nudge()
        await self.settled()

    async def answers(self, *numbers: int) -> None:
        """Final messages, never shown before, one for each number."""

        def work(tx: Transaction) -> None:
            for number in numbers:
                ask = an_ask(number)
                tx.accept(ask)
                tx.keep_answer(ask.id, Answer(Tone.DONE, f"Answer {number}."))
                tx.show(_of(number, What.ANSWER, ask))

        await self.ports.ledger.run(work)

    async def live(self, *numbers: int, workspace: str = "T1") -> None:
        """Running tests, whose message stands in the channel already."""

        def work(tx: Transaction) -> None:
            for number in numbers:
                one = a_showing(number, What.REPORT, f"report-{number}")
                tx.show(replace(one, workspace=workspace, final=False))
                tx.shown(one.id, wanted=1, ts=f"ts-{number}", posted_in="C1")

        await self.ports.ledger.run(work)
        await self.touch(*numbers)

    async def touch(self, *numbers: int, final: bool = False) -> None:
        def work(tx: Transaction) -> None:
            for number in numbers:
                tx.touch(What.REPORT, f"report-{number}", final=final)

        await self.ports.ledger.run(work)

    async def showing(self, number: int = 1) -> Showing:
        found = await self.ports.ledger.read(lambda r: r.showing(f"showing-{number}"))
        assert found is not None
        return found

    async def is_behind(self, number: int = 1) -> bool:
        """Not given up, and not shown."""
        ever = self.time.now() + timedelta(days=999)
        due = await self.ports.ledger.read(lambda r: r.due_showings(ever))
        return f"showing-{number}" in [one.id for one in due]


def _of(number: int, what: What, ask: Ask) -> Showing:
    return replace(a_showing(number, what, ask.id), audience=Audience.PERSON)
