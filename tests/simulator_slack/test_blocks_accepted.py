"""What Slack documents as allowed passes."""

import pytest

from simulator.slack.blockkit import faults_in_blocks
from tests.simulator_slack.playing import asking, button, option, plain
from tests.simulator_slack.shapes import (
    Block,
    actions,
    card,
    confirm,
    container,
    data_table,
    image,
    markdown,
    mrkdwn,
    rich,
    section,
    select,
    table,
    task,
)

ACCEPTED: dict[str, tuple[str, list[Block]]] = {
    "everyday message": (
        "message",
        [
            {"type": "header", "text": plain("x" * 150)},
            section("x" * 3000, fields=[mrkdwn("x" * 2000)] * 10, accessory=button("Go", "go")),
            {"type": "divider"},
            {"type": "context", "elements": [mrkdwn("x"), plain("x"), image()]},
            actions(
                *(button("x" * 75, f"a{n}", value="v" * 2000, style="danger") for n in range(24)),
                {"type": "overflow", "action_id": "o", "options": [option("a")]},
            ),
            image(title=plain("A")),
        ],
    ),
    "50 blocks": ("message", [section()] * 50),
    "table": ("message", [table(100, 20)]),
    "container": ("message", [container(is_collapsible=True, default_collapsed=True)]),
    "carousel": ("message", [{"type": "carousel", "elements": [card(actions=[button("x", "a")])]}]),
    "plan": ("message", [{"type": "plan", "title": "Enable", "tasks": [task()]}]),
    "data table": ("message", [data_table()]),
    "markdown": ("message", [markdown("x" * 12_000)]),
    "rich text": (
        "message",
        [rich({"type": "text", "text": "x"}, {"type": "emoji"})],
    ),
    "feedback": (
        "message",
        [
            {
                "type": "context_actions",
                "elements": [
                    {
                        "type": "feedback_buttons",
                        "action_id": "f",
                        "positive_button": {"text": plain("+"), "value": "yes"},
                        "negative_button": {"text": plain("-"), "value": "no"},
                    }
                ],
            }
        ],
    ),
    "selects": (
        "modal",
        [
            actions(select(initial_option=option("a"), confirm=confirm())),
            asking("b", {"type": "multi_static_select", "options": [option("a")]}),
            asking("c", {"type": "users_select"}),
            asking("d", {"type": "checkboxes", "options": [option("a")]}, optional=True),
            asking("e", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
            asking("f", {"type": "url_text_input", "placeholder": plain("https://")}),
            asking("g", {"type": "external_select", "min_query_length": 0}),
            {"type": "alert", "text": mrkdwn("x"), "level": "error"},
        ],
    ),
    "home": ("home", [section(), actions(button("x", "a")), card(), asking("a")]),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_nothing_is_said_against(name: str) -> None:
    surface, blocks = ACCEPTED[name]
    assert faults_in_blocks(blocks, surface) == []
