"""What `d365bot test` writes of a report: true, in one line each, and JSON for any terminal."""

import json
from datetime import UTC, datetime

from bot.checking import as_json, as_lines
from connection.identities import Identity
from connection.people import Person
from connection.report import CheckResult, Outcome, Report

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NASTY = "\x1b[2J\x9b31mall is well\r\nSign-in: passed: \u202e\ud800\u2028x"


def _report(*outcomes: Outcome, said: str = "It said so.") -> Report:
    results = tuple(
        CheckResult(f"c{n}", f"Check {n}", Identity.BOT, outcome, said, private=said)
        for n, outcome in enumerate(outcomes)
    )
    return Report("r1", "T1", "c1", "contoso", 3, Person("T1", "U1"), NOW, NOW, results)


def test_it_works_only_where_everything_was_tested() -> None:
    for left in (Outcome.SKIPPED, Outcome.UNTESTED):
        first = as_lines(_report(Outcome.PASS, left), everything=False)[0]
        assert first == "contoso, setup revision 3: what was tested works"
    assert as_lines(_report(Outcome.PASS), everything=False)[0].endswith(": works")
    assert as_lines(_report(Outcome.FAIL, Outcome.SKIPPED), everything=False)[0].endswith("failed")


def test_no_word_of_a_service_steers_the_terminal() -> None:
    for line in as_lines(_report(Outcome.FAIL, said=NASTY), everything=True):
        assert line.isprintable()


def test_json_goes_through_any_terminal_and_comes_out_as_it_was() -> None:
    written = as_json(_report(Outcome.FAIL, said=NASTY))
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written)["checks"][0]["sentence"] == NASTY


def test_warnings_do_not_make_up_for_what_was_not_tested() -> None:
    first = as_lines(_report(Outcome.WARN, Outcome.SKIPPED), everything=False)[0]
    assert first.endswith(": what was tested works, with warnings")
    assert as_lines(_report(Outcome.WARN), everything=False)[0].endswith(": works, with warnings")
