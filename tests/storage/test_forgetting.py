"""What is finished and old goes; what has to be kept for good stays."""

from dataclasses import replace
from datetime import timedelta

from connection.asks import Answer, Tone
from connection.ports import Reading, Transaction
from connection.report import Report
from storage.database import Database
from tests.storage.samples import ANNA, NOW, a_showing, an_ask, record

OLD = NOW - timedelta(days=31)
LIMIT = NOW - timedelta(days=30)


def _an_old_ask(tx: Transaction, number: int, *, finished: bool, shown: bool) -> None:
    ask = replace(an_ask(number), received_at=OLD)
    tx.accept(ask)
    tx.keep_answer(ask.id, Answer(Tone.DONE, "Done."))
    showing = replace(a_showing(number), id=ask.id, created_at=OLD)
    tx.show(showing)
    if shown:
        tx.shown(showing.id, wanted=1, ts="1.1", posted_in="C1")
    if finished:
        tx.finish(ask.id, OLD)


async def test_only_what_is_finished_shown_and_old_is_forgotten(database: Database) -> None:
    def work(tx: Transaction) -> int:
        _an_old_ask(tx, 1, finished=True, shown=True)
        _an_old_ask(tx, 2, finished=True, shown=False)
        _an_old_ask(tx, 3, finished=False, shown=True)
        tx.accept(an_ask(4))
        tx.finish("ask-4", NOW)
        record(tx)
        return tx.forget(LIMIT)

    assert await database.ledger.run(work) > 0

    def left(reading: Reading) -> list[bool]:
        return [reading.ask(f"ask-{number}") is not None for number in (1, 2, 3, 4)]

    assert await database.ledger.read(left) == [False, True, True, True]
    assert await database.ledger.read(lambda r: (r.answer("ask-1"), r.showing("ask-1"))) == (
        None,
        None,
    )
    answered = await database.ledger.read(lambda r: (r.answer("ask-2"), r.showing("ask-2")))
    assert all(answered)
    assert (await database.ledger.read(lambda r: r.audit_head())).n > 0
    assert await database.ledger.run(lambda tx: tx.forget(LIMIT)) == 0


async def test_a_test_that_never_ended_leaves_nothing_behind(database: Database) -> None:
    running = Report("old", "T1", "c1", "contoso", 1, ANNA, OLD, None, ())

    def work(tx: Transaction) -> None:
        tx.keep_progress(running)
        tx.keep_progress(replace(running, id="new", started_at=NOW))
        tx.forget(LIMIT)

    await database.ledger.run(work)
    left = await database.ledger.read(lambda r: [r.report("old"), r.report("new")])
    assert [one is None for one in left] == [True, False]
