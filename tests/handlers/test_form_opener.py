"""An ask for a form is answered: by the form, or by a button that offers it."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from connection.asks import About, Ask
from connection.entry import Terms
from connection.errors import (
    AdminError,
    DirectoryAway,
    Mistake,
    NotAllowed,
    NotReady,
    UnknownConnection,
)
from connection.people import Role
from connection.ports import Ports
from connection.service import ConnectionService
from handlers.form_opener import TRY_AGAIN_AFTER, FormOpener
from handlers.supervisor import Supervisor
from tests.handlers.outbox import refusal
from tests.storage.samples import an_ask


class FakeViews(AsyncWebClient):
    """`refused` maps a method to the word with which it is refused."""

    def __init__(self, **refused: str) -> None:
        super().__init__()
        self.refused = refused
        self.views: list[str] = []

    async def api_call(self, api_method: str, **sent: Any) -> Any:
        name = api_method.rpartition(".")[2]
        self.views.append(str(sent))
        if name in self.refused:
            raise refusal(self.refused[name])
        return {"ok": True, "view": {"id": "V1"}}


class BusyService(ConnectionService):
    """The database takes nothing for the first `busy` times."""

    busy = 0
    unsettled: AdminError | None = None

    async def settle(self, ask: Ask, terms: Terms, patience: float) -> Ask:
        if self.unsettled is not None:
            raise self.unsettled
        return await super().settle(ask, terms, patience)

    async def form_opened(self, ask: Ask) -> None:
        self._try()
        await super().form_opened(ask)

    async def form_not_opened(self, ask: Ask) -> None:
        self._try()
        await super().form_not_opened(ask)

    def _try(self) -> None:
        self.busy -= 1
        if self.busy >= 0:
            raise NotReady("Another process writes.", "Try again.")


class Room:
    """One held ask, and what became of it."""

    def __init__(self, ports: Ports) -> None:
        self.service = BusyService(ports)
        self.slept: list[float] = []
        self.dispatched: list[Ask] = []

    async def opened(self, slack: FakeViews, about: About | None = None) -> tuple[bool, bool]:
        """Whether the ask is answered, and whether it waits for a job."""
        ledger = self.service.ports.ledger
        ask = an_ask(unsettled=about)
        await ledger.run(lambda tx: tx.accept(ask, held=True))
        supervisor = Supervisor()

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        opener = FormOpener(slack, self.service, supervisor, self.dispatched.append, sleep)
        opener.open(ask, Terms(role=Role.OPERATOR, opens_form=True), "trigger")
        await supervisor.drain(20)
        return await ledger.read(lambda r: (not r.ask_is_open(ask.id), bool(r.open_asks())))


@pytest.fixture
def room(ports: Ports) -> Room:
    return Room(ports)


async def test_an_opened_form_is_the_answer(room: Room) -> None:
    assert await room.opened(FakeViews()) == (True, False)


@pytest.mark.parametrize("word", ["not_found", "view_not_found"])
async def test_a_form_that_its_person_closed_is_answered(room: Room, word: str) -> None:
    assert await room.opened(FakeViews(update=word)) == (True, False)
    assert room.dispatched == []


async def test_a_form_that_did_not_open_is_offered(room: Room) -> None:
    assert await room.opened(FakeViews(open="expired_trigger_id")) == (False, True)
    assert [ask.id for ask in room.dispatched] == ["ask-1"]


@pytest.mark.parametrize(
    "refusal_of", [NotAllowed, UnknownConnection, Mistake], ids=lambda kind: kind.__name__
)
async def test_a_form_that_stays_empty_says_why(room: Room, refusal_of: type[AdminError]) -> None:
    room.service.unsettled = refusal_of("This is the reason.", "This helps.")
    slack = FakeViews()
    assert await room.opened(slack, About.NAME) == (True, False)
    assert "This is the reason. This helps." in slack.views[-1]
    assert room.dispatched == []


async def test_a_form_that_waits_for_slack_says_so_and_is_offered(room: Room) -> None:
    room.service.unsettled = DirectoryAway("Slack does not tell who you are.")
    slack = FakeViews()
    assert await room.opened(slack, About.NAME) == (False, True)
    assert "Slack does not tell who you are. I ask on" in slack.views[-1]
    assert [ask.id for ask in room.dispatched] == ["ask-1"]


@pytest.mark.parametrize("refused", [{}, {"open": "expired_trigger_id"}])
async def test_a_busy_database_does_not_leave_the_ask_held(
    room: Room, refused: dict[str, str]
) -> None:
    room.service.busy = len(TRY_AGAIN_AFTER)
    answered, waits = await room.opened(FakeViews(**refused))
    assert answered != waits
    assert room.slept == list(TRY_AGAIN_AFTER)


async def test_draining_ends_in_time_though_a_task_does_not() -> None:
    supervisor = Supervisor()
    ended = asyncio.Event()

    async def stubborn() -> None:
        while not ended.is_set():
            try:
                await ended.wait()
            except asyncio.CancelledError:
                continue

    supervisor.spawn(stubborn())
    async with asyncio.timeout(5):
        await supervisor.drain(0.2)
    ended.set()
    await supervisor.drain(5)
