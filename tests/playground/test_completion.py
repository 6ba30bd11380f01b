"""What the box for messages offers, and how far the guide is."""

from hypothesis import given
from hypothesis import strategies as some

from bot.demo.playground.completion import suggestions
from bot.demo.playground.differences import differences
from bot.demo.playground.guide import CONNECTION, STEPS, Guide
from bot.demo.simulated import Message
from handlers.commands import COMMANDS, parse

PEOPLE = {"olga": "Olga Operator", "paul": "Paul Approver"}


def _labels(typed: str) -> list[str]:
    return [one.label for one in suggestions(typed, [CONNECTION], PEOPLE)]


def test_a_slash_offers_every_command() -> None:
    assert len(_labels("/")) == len(COMMANDS) == len(_labels("/d365 "))


def test_a_word_is_completed_and_then_the_connection() -> None:
    (setup,) = suggestions("/d365 setu", [CONNECTION], PEOPLE)
    assert setup.text == "/d365 setup "
    assert _labels(setup.text) == [CONNECTION]
    assert _labels("/d365 access add @p") == ["@paul"]


def test_nothing_is_offered_for_what_is_no_command() -> None:
    assert _labels("good morning") == _labels("/other ") == _labels("") == []


@given(some.text(max_size=30))
def test_every_suggestion_is_a_command_that_is_known(typed: str) -> None:
    for one in suggestions(f"/d365 {typed}", [CONNECTION], PEOPLE):
        assert one.text.startswith("/d365 ")


def test_what_the_guide_types_is_understood() -> None:
    for step in STEPS:
        if step.types:
            parse(step.types.removeprefix("/d365 "))


def _said(text: str, ts: str = "5.0") -> Message:
    return Message("crm-admins", ts, "d365bot", "", text, (), 0)


def test_the_guide_goes_on_with_what_happened() -> None:
    guide = Guide()
    assert guide.next == 0
    assert guide.look_at([_said(f"Setup of {CONNECTION} saved\n…")])
    assert guide.next == 1
    assert not guide.look_at([_said(f"Setup of {CONNECTION} saved\n…")])


def test_a_failure_from_before_the_break_does_not_end_the_guide() -> None:
    guide = Guide(done={0, 1, 2, 3})
    failed = f"Test of {CONNECTION}: 1 check failed, 20 skipped"
    guide.look_at([_said(failed)])
    assert guide.next == 4
    guide.broken_at = "6.0"
    guide.look_at([_said(failed)])
    assert guide.next == 4
    guide.look_at([_said(failed, "7.0")])
    assert guide.next is None


def test_differences_name_side_place_and_both_values() -> None:
    before = {"sales": {"adventure": {"enabled": False, "kept": 1, "tables": {"a": {"x": 1}}}}}
    after = {"sales": {"adventure": {"enabled": True, "kept": 1, "tables": {"b": {"x": 1}}}}}
    found = {(one.side, one.where): (one.before, one.after) for one in differences(before, after)}
    assert found == {
        ("Sales", "enabled"): ("no", "yes"),
        ("Sales", "a"): ("x 1", ""),
        ("Sales", "b"): ("", "x 1"),
    }
    assert differences(before, before) == []
