"""Messages about past tests: whatever was found, they fit, ping nobody, and say it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connection.exchanges import Exchange
from connection.identities import Identity
from connection.past_pictures import Difference, Edit, Explanation, History
from connection.report import CheckResult, Outcome, Topic
from handlers.views.all_checks import checks_message
from handlers.views.blocks import Attached, Message
from handlers.views.explanation import explanation_message
from handlers.views.history import history_message
from handlers.views.report import report_message
from tests.handlers.test_views import NOW, OLGA, _fits, names, reports, results, texts

exchanges = st.builds(
    Exchange,
    service=st.sampled_from(["Sales", "Entra ID", "Business Central"]),
    method=st.sampled_from(["GET", "POST"]),
    url=texts,
    status=st.sampled_from([0, 200, 403, 503]),
    ms=st.integers(0, 10**6),
    reference=texts,
    answer=st.one_of(texts, st.just("```" * 600), st.just("<!channel>" * 150)),
)
explanations = st.builds(
    Explanation,
    report=reports,
    checks=st.lists(
        st.tuples(results, st.lists(exchanges, max_size=8).map(tuple)), max_size=12
    ).map(tuple),
    asked_for=st.booleans(),
    kept=st.booleans(),
)
finished = reports.map(lambda report: replace(report, finished_at=NOW))
edits = st.builds(
    Edit, st.integers(1, 10**6), st.just(OLGA), st.just(NOW), st.lists(texts, max_size=5).map(tuple)
)
differences = st.builds(Difference, st.text(max_size=30), st.one_of(st.none(), results), results)
histories = st.builds(
    History,
    name=names,
    number=st.integers(0, 10**6),
    newest=st.lists(finished, max_size=10),
    worked=st.one_of(st.none(), finished),
    edits=st.lists(edits, max_size=20),
    differences=st.lists(differences, max_size=40),
)


@settings(max_examples=60)
@given(explanations)
def test_an_explanation_fits(picture: Explanation) -> None:
    _fits(explanation_message(picture))


@settings(max_examples=60)
@given(histories)
def test_a_history_fits(picture: History) -> None:
    _fits(history_message(picture))


@settings(max_examples=30)
@given(reports, st.lists(results, min_size=30, max_size=60).map(tuple), st.booleans())
def test_a_report_of_any_length_keeps_its_buttons(
    report: Any, many: tuple[CheckResult, ...], left_out: bool
) -> None:
    long = replace(report, results=many, finished_at=NOW)
    message = report_message(long, names_left_out=left_out)
    _fits(message)
    assert message.as_dicts()[-1]["type"] == "actions"
    _fits(report_message(replace(long, finished_at=None)))
    _fits(checks_message(long))


def _result(outcome: Outcome, title: str = "Dataverse", **other: Any) -> CheckResult:
    return CheckResult(title.lower(), title, Identity.BOT, outcome, f"{title} said so.", **other)


def _words(message: Any) -> str:
    return str(message.as_dicts())


def _report(*found: CheckResult) -> Any:
    from connection.report import Report

    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    return Report("r1", "T1", "c1", "contoso", 3, OLGA, at, at + timedelta(seconds=2), found)


def test_what_failed_is_open_and_first_and_what_passed_is_named() -> None:
    report = _report(
        _result(Outcome.PASS, "Allowed host", topic=Topic.WAY),
        _result(Outcome.FAIL, "Sign-in", remedy="Do this."),
        _result(Outcome.PASS, "Organisation", topic=Topic.SALES),
        _result(Outcome.SKIPPED, "Integration user"),
    )
    said = _words(report_message(report))
    assert said.index("Sign-in said so.") < said.index("Integration user said so.")
    assert "Do this." in said
    assert "{'text': '2 checks passed', 'type': 'plain_text'}" in said
    assert "The way there: Allowed host\\nSales: Organisation" in said
    assert "Organisation said so." not in said
    assert "'Explain'" in said
    classic = str(report_message(report).in_classic().as_dicts())
    assert "*2 checks passed*\\nThe way there: Allowed host\\nSales: Organisation" in classic


def test_where_nothing_is_amiss_nothing_is_explained() -> None:
    said = _words(report_message(_report(_result(Outcome.PASS), _result(Outcome.UNTESTED, "X"))))
    assert "'Explain'" not in said
    assert "'All checks'" in said


def test_an_answer_cannot_leave_its_box() -> None:
    exchange = Exchange("Sales", "GET", "https://x.example/`a`", 500, 5, "", "```<!channel>``` *b*")
    result = _result(Outcome.FAIL)
    said = _words(
        explanation_message(Explanation(_report(result), ((result, (exchange,)),), False, True))
    )
    assert "<!channel>" not in said
    assert said.count("```") == 2


def test_it_says_where_no_answer_came_and_how_many_requests_are_left_out() -> None:
    one = Exchange("Sales", "GET", "https://x.example/", 0, 30_000, "", "Timed out.")
    result = _result(Outcome.FAIL)
    picture = Explanation(_report(result), ((result, (one,) * 9),), False, True)
    said = _words(explanation_message(picture))
    assert "no answer, after 30.0" in said
    assert "The last 4 of 9 requests." in said


def test_of_long_lines_none_is_lost() -> None:
    """Four of them together are longer than a section may be."""
    long = [
        replace(_result(Outcome.FAIL, f"Check {n}"), private="& " * 150, sentence="x" * 400)
        for n in range(30)
    ]
    message = checks_message(_report(*long))
    _fits(message)
    for n in range(30):
        assert f"*Check {n}*" in _words(message)
    passed = [replace(one, outcome=Outcome.PASS) for one in long]
    changed = [Difference(b.title, b, a) for a, b in zip(long, passed, strict=True)]
    newest = _report(*long)
    message = history_message(History("contoso", 2, [newest], newest, (), changed[:15]))
    _fits(message)
    for n in range(15):
        assert f"*Check {n}*\\n>then" in _words(message)


def test_a_file_as_text_says_where_it_is_cut_and_stays_in_its_box() -> None:
    def shown(content: str) -> str:
        message = Message("x", (), Attached("users.csv", "Users", content)).with_text_of_file()
        _fits(message)
        return str(message.as_dicts()[-1]["text"]["text"])  # type: ignore[index]

    short = shown("1,```<!channel>")
    assert short == "Save this as users.csv:\n```1,'''&lt;!channel&gt;```"
    long = shown("".join(f"{n},<a>\r\n" for n in range(1000)))
    assert "too long for a message" in long
    assert long.endswith(",&lt;a&gt;\r```")
    assert long.count("```") == 2


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([Outcome.PASS, Outcome.WARN], "*It works,* by the newest test."),
        (
            [Outcome.PASS, Outcome.SKIPPED, Outcome.UNTESTED],
            "*What was tested works,* by the newest test; 2 checks were not made.",
        ),
        (
            [Outcome.PASS, Outcome.UNTESTED],
            "*What was tested works,* by the newest test; 1 check was not made.",
        ),
    ],
)
def test_what_was_not_tested_is_not_said_to_work(outcomes: list[Outcome], said: str) -> None:
    newest = _report(*(_result(one, f"Check {n}") for n, one in enumerate(outcomes)))
    assert said in _words(history_message(History("contoso", 1, [newest], None, (), ())))


def test_what_is_not_kept_any_more_is_said() -> None:
    result = _result(Outcome.FAIL)
    said = _words(explanation_message(Explanation(_report(result), ((result, ()),), False, False)))
    assert "not kept any more" in said


def test_an_answer_cannot_leave_its_box_however_it_is_written() -> None:
    """Escaping makes it longer, and a section is cut where it is too long."""
    result = CheckResult("users_page", "Users", Identity.BOT, Outcome.FAIL, "No.")
    one = Exchange("Sales", "GET", "https://contoso.example/" + "&" * 490, 403, 9, "", "<" * 900)
    picture = Explanation(_report(result), ((result, (one,)),), asked_for=True, kept=True)
    (box,) = [str(b) for b in explanation_message(picture).as_dicts() if "```" in str(b)]
    assert box.count("```") == 2


@pytest.mark.parametrize("said", ["role " * 900, "<" * 2900])
def test_a_long_finding_leaves_room_for_what_to_do(said: str) -> None:
    result = CheckResult("roles", "Roles", Identity.BOT, Outcome.FAIL, said, "Give it the role.")
    message = report_message(_report(result))
    _fits(message)
    assert "*What to do:* Give it the role." in _words(message)


def test_of_every_check_what_to_do_is_told() -> None:
    said = _words(checks_message(_report(_result(Outcome.WARN, remedy="Do <this>."))))
    assert "*What to do:* Do &lt;this&gt;." in said


def test_what_works_with_warnings_is_what_was_tested() -> None:
    warned, skipped = _result(Outcome.WARN), _result(Outcome.SKIPPED, "Company")
    said = report_message(_report(warned, skipped)).text
    assert said.startswith("Test of contoso: what was tested works, with warnings, 1 skipped")
    said = report_message(_report(warned, _result(Outcome.PASS, "Company"))).text
    assert said.startswith("Test of contoso: it works, with warnings")


def test_a_check_that_the_test_did_not_have_is_not_said_to_be_in_order() -> None:
    report = _report(_result(Outcome.FAIL))
    said = _words(explanation_message(Explanation(report, (), asked_for=True, kept=True)))
    assert "Nothing failed" not in said
    assert "This test did not have that check" in said


@pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.UNTESTED])
def test_a_check_that_was_not_made_judged_nothing(outcome: Outcome) -> None:
    result = _result(outcome)
    picture = Explanation(_report(result), ((result, ()),), asked_for=True, kept=True)
    said = _words(explanation_message(picture))
    assert "judged" not in said
    assert "It was not made, so nothing was asked." in said
