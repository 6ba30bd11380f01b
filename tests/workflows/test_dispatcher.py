"""The dispatcher: every open ask gets a job, also one whose job ended without an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connection.people import Person
from connection.ports import Jobs, Transaction
from storage.database import Database
from storage.migrating import migrate
from tests.storage.samples import NOW, an_ask
from workflows.dispatcher import Dispatcher
from workflows.underway import Underway


class FakeJobs:
    """Remembers what was started; with `underway` a job ends at once."""

    def __init__(self, underway: Underway | None = None) -> None:
        self.underway = underway
        self.finish: Callable[[str], Awaitable[None]] | None = None
        self.started: list[tuple[str, bool]] = []
        self.fail_once = False
        self._news = asyncio.Condition()

    async def start(self, ask_id: str, *, again: bool = False) -> None:
        if self.fail_once:
            self.fail_once = False
            raise RuntimeError("the engine is busy")
        if self.finish:
            await self.finish(ask_id)
        if self.underway:
            self.underway.ended(ask_id)
        async with self._news:
            self.started.append((ask_id, again))
            self._news.notify_all()

    async def forget(self, before: datetime) -> None:
        """Nothing is kept."""

    async def until(self, number: int) -> None:
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(self.started) >= number), 10)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'd365bot.sqlite'}"
    migrate(url, tmp_path / "keys", datetime.now(UTC))
    database = Database.open(url, tmp_path / "keys")
    yield database
    database.close()


def test_the_stand_in_keeps_the_port() -> None:
    jobs: Jobs = FakeJobs()
    assert jobs


async def test_open_and_held_asks_of_an_earlier_process_are_started(database: Database) -> None:
    await database.ledger.run(lambda tx: tx.accept(an_ask(1)))
    await database.ledger.run(lambda tx: tx.accept(an_ask(2), held=True))
    jobs = FakeJobs()
    dispatcher = Dispatcher(database.ledger, jobs, Underway())
    await dispatcher.start()
    await jobs.until(2)
    await dispatcher.stop()
    assert sorted(jobs.started) == [("ask-1", True), ("ask-2", True)]


async def test_an_ask_that_stays_open_is_started_again_and_a_finished_one_is_not(
    database: Database,
) -> None:
    """Finished in the same transaction: the dispatcher sweeps all the time."""

    def both(tx: Transaction) -> None:
        for number in (1, 2):
            tx.accept(an_ask(number))
        tx.finish("ask-2", datetime.now(UTC))

    jobs = FakeJobs()
    dispatcher = Dispatcher(database.ledger, jobs, Underway(), sweep_seconds=0.01)
    await dispatcher.start()
    await database.ledger.run(both)
    await jobs.until(2)
    await dispatcher.stop()
    assert set(jobs.started) == {("ask-1", True)}


async def test_a_job_that_could_not_be_started_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.dispatcher.RETRY_SECONDS", 0.0)  # a second is long in a test
    await database.ledger.run(lambda tx: tx.accept(an_ask(1)))
    jobs = FakeJobs()
    jobs.fail_once = True
    dispatcher = Dispatcher(database.ledger, jobs, Underway())
    await dispatcher.start()
    await jobs.until(1)
    await dispatcher.stop()
    assert jobs.started[0] == ("ask-1", True)


async def test_a_crowd_of_asks_of_an_earlier_process_waits_in_the_inbox_and_all_are_started(
    database: Database,
) -> None:
    number = 60
    for one in range(number):
        ask = replace(an_ask(one), person=Person("T1", f"U{one % 7}"))
        await database.ledger.run(lambda tx, ask=ask: tx.accept(ask))  # type: ignore[misc]
    underway = Underway(room=8)
    jobs = FakeJobs(underway)
    dispatcher = Dispatcher(database.ledger, jobs, underway)
    jobs.finish = lambda ask_id: database.ledger.run(lambda tx: tx.finish(ask_id, NOW))
    await dispatcher.start()
    await jobs.until(number)
    await dispatcher.stop()
    assert sorted({ask_id for ask_id, _ in jobs.started}) == sorted(
        f"ask-{one}" for one in range(number)
    )
    assert {ask_id for ask_id, _ in jobs.started[:7]} == {f"ask-{one}" for one in range(7)}


async def test_a_job_whose_end_nobody_noticed_is_forgotten_when_its_ask_is_finished(
    database: Database,
) -> None:
    ask = an_ask(1)
    await database.ledger.run(lambda tx: tx.accept(ask))
    underway = Underway()
    jobs = FakeJobs()
    dispatcher = Dispatcher(database.ledger, jobs, underway, sweep_seconds=0.01)
    await dispatcher.start()
    await jobs.until(1)
    forgotten = asyncio.Event()
    underway.wake = forgotten.set
    await database.ledger.run(lambda tx: tx.finish(ask.id, NOW))
    async with asyncio.timeout(10):
        await forgotten.wait()
    await dispatcher.stop()
    assert underway.unfinished(ask.workspace, ask.person) == 0
