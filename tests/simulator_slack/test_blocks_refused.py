"""What Slack documents as too long, too many, missing or misplaced in a message is refused."""

from typing import Any

import pytest

from simulator.slack.blockkit import faults_in_blocks
from tests.simulator_slack.playing import asking, button, option, plain
from tests.simulator_slack.shapes import (
    EMPTY,
    actions,
    card,
    confirm,
    container,
    data_table,
    image,
    less,
    long,
    markdown,
    mrkdwn,
    rich,
    section,
    select,
    table,
    task,
    without,
)

RAW = {"type": "raw_text", "text": "x"}

# name -> (blocks of a message, what the fault says)
IN_MESSAGES: dict[str, tuple[Any, str]] = {
    "51 blocks": ([section()] * 51, "no more than 50 items allowed"),
    "blocks not a list": ({}, "must provide an array"),
    "block not an object": (["x"], "must provide an object [json-pointer:/blocks/0]"),
    "block without type": ([{}], "missing required field: type"),
    "unknown block": ([{"type": "banner"}], "unsupported type: banner"),
    "unknown key": ([section(colour="red")], "invalid additional property: colour"),
    "section text": ([section("x" * 3001)], less(3000)),
    "section empty text": ([section("")], EMPTY),
    "section text as string": ([{"type": "section", "text": "x"}], "must provide an object"),
    "section text a number": (
        [{"type": "section", "text": {"type": "mrkdwn", "text": 5}}],
        "must provide a string",
    ),
    "section without text": ([{"type": "section"}], "must provide one of: text, fields"),
    "11 fields": ([section(fields=[mrkdwn("x")] * 11)], "no more than 10 items allowed"),
    "field text": ([section(fields=[mrkdwn("x" * 2001)])], less(2000)),
    "no fields": ([section(fields=[])], "no less than 1 items allowed"),
    "text input as accessory": (
        [section(accessory={"type": "plain_text_input"})],
        "unsupported type: plain_text_input",
    ),
    "header text": ([{"type": "header", "text": plain("x" * 151)}], less(150)),
    "header mrkdwn": ([{"type": "header", "text": mrkdwn("x")}], "unsupported type: mrkdwn"),
    "header without text": ([{"type": "header"}], "missing required field: text"),
    "11 in context": (
        [{"type": "context", "elements": [mrkdwn("x")] * 11}],
        "no more than 10 items allowed",
    ),
    "button in context": (
        [{"type": "context", "elements": [button("x", "x")]}],
        "unsupported type: button",
    ),
    "empty context": ([{"type": "context", "elements": []}], "no less than 1 items allowed"),
    "26 actions": (
        [actions(*(button("x", f"a{n}") for n in range(26)))],
        "no more than 25 items allowed",
    ),
    "empty actions": ([actions()], "no less than 1 items allowed"),
    "actions without elements": ([{"type": "actions"}], "missing required field: elements"),
    "input in actions": ([actions({"type": "number_input"})], "unsupported type: number_input"),
    "button text": ([actions(button("x" * 76, "a"))], less(75)),
    "button without text": (
        [actions({"type": "button", "action_id": "a"})],
        "missing required field: text",
    ),
    "button mrkdwn": (
        [actions(button("x", "a") | {"text": mrkdwn("x")})],
        "unsupported type: mrkdwn",
    ),
    "button value": ([actions(button("x", "a", value="x" * 2001))], less(2000)),
    "button value a number": ([actions(button("x", "a", value=7))], "must provide a string"),
    "button url": ([actions(button("x", "a", url="x" * 3001))], less(3000)),
    "button style": ([actions(button("x", "a", style="warning"))], "must be a valid enum value"),
    "button label for readers": (
        [actions(button("x", "a", accessibility_label="x" * 76))],
        less(75),
    ),
    "action id": ([actions(button("x", "a" * 256))], less(255)),
    "block id": ([section(block_id="b" * 256)], less(255)),
    "same block id": (
        [section(block_id="b"), section(block_id="b")],
        'block_id "b" already exists',
    ),
    "same action id": (
        [actions(button("x", "a"), button("y", "a"))],
        'action_id "a" already exists',
    ),
    "confirm title": (
        [actions(button("x", "a", confirm=confirm(title=long(101))))],
        less(100),
    ),
    "confirm text": (
        [actions(button("x", "a", confirm=confirm(text=long(301))))],
        less(300),
    ),
    "confirm button": (
        [actions(button("x", "a", confirm=confirm(confirm=long(31))))],
        less(30),
    ),
    "confirm deny": ([actions(button("x", "a", confirm=confirm(deny=long(31))))], less(30)),
    "confirm without deny": (
        [actions(button("x", "a", confirm=without(confirm(), "deny")))],
        "missing required field: deny",
    ),
    "option text": ([actions(select(options=[option("x" * 76)]))], less(75)),
    "option value": (
        [actions(select(options=[{"text": plain("x"), "value": "x" * 151}]))],
        less(150),
    ),
    "option description": (
        [actions(select(options=[{**option("a"), "description": plain("x" * 76)}]))],
        less(75),
    ),
    "option without value": (
        [actions(select(options=[{"text": plain("x")}]))],
        "missing required field: value",
    ),
    "101 options": (
        [actions(select(options=[option(f"o{n}") for n in range(101)]))],
        "no more than 100 items allowed",
    ),
    "no options": ([actions(select(options=[]))], "no less than 1 items allowed"),
    "neither options nor groups": (
        [actions(without(select(), "options"))],
        "must provide one of: options, option_groups",
    ),
    "options and groups": (
        [actions(select(option_groups=[{"label": plain("g"), "options": [option("a")]}]))],
        "only one of these may be provided",
    ),
    "foreign initial option": (
        [actions(select(initial_option=option("b")))],
        "initial_option must be one of the options",
    ),
    "foreign initial options": (
        [actions(select(type="checkboxes", initial_options=[option("b")]))],
        "initial_options must be among the options",
    ),
    "placeholder": ([actions(select(placeholder=plain("x" * 151)))], less(150)),
    "11 checkboxes": (
        [actions({"type": "checkboxes", "options": [option(f"o{n}") for n in range(11)]})],
        "no more than 10 items allowed",
    ),
    "11 radio buttons": (
        [actions({"type": "radio_buttons", "options": [option(f"o{n}") for n in range(11)]})],
        "no more than 10 items allowed",
    ),
    "6 in overflow": (
        [actions({"type": "overflow", "options": [option(f"o{n}") for n in range(6)]})],
        "no more than 5 items allowed",
    ),
    "empty overflow": ([actions({"type": "overflow", "options": []})], "no less than 1 items"),
    "date": ([actions({"type": "datepicker", "initial_date": "1.2.2026"})], "must match pattern"),
    "time": ([actions({"type": "timepicker", "initial_time": "25:00"})], "must match pattern"),
    "image without alt text": ([without(image(), "alt_text")], "missing required field: alt_text"),
    "image without source": ([without(image(), "image_url")], "must provide one of"),
    "image url": ([image(image_url="x" * 3001)], less(3000)),
    "input in a message": ([asking("a")], "unsupported type: input"),
    "alert in a message": ([{"type": "alert", "text": plain("x")}], "unsupported type: alert"),
    "101 rows": ([table(101)], "no more than 100 items allowed"),
    "21 columns": ([table(1, 21)], "no more than 20 items allowed"),
    "two tables": ([table(), table()], "only one table allowed"),
    "data table without caption": (
        [without(data_table(), "caption")],
        "missing required field: caption",
    ),
    "data table with a header only": ([data_table(1)], "no less than 2 items allowed"),
    "data table with a short row": (
        [data_table() | {"rows": [*data_table(1, 2)["rows"], *data_table(1, 1)["rows"]]}],
        "same number of cells",
    ),
    "data table with a rich header": (
        [data_table() | {"rows": [[rich({"type": "text", "text": "x"})], [RAW]]}],
        "unsupported type: rich_text",
    ),
    "cell without text": (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}],
        EMPTY,
    ),
    "markdown": ([markdown("x" * 12_001)], less(12_000)),
    "markdown together": ([markdown("x" * 7_000)] * 2, less(12_000)),
    "rich text without text": ([rich({"type": "text", "text": ""})], EMPTY),
    "rich text of unknown part": ([rich({"type": "sound"})], "unsupported type: sound"),
    "card title": ([card(title=plain("x" * 151))], less(150)),
    "card body": ([card(body=plain("x" * 201))], less(200)),
    "empty card": ([{"type": "card"}], "must provide one of"),
    "11 cards": (
        [{"type": "carousel", "elements": [card() for _ in range(11)]}],
        "no more than 10 items allowed",
    ),
    "section in a carousel": ([{"type": "carousel", "elements": [section()]}], "unsupported type"),
    "11 in container": ([container(child_blocks=[section()] * 11)], "no more than 10 items"),
    "container without title": ([without(container(), "title")], "must provide one of: title"),
    "task status": ([task(status="done")], "must be a valid enum value"),
    "task without title": ([without(task(), "title")], "missing required field: title"),
}


@pytest.mark.parametrize("name", IN_MESSAGES)
def test_a_message_is_refused_for(name: str) -> None:
    blocks, fault = IN_MESSAGES[name]
    said = faults_in_blocks(blocks, "message")
    assert any(fault in message for message in said), said
    assert all(m.startswith("[ERROR] ") and "[json-pointer:/blocks" in m for m in said)


def test_the_fault_points_at_the_place() -> None:
    said = faults_in_blocks([section(), actions(button("x" * 76, "a"))], "message")
    pointer = "/blocks/1/elements/0/text/text"
    assert said == [f"[ERROR] must be less than 76 characters [json-pointer:{pointer}]"]
