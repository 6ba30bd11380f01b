"""Group commit: each unit commits or fails alone, and its caller is told so after the commit."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from connection.errors import NotReady
from connection.ports import Reading, Transaction
from storage.database import Database
from storage.engine import writer_engine
from storage.transaction import SqlTransaction
from storage.verifying import verify
from tests.storage.samples import (
    ANNA,
    NOW,
    Stored,
    a_connection,
    a_setup,
    an_ask,
    record,
    throwaway,
)


class Broken(Exception):
    """Raised by a unit."""


def fail_with(error: BaseException) -> Callable[[Transaction], NoReturn]:
    """A unit that writes and then raises."""

    def work(tx: Transaction) -> NoReturn:
        tx.accept(an_ask(99))
        record(tx, "failed")
        raise error

    return work


REFUSED_AT_COMMIT = {
    "sqlite": (
        "PRAGMA defer_foreign_keys=ON",
        "INSERT INTO setup_revisions VALUES ('nobody', 1, '{}', 'T1', 'U1', '')",
    ),
    "postgresql": (
        "CREATE TEMPORARY TABLE once (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO once VALUES (1), (1)",
    ),
}
HURRY = {"sqlite": "PRAGMA busy_timeout=20", "postgresql": "SET lock_timeout TO '20ms'"}


class Gate:
    """A unit that keeps the writer busy until it is opened, so that others wait together."""

    def __init__(self, database: Database) -> None:
        self._running = threading.Event()
        self._open = threading.Event()
        self.unit = asyncio.ensure_future(database.ledger.run(self._hold))

    async def closed(self) -> Self:
        """The writer is busy."""
        await asyncio.to_thread(self._running.wait, 30)
        return self

    def open(self) -> None:
        """Let the others come."""
        self._open.set()

    def _hold(self, _: Transaction) -> None:
        self._running.set()
        self._open.wait(30)


async def together(database: Database, *units: Callable[[Transaction], object]) -> list[object]:
    """Run units in one batch; their results or exceptions."""
    gate = await Gate(database).closed()
    others = [asyncio.ensure_future(database.ledger.run(unit)) for unit in units]
    await asyncio.sleep(0)  # each one has put its unit into the queue
    gate.open()
    await gate.unit
    return list(await asyncio.gather(*others, return_exceptions=True))


def names(reading: Reading) -> list[str]:
    """The connections that the audit names, oldest first."""
    return [row.connection for row in reversed(reading.audit_entries("T1", limit=10_000))]


async def test_a_raising_unit_rolls_back_alone_and_its_caller_gets_the_same_object(
    database: Database,
) -> None:
    error = Broken()
    told = await together(
        database, lambda tx: record(tx, "a").n, fail_with(error), lambda tx: record(tx, "b").n
    )
    assert told == [3, error, 4]
    assert told[1] is error
    assert await database.ledger.read(lambda r: (names(r), r.ask("ask-99"))) == (["a", "b"], None)


async def test_a_refused_statement_fails_its_own_unit_only(database: Database) -> None:
    told = await together(
        database,
        lambda tx: record(tx, "a").n,
        lambda tx: tx.save_setup("nobody", a_setup(), ANNA, NOW),
        lambda tx: record(tx, "b").n,
    )
    assert [told[0], told[2]] == [3, 4]
    assert isinstance(told[1], IntegrityError)


async def test_reading_the_audit_in_a_unit_that_fails_loses_no_earlier_row(
    database: Database,
) -> None:
    def looks_and_fails(tx: Transaction) -> None:
        record(tx, "lost")
        assert names(tx) == ["a", "lost"]
        raise Broken

    await together(
        database, lambda tx: record(tx, "a"), looks_and_fails, lambda tx: record(tx, "b")
    )
    assert await database.ledger.read(names) == ["a", "b"]


async def test_a_failing_commit_fails_every_unit_of_the_batch(database: Database) -> None:
    def breaks_the_commit(tx: Transaction) -> None:
        assert isinstance(tx, SqlTransaction)
        for statement in REFUSED_AT_COMMIT[tx._database.dialect.name]:
            tx._database.exec_driver_sql(statement)

    told = await together(database, lambda tx: record(tx, "a"), breaks_the_commit)
    assert [type(error) for error in told] == [IntegrityError, IntegrityError]
    assert await database.ledger.read(names) == []
    assert (await database.ledger.run(lambda tx: record(tx, "later"))).n == 3


async def test_a_transaction_that_the_database_gave_up_is_told_to_everybody(
    database: Database,
) -> None:
    error = Broken()

    def loses_the_transaction(tx: Transaction) -> None:
        assert isinstance(tx, SqlTransaction)
        tx._database.exec_driver_sql("ROLLBACK")
        raise error

    told = await together(database, lambda tx: record(tx, "a"), loses_the_transaction)
    assert told == [error, error]
    assert await database.ledger.read(names) == []
    assert (await database.ledger.run(lambda tx: record(tx, "later"))).n == 3


async def test_text_that_no_table_takes_fails_its_own_unit_only(database: Database) -> None:
    told = await together(
        database,
        lambda tx: record(tx, "a").n,
        lambda tx: record(tx, "\ud800"),
        lambda tx: record(tx, "\0"),
    )
    assert told[0] == 3
    assert [type(one) for one in told[1:]] == [UnicodeEncodeError, ValueError]


async def test_cancelled_callers_do_not_stop_the_others(database: Database) -> None:
    gate = await Gate(database).closed()
    left = asyncio.ensure_future(database.ledger.run(lambda tx: record(tx, "left").n))
    stays = asyncio.ensure_future(database.ledger.run(lambda tx: record(tx, "stays").n))
    await asyncio.sleep(0)
    left.cancel()
    gate.unit.cancel()
    gate.open()
    assert await stays == 4
    assert left.cancelled()
    assert gate.unit.cancelled()


async def test_an_answer_comes_after_the_commit(database: Database, stored: Stored) -> None:
    n = await database.ledger.run(lambda tx: record(tx).n)
    with stored.looked_into() as other:
        assert other.exec_driver_sql("SELECT max(n) FROM audit").scalar() == n


async def test_the_ledger_serves_several_loops(database: Database) -> None:
    def another_loop() -> int:
        return asyncio.run(database.ledger.run(lambda tx: record(tx).n))

    numbers = await asyncio.gather(
        *(asyncio.to_thread(another_loop) for _ in range(3)),
        *(database.ledger.run(lambda tx: record(tx).n) for _ in range(3)),
    )
    assert sorted(numbers) == [3, 4, 5, 6, 7, 8]


async def test_a_loop_that_is_gone_stops_nobody(database: Database) -> None:
    gate = await Gate(database).closed()

    def leave_at_once() -> None:
        loop = asyncio.new_event_loop()
        waiting = loop.create_task(database.ledger.run(lambda tx: record(tx, "left").n))
        loop.call_soon(loop.call_soon, loop.stop)
        loop.run_forever()
        waiting.cancel()
        loop.run_until_complete(asyncio.gather(waiting, return_exceptions=True))
        loop.close()

    await asyncio.to_thread(leave_at_once)
    gate.open()
    await gate.unit
    assert await database.ledger.run(lambda tx: record(tx).n) == 4


async def test_closing_carries_out_what_waits_and_takes_nothing_more(stored: Stored) -> None:
    database = Database.open(stored.url, stored.keys)
    gate = await Gate(database).closed()
    units = [asyncio.ensure_future(database.ledger.run(record)) for _ in "abc"]
    await asyncio.sleep(0)
    gate.open()
    await asyncio.to_thread(database.close)
    await asyncio.gather(gate.unit, *units)
    assert verify(stored.url, stored.keys).n == 5
    with pytest.raises(NotReady, match="stopping"):
        await database.ledger.run(record)
    with pytest.raises(NotReady, match="stopping"):
        await database.ledger.read(names)


async def test_a_database_kept_busy_by_somebody_else_is_told_in_a_sentence(
    database: Database, stored: Stored
) -> None:
    def hurry(tx: Transaction) -> None:
        assert isinstance(tx, SqlTransaction)
        tx._database.exec_driver_sql(HURRY[tx._database.dialect.name])

    await database.ledger.run(hurry)
    with (
        writer_engine(stored.owner_url).begin(),
        pytest.raises(NotReady, match="Another process"),
    ):
        await database.ledger.run(record)
    assert (await database.ledger.run(record)).n == 3


async def test_an_error_of_the_database_shows_no_values(database: Database) -> None:
    twice = an_ask(1, rest="private")
    await database.ledger.run(lambda tx: tx.accept(twice))
    with pytest.raises(IntegrityError) as caught:
        await database.ledger.run(lambda tx: tx.accept(replace(twice, dedupe_key="other")))
    assert "private" not in str(caught.value)


async def test_closing_twice_is_harmless(database: Database) -> None:
    database.close()
    database.close()


async def test_a_reader_sees_one_state_and_can_write_nothing(database: Database) -> None:
    seen, written = threading.Event(), threading.Event()

    def look_twice(reading: Reading) -> tuple[list[str], list[str]]:
        before = names(reading)
        seen.set()
        written.wait(30)
        return before, names(reading)

    looking = asyncio.ensure_future(database.ledger.read(look_twice))
    await asyncio.to_thread(seen.wait, 30)
    await database.ledger.run(record)
    written.set()
    assert await looking == ([], [])
    with pytest.raises(Exception, match=r"read-?only"):
        await database._readers.read(lambda driver: driver.exec_driver_sql("DELETE FROM inbox"))


@settings(max_examples=20, deadline=None)
@given(plan=st.lists(st.lists(st.sampled_from(["ok", "fail", "look"]), max_size=6), max_size=6))
def test_state_and_audit_always_agree(original: Stored, plan: list[list[str]]) -> None:
    with throwaway(original) as stored:
        done = asyncio.run(_carry_out(stored, plan))
        database = Database.open(stored.url, stored.keys)
        kept = asyncio.run(
            database.ledger.read(lambda r: ([one.name for one in r.connections("T1")], names(r)))
        )
        database.close()
        assert kept == (sorted(done), done)
        assert verify(stored.url, stored.keys).n == 2 + len(done)


async def _carry_out(stored: Stored, plan: list[list[str]]) -> list[str]:
    database = Database.open(stored.url, stored.keys)
    done: list[str] = []
    for round_, acts in enumerate(plan):
        units = [_unit(act, f"c{round_}-{place}") for place, act in enumerate(acts)]
        told = await together(database, *units)
        done += [name for name in told if isinstance(name, str)]
        assert [isinstance(one, Broken) for one in told] == [act == "fail" for act in acts]
    database.close()
    return done


def _unit(act: str, name: str) -> Callable[[Transaction], str]:
    def work(tx: Transaction) -> str:
        tx.create_connection(a_connection(name))
        record(tx, name)
        if act in ("fail", "look"):
            assert names(tx)[-1] == name
        if act == "fail":
            raise Broken
        return name

    return work
