"""Blocks, forms and messages as HTML."""

from typing import Any

import pytest

from bot.demo.playground.blocks import BLOCKS, Drawing, block_html
from bot.demo.playground.forms import modal_html
from bot.demo.playground.messages import message_html, placed
from bot.demo.playground.reader import Reader
from bot.demo.simulated import Message
from simulator.slack.blockkit.blocks import BLOCKS as KNOWN_TO_SLACK

READER = Reader({"U1": "olga", "U2": "paul"}, "U1")
NASTY = '<script>alert("x")</script>'
PLAIN = {"type": "plain_text", "text": NASTY}
BUTTON = {"type": "button", "action_id": "go", "text": PLAIN, "value": "1"}
OPTION = {"value": "v", "text": PLAIN}


def _drawn(block: dict[str, Any], **more: Any) -> str:
    return str(block_html({"block_id": "b", **block}, Drawing(READER, **more)))


NASTY_BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": PLAIN},
    {"type": "section", "text": PLAIN, "fields": [PLAIN], "accessory": BUTTON},
    {"type": "context", "elements": [PLAIN]},
    {"type": "actions", "elements": [BUTTON]},
    {"type": "alert", "text": PLAIN, "level": "error"},
    {"type": "card", "title": PLAIN, "body": PLAIN, "actions": [BUTTON]},
    {"type": "container", "title": PLAIN, "child_blocks": [{"type": "header", "text": PLAIN}]},
    {"type": "table", "rows": [[{"type": "raw_text", "text": NASTY}]]},
    {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": NASTY}]},
        ],
    },
    {
        "type": "input",
        "label": PLAIN,
        "hint": PLAIN,
        "element": {"type": "plain_text_input", "action_id": "value", "placeholder": PLAIN},
    },
    {
        "type": "input",
        "label": PLAIN,
        "element": {"type": "radio_buttons", "action_id": "value", "options": [OPTION]},
    },
    {
        "type": "input",
        "label": PLAIN,
        "element": {"type": "static_select", "action_id": "value", "options": [OPTION]},
    },
    {"type": "never heard of " + NASTY},
]


@pytest.mark.parametrize("block", NASTY_BLOCKS, ids=lambda block: block["type"][:12])
def test_foreign_text_stays_text(block: dict[str, Any]) -> None:
    html = _drawn(block)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_what_the_bot_may_send_is_drawn() -> None:
    """Every kind that Slack takes and the bot could send; the rest is named in the page."""
    left = {"image", "video", "file", "call", "carousel", "plan", "task_card", "context_actions"}
    assert set(KNOWN_TO_SLACK) - set(BLOCKS) - left <= {"data_visualization"}


def test_button_for_others_is_not_shown() -> None:
    button = BUTTON | {"visible_to_user_ids": ["U2"]}
    assert "<button" not in _drawn({"type": "actions", "elements": [button]})
    mine = BUTTON | {"visible_to_user_ids": ["U1"]}
    assert 'data-action="go"' in _drawn({"type": "actions", "elements": [mine]})


def _modal(errors: dict[str, str]) -> str:
    view: dict[str, Any] = {
        "id": "V1",
        "title": {"text": "A form"},
        "submit": {"text": "Save"},
        "close": {"text": "Cancel"},
        "blocks": [
            {
                "type": "input",
                "block_id": "tenant",
                "label": {"text": "Tenant"},
                "hint": {"text": "An id."},
                "element": {"type": "plain_text_input", "action_id": "value"},
            }
        ],
        "state": {"values": {"tenant": {"value": {"type": "plain_text_input", "value": "typed"}}}},
    }
    return str(modal_html(view, errors, READER))


def test_what_was_typed_stands_beside_its_error() -> None:
    html = _modal({"tenant": "That is no tenant."})
    assert 'value="typed"' in html
    assert 'aria-describedby="error-tenant hint-tenant" aria-invalid="true"' in html
    assert '<p class="error" id="error-tenant"><b>Wrong:</b> That is no tenant.</p>' in html
    assert '<a href="#tenant" data-field="tenant">Tenant</a>' in html


def test_error_of_the_whole_view_is_told_on_top() -> None:
    assert "We had some trouble" in _modal({"view": "We had some trouble connecting."})
    assert 'role="alert"' not in _modal({})


def _message(ts: str, text: str, *, thread: str = "", to: str = "") -> Message:
    return Message("general", ts, "d365bot", to, text, (), 0, thread)


def test_replies_stand_below_what_they_answer() -> None:
    root, answer = _message("1.0", "card"), _message("2.0", "reminder", thread="1.0")
    (folded,) = placed([root, answer], frozenset())
    html = message_html(folded, READER)
    assert 'aria-expanded="false">1 reply</button>' in html
    assert "reminder" not in html
    (unfolded,) = placed([root, answer], frozenset({"1.0"}))
    assert "reminder" in message_html(unfolded, READER)


def test_reply_to_something_unseen_stands_alone() -> None:
    (alone,) = placed([_message("2.0", "reminder", thread="1.0")], frozenset())
    assert "reminder" in message_html(alone, READER)


def test_what_only_you_see_says_so() -> None:
    (place,) = placed([_message("1.0", "psst", to="olga")], frozenset())
    assert "Only visible to you" in message_html(place, READER)
