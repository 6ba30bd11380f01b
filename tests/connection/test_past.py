"""The last test that worked, and the differences to it."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from connection.exchanges import Exchange
from connection.identities import Identity
from connection.past_pictures import History, explanation, history
from connection.ports import Transaction
from connection.report import CheckResult, Outcome, Report
from connection.setup import ConnectionSetup
from storage.database import Database
from tests.storage.conftest import database, original, stored
from tests.storage.samples import ANNA, NOW, a_connection, a_setup

__all__ = ["database", "original", "stored"]

CONNECTION = a_connection()
MINUTE = timedelta(minutes=1)
LOGIN = "integration@adventure.example"


def _result(outcome: Outcome, sentence: str = "", check: str = "dataverse") -> CheckResult:
    return CheckResult(check, check.title(), Identity.BOT, outcome, sentence)


def _report(number: int, *results: CheckResult, revision: int = 1) -> Report:
    at = NOW + number * MINUTE
    return Report(
        f"r{number}", "T1", CONNECTION.id, "contoso", revision, ANNA, at, at + MINUTE / 2, results
    )


PASSED = _result(Outcome.PASS, "Version 9.2.1.")
FAILED = _result(Outcome.FAIL, "It is down.")


@pytest.fixture
async def tested(database: Database) -> Database:
    """A connection with three revisions of its setup."""
    await database.ledger.run(lambda tx: tx.create_connection(CONNECTION))
    for changes in ({}, {"tenant": "adventure"}, {"tenant": "adventure", "bc_company": "Other"}):
        setup = a_setup(integration_user_name=LOGIN, **changes)
        await database.ledger.run(partial(_save, setup))
    return database


def _save(setup: ConnectionSetup, tx: Transaction) -> None:
    tx.save_setup(CONNECTION.id, setup, ANNA, NOW)


def _keep(report: Report, tx: Transaction) -> None:
    tx.keep_report(report)


async def _history(database: Database, *reports: Report) -> History:
    for one in reports:
        await database.ledger.run(partial(_keep, one))
    found = await database.ledger.read(lambda reading: history(reading, CONNECTION.id))
    assert found is not None
    return found


async def test_the_newest_comes_first(tested: Database) -> None:
    found = await _history(tested, *(_report(number, PASSED) for number in range(12)))
    assert [one.id for one in found.newest] == [f"r{number}" for number in range(11, 1, -1)]
    assert found.number == 12
    assert found.worked is None


async def test_the_last_that_worked_is_found_behind_failures(tested: Database) -> None:
    """A text of a service that looks like an outcome changes nothing."""
    lying = _result(Outcome.WARN, 'It said "outcome": "fail" and \\"outcome\\": \\"fail\\".')
    found = await _history(
        tested,
        _report(1, PASSED),
        _report(2, lying),
        *(_report(number, FAILED) for number in range(3, 20)),
    )
    assert found.worked is not None
    assert found.worked.id == "r2"


async def test_edits_of_the_setup_are_named_by_their_labels(tested: Database) -> None:
    found = await _history(tested, _report(1, PASSED), _report(2, FAILED, revision=3))
    assert [(one.revision, one.changed) for one in found.edits] == [
        (2, ("Microsoft Entra tenant",)),
        (3, ("Business Central company",)),
    ]


async def test_what_comes_out_otherwise_is_told_and_the_rest_is_not(tested: Database) -> None:
    same = _result(Outcome.PASS, "All is well.", "organisation")
    slow, slower = (_result(Outcome.PASS, f"It took {ms} ms.", "latency") for ms in (12, 90))
    newer = _result(Outcome.PASS, "Version 16.0.", "page")
    found = await _history(
        tested,
        _report(1, PASSED, same, slow, _result(Outcome.PASS, "Version 15.0.", "page")),
        _report(2, FAILED, same, slower, newer, _result(Outcome.SKIPPED, "Dataverse failed.", "x")),
    )
    assert [(one.title, one.now.sentence) for one in found.differences] == [
        ("Dataverse", "It is down."),
        ("Page", "Version 16.0."),
    ]


async def test_a_new_check_is_told_only_where_it_is_amiss(tested: Database) -> None:
    fine = _result(Outcome.PASS, "Fine.", "one")
    bad = _result(Outcome.FAIL, "Bad.", "two")
    found = await _history(tested, _report(1, PASSED), _report(2, PASSED, fine, bad))
    assert [(one.title, one.before) for one in found.differences] == [("Two", None)]


async def test_a_channel_reads_no_account(tested: Database) -> None:
    named = _result(Outcome.FAIL, f"{LOGIN} is locked; ask someone@adventure.example.")
    found = await _history(tested, _report(1, PASSED), _report(2, named))
    said = found.differences[0].now.sentence
    assert LOGIN not in said
    assert "someone@" not in said


async def test_where_it_works_nothing_is_compared(tested: Database) -> None:
    found = await _history(tested, _report(1, FAILED), _report(2, PASSED, revision=3))
    assert (found.worked, list(found.edits), list(found.differences)) == (None, [], [])


async def test_what_a_check_asked_is_kept_for_a_while_and_the_report_for_good(
    tested: Database,
) -> None:
    asked = Exchange("Sales", "GET", "https://x.example/", 503, 12, "r", "busy")
    report = _report(1, FAILED)
    ledger = tested.ledger
    await ledger.run(lambda tx: tx.keep_report(report))
    await ledger.run(lambda tx: tx.keep_exchanges("r1", "dataverse", [asked], NOW))
    await ledger.run(lambda tx: tx.keep_exchanges("r1", "dataverse", [asked, asked], NOW))
    found = await ledger.read(lambda reading: explanation(reading, "r1:"))
    assert found is not None
    assert found.checks == ((FAILED, (asked, asked)),)
    named = await ledger.read(lambda reading: explanation(reading, "r1:organisation"))
    assert named is not None
    assert named.checks == ()
    await ledger.run(lambda tx: tx.forget(NOW + MINUTE))
    later = await ledger.read(lambda reading: explanation(reading, "r1:"))
    assert later is not None
    assert later.checks == ((FAILED, ()),)
    assert not later.kept
    assert replace(later.report) == report


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("The clocks are a second apart.", "The clocks are 12 seconds apart."),
        ("The clocks are 1 second apart.", "The clocks are a second apart."),
        ("It took 1,234 ms.", "It took 9 ms."),
    ],
)
async def test_how_long_something_took_is_no_difference(
    tested: Database, then: str, now: str
) -> None:
    clock = partial(_result, Outcome.PASS, check="clock")
    found = await _history(tested, _report(1, PASSED, clock(then)), _report(2, FAILED, clock(now)))
    assert [one.title for one in found.differences] == ["Dataverse"]
