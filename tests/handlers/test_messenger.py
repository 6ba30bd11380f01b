"""What stands in the outbox is shown, whatever goes wrong on the way."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connection.errors import UnknownConnection
from connection.people import Person
from connection.ports import Ports, Transaction
from handlers import showing_one
from handlers.messenger import PAGE, SlackMessenger, woken
from handlers.pacing import LIVE_SECONDS
from handlers.views.blocks import Message
from tests.handlers.outbox import FakePoster, Outbox, refusal
from tests.storage.samples import a_showing

A_MINUTE = timedelta(minutes=1)
A_DAY = 24 * 3600.0
PASSING = [
    lambda: OSError("no route"),
    TimeoutError,
    lambda: refusal("", 503),
    lambda: refusal("internal_error", 500),
    lambda: refusal("fatal_error"),
    *[
        lambda word=word: refusal(word)
        for word in "invalid_auth token_expired token_revoked account_inactive not_authed".split()
    ],
]


async def test_an_answer_is_shown_once(outbox: Outbox) -> None:
    await outbox.answers(1)
    await outbox.begin()
    await outbox.nudged()
    assert outbox.said == [("post", "showing-1")]


@pytest.mark.parametrize("fault", PASSING)
async def test_an_outage_of_hours_loses_no_answer(
    outbox: Outbox, fault: Callable[[], Exception]
) -> None:
    await outbox.answers(1)
    outbox.poster.fault = lambda _: fault()
    await outbox.begin()
    for _ in range(20):
        await outbox.after(600)
    assert await outbox.is_behind()
    outbox.poster.fault = lambda _: None
    await outbox.after(60)
    assert outbox.said == [("post", "showing-1")]


async def test_the_wait_grows_to_a_minute(outbox: Outbox) -> None:
    await outbox.answers(1)
    outbox.poster.fault = lambda _: OSError("no route")
    await outbox.begin()
    tried: list[float] = []
    for second in range(200):
        before = outbox.poster.tries
        await outbox.after(1)
        if outbox.poster.tries > before:
            tried.append(second + 1)
    assert tried == [1, 3, 7, 15, 31, 63, 123, 183]


async def test_what_is_older_than_a_day_expires_after_an_hour_of_tries(outbox: Outbox) -> None:
    await outbox.answers(1)
    outbox.poster.fault = lambda _: OSError("no route")
    outbox.time.seconds = A_DAY + 60
    await outbox.begin()
    for _ in range(58):
        await outbox.after(60)
    assert await outbox.is_behind()
    await outbox.after(60)
    assert not await outbox.is_behind()


async def test_a_word_that_no_retry_mends_is_tried_a_few_times(outbox: Outbox) -> None:
    await outbox.answers(1)
    outbox.poster.fault = lambda _: refusal("user_disabled")
    await outbox.begin()
    for _ in range(10):
        await outbox.after(60)
    assert outbox.poster.tries == 3
    assert not await outbox.is_behind()


async def test_a_change_revives_what_was_given_up(outbox: Outbox) -> None:
    await outbox.live(1)
    await outbox.ports.ledger.run(lambda tx: tx.give_up_showing("showing-1", "is_archived"))
    await outbox.touch(1, final=True)
    await outbox.begin()
    assert outbox.said == [("edit", "showing-1")]


async def test_what_comes_last_does_not_wait_for_the_time_of_a_failed_try(outbox: Outbox) -> None:
    await outbox.live(1)
    outbox.poster.fault = lambda _: OSError("no route")
    await outbox.begin()
    for _ in range(8):
        await outbox.after(60)
    outbox.poster.fault = lambda _: None
    await outbox.touch(1, final=True)
    await outbox.nudged()
    assert outbox.said == [("edit", "showing-1")]
    assert (await outbox.showing()).attempts == 0


async def test_at_the_start_everything_is_due_at_once(outbox: Outbox) -> None:
    await outbox.answers(1)
    far = outbox.time.now().replace(year=2027)
    await outbox.ports.ledger.run(lambda tx: tx.show_later("showing-1", far, attempt=True))
    await outbox.begin()
    assert outbox.said == [("post", "showing-1")]


async def test_the_loop_outlives_any_exception_and_says_so_once(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read = outbox.ports.ledger.read

    async def broken(_query: object) -> Any:
        raise ZeroDivisionError("as an OperationalError would")

    assert outbox.messenger.state() == "does not run"
    await outbox.begin()
    assert outbox.messenger.state() == "ok"
    monkeypatch.setattr(type(outbox.ports.ledger), "read", lambda _, query: broken(query))
    await outbox.nudged()
    await outbox.after(1)
    await outbox.after(1)
    assert outbox.messenger.state() == "cannot read the outbox"
    assert outbox.time.waits[-3:] == [1, 1, 1]
    assert [record.message for record in caplog.records if record.exc_info] == [
        "the outbox could not be read; trying again"
    ]
    monkeypatch.setattr(type(outbox.ports.ledger), "read", lambda _, query: read(query))
    await outbox.answers(1)
    await outbox.after(1)
    assert outbox.messenger.state() == "ok"
    assert outbox.said == [("post", "showing-1")]


async def test_what_cannot_be_drawn_ends_as_a_sentence_with_the_reference_of_the_log(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def renamed(*_: object) -> Message:
        raise UnknownConnection("There is no connection contoso.")

    monkeypatch.setattr(showing_one, "draw", renamed)  # no message is known that cannot be drawn
    await outbox.answers(1)
    await outbox.begin()
    assert (outbox.said, await outbox.is_behind()) == ([], True)
    for _ in range(5):
        await outbox.after(60)
    [(_, _, text)] = outbox.poster.said
    references = {getattr(record, "reference", "") for record in caplog.records} - {""}
    assert {f"This answer could not be drawn. The reference is {one}." for one in references} == {
        text
    }
    assert any(record.exc_info for record in caplog.records)
    assert not await outbox.is_behind()


async def test_what_cannot_be_noted_is_not_posted_twice_and_does_not_spin(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await outbox.answers(1)
    await outbox.begin_unable_to_note(monkeypatch)
    passes = len(outbox.time.waits)
    await outbox.nudged()
    assert len(outbox.time.waits) == passes + 1
    await outbox.after(60)
    assert await outbox.is_behind()
    monkeypatch.undo()
    await outbox.after(60)
    assert not await outbox.is_behind()
    assert outbox.said == [("post", "showing-1")]


async def test_blocks_that_slack_refuses_come_as_plain_text(outbox: Outbox) -> None:
    await outbox.answers(1)
    outbox.poster.fault = lambda message: refusal("invalid_blocks") if message.blocks else None
    await outbox.begin()
    assert outbox.said == [("post", "showing-1")]


async def test_running_tests_of_one_workspace_share_one_live_edit_in_one_and_a_half_seconds(
    outbox: Outbox,
) -> None:
    await outbox.live(1, 2, 3)
    await outbox.live(4, workspace="T2")
    await outbox.begin()
    assert sorted(outbox.said) == [("edit", "showing-1"), ("edit", "showing-4")]
    await outbox.touch(1)
    for _ in range(3):
        await outbox.after(1.4)
        shown = len(outbox.said)
        await outbox.after(0.1)
        assert len(outbox.said) == shown + 1
    assert [one for _, one in outbox.said[2:]] == ["showing-2", "showing-3", "showing-1"]


async def test_what_comes_last_is_edited_at_once_and_one_after_the_other(outbox: Outbox) -> None:
    await outbox.live(1, 2, 3, 4)
    await outbox.touch(2, 3, 4, final=True)
    await outbox.begin()
    assert [one for _, one in outbox.said] == ["showing-2", "showing-3", "showing-4"]
    assert outbox.poster.most_at_once == 1
    await outbox.after(1.5)
    assert outbox.said[-1] == ("edit", "showing-1")


async def test_a_429_pauses_the_whole_workspace_and_no_other(outbox: Outbox) -> None:
    await outbox.answers(1)
    outbox.poster.fault = lambda _: refusal("ratelimited", 429, 30)
    await outbox.begin()
    outbox.poster.fault = lambda _: None
    await outbox.answers(2)
    await outbox.live(3)
    await outbox.touch(3, final=True)
    other = replace(a_showing(9), workspace="T2")
    await outbox.ports.ledger.run(lambda tx: tx.show(other))
    await outbox.nudged()
    assert outbox.said == [("post", "showing-9")]
    assert outbox.time.waits[-1] == 30
    await outbox.after(29)
    assert outbox.said == [("post", "showing-9")]
    await outbox.after(1)
    assert sorted(outbox.said[1:]) == [
        ("edit", "showing-3"),
        ("post", "showing-1"),
        ("post", "showing-2"),
    ]
    assert (await outbox.showing()).attempts == 0


async def test_what_is_on_its_way_or_waits_never_makes_the_loop_spin(outbox: Outbox) -> None:
    await outbox.live(1, 2)
    await outbox.touch(1, 2, final=True)
    outbox.poster.gate.clear()
    outbox.messenger.start(outbox.ports)
    await outbox.poster.begun.wait()
    await outbox.time.parked.wait()
    assert outbox.time.waits == [30]
    outbox.poster.gate.set()
    await outbox.settled()
    assert set(outbox.time.waits) == {LIVE_SECONDS, 30}
    assert len(outbox.time.waits) <= 5


async def test_stopping_shows_what_is_due_one_edit_after_the_other(outbox: Outbox) -> None:
    await outbox.begin()
    await outbox.live(1, 2, 3)
    await outbox.touch(1, 2, 3, final=True)
    await outbox.messenger.stop(5)
    assert len(outbox.said) == 3
    assert outbox.messenger.state() == "does not run"


async def test_stopping_ends_in_time_when_slack_never_answers(outbox: Outbox) -> None:
    await outbox.answers(1)
    outbox.poster.gate.clear()
    outbox.messenger.start(outbox.ports)
    await outbox.poster.begun.wait()
    async with asyncio.timeout(5):
        await outbox.messenger.stop(0.2)
    assert await outbox.is_behind()


async def test_a_cancellation_in_the_tick_of_a_nudge_is_not_swallowed() -> None:
    event = asyncio.Event()
    waiting = asyncio.create_task(woken(event, 60))
    await asyncio.sleep(0)
    event.set()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_stopping_before_starting_is_harmless(ports: Ports) -> None:
    await SlackMessenger(FakePoster()).stop(1)


async def test_a_long_outage_is_told_in_full_once(
    outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await outbox.answers(1)
    outbox.poster.fault = lambda _: OSError("no route")
    await outbox.begin()
    for _ in range(5):
        await outbox.after(60)
    assert [bool(record.exc_info) for record in caplog.records] == [True] + [False] * 5


async def test_a_flood_of_answers_does_not_stand_before_everybody_elses(outbox: Outbox) -> None:
    flood = [replace(a_showing(number), id=f"flood-{number}") for number in range(3 * PAGE)]
    other = replace(
        a_showing(9999), person=Person("T1", "U0OTHER"), created_at=flood[0].created_at + A_MINUTE
    )

    def work(tx: Transaction) -> None:
        for one in (*flood, other):
            tx.show(one)

    await outbox.ports.ledger.run(work)
    await outbox.begin()
    shown = [showing for _, showing in outbox.said]
    assert len(shown) == len(flood) + 1
    assert shown.index(other.id) < PAGE


async def test_a_workspace_that_waits_takes_no_other_ones_place(outbox: Outbox) -> None:
    def work(tx: Transaction) -> None:
        for number in range(3 * PAGE):
            tx.show(replace(a_showing(number), id=f"paused-{number}"))
        tx.show(replace(a_showing(9999), workspace="T2", created_at=a_showing().created_at))

    await outbox.answers(1)
    outbox.poster.fault = lambda _: refusal("ratelimited", 429, 30)
    await outbox.begin()
    outbox.poster.fault = lambda _: None
    await outbox.ports.ledger.run(work)
    await outbox.nudged()
    assert outbox.said == [("post", "showing-9999")]
    await outbox.after(30)
    assert len(outbox.said) == 3 * PAGE + 2
