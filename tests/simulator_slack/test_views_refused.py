"""What Slack documents as too long, too many, missing or misplaced in a view is refused."""

from typing import Any

import pytest

from simulator.slack.blockkit import faults_in_view, too_large
from tests.simulator_slack.playing import asking, button, modal, plain
from tests.simulator_slack.shapes import (
    less,
    markdown,
    mrkdwn,
    section,
    table,
    without,
)

# name -> (a view, what the fault says)
IN_VIEWS: dict[str, tuple[Any, str]] = {
    "101 blocks": (modal(*[section()] * 101), "no more than 100 items allowed"),
    "no title": (without(modal(section()), "title"), "missing required field: title"),
    "title": (modal(section(), title=plain("x" * 25)), less(24)),
    "title mrkdwn": (modal(section(), title=mrkdwn("x")), "unsupported type: mrkdwn"),
    "submit": (modal(section(), submit=plain("x" * 25)), less(24)),
    "close": (modal(section(), close=plain("x" * 25)), less(24)),
    "no submit": (without(modal(asking("a")), "submit"), "missing required field: submit"),
    "no blocks": (without(modal(), "blocks"), "missing required field: blocks"),
    "private metadata": (modal(section(), private_metadata="x" * 3001), less(3000)),
    "callback id": (modal(section(), callback_id="x" * 256), less(255)),
    "unknown key": (modal(section(), colour="red"), "invalid additional property: colour"),
    "unknown kind": ({"type": "drawer", "blocks": []}, "unsupported type: drawer"),
    "view not an object": ([], "must provide an object [json-pointer:/view]"),
    "table in a modal": (modal(table()), "unsupported type: table"),
    "markdown in a modal": (modal(markdown("x")), "unsupported type: markdown"),
    "alert level": (
        modal({"type": "alert", "text": plain("x"), "level": "loud"}),
        "must be a valid enum value",
    ),
    "alert at home": (
        {"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]},
        "unsupported type: alert",
    ),
    "label": (modal(asking("a", label=plain("x" * 2001))), less(2000)),
    "label mrkdwn": (modal(asking("a", label=mrkdwn("x"))), "unsupported type: mrkdwn"),
    "hint": (modal(asking("a", hint=plain("x" * 2001))), less(2000)),
    "input without element": (
        modal(without(asking("a"), "element")),
        "missing required field: element",
    ),
    "button in an input": (modal(asking("a", button("x", "a"))), "unsupported type: button"),
    "max length": (
        modal(asking("a", {"type": "plain_text_input", "max_length": 3001})),
        "must be less than or equal to 3000",
    ),
    "lengths": (
        modal(asking("a", {"type": "plain_text_input", "max_length": 3, "min_length": 4})),
        "min_length must not exceed max_length",
    ),
    "initial value": (
        modal(asking("a", {"type": "plain_text_input", "max_length": 3, "initial_value": "four"})),
        less(3),
    ),
    "number without decimals said": (
        modal(asking("a", {"type": "number_input"})),
        "missing required field: is_decimal_allowed",
    ),
    "two focused": (
        modal(*(asking(n, {"type": "plain_text_input", "focus_on_load": True}) for n in "ab")),
        "only one element may have focus_on_load",
    ),
    "same block id": (modal(asking("a"), asking("a")), 'block_id "a" already exists'),
}


@pytest.mark.parametrize("name", IN_VIEWS)
def test_a_view_is_refused_for(name: str) -> None:
    view, fault = IN_VIEWS[name]
    said = faults_in_view(view)
    assert any(fault in message for message in said), said
    assert all("[json-pointer:/view" in message for message in said)


def test_a_view_may_not_weigh_more_than_250_kilobytes() -> None:
    assert not too_large(modal(*[section("x" * 2400)] * 100))
    assert too_large(modal(*[section("x" * 2600)] * 100))
