"""What the younger blocks hold: rich text, table, alert, card, container, task card.

Rules: docs.slack.dev/reference/block-kit/blocks, and the docstrings of slack_sdk 3.47.
"""

from simulator.slack.blockkit.checks import (
    Check,
    Faults,
    Rule,
    anything,
    boolean,
    choice,
    integer,
    items,
    kinds,
    shape,
    string,
)
from simulator.slack.blockkit.elements import IMAGE, button
from simulator.slack.blockkit.objects import ID_MOST, any_text, plain_text, some_of

PARTS = ("text", "link", "user", "usergroup", "channel", "team", "emoji", "date", "broadcast")
LINES = ("rich_text_section", "rich_text_preformatted", "rich_text_quote")


def _tagged(value: object, pointer: str, faults: Faults) -> None:
    if not isinstance(value, dict):
        faults.say("must provide an object", pointer)
    elif value.get("type") not in (*PARTS, "color"):
        faults.say(f"unsupported type: {value.get('type')}", f"{pointer}/type")
    elif value["type"] == "text":
        string()(value.get("text"), f"{pointer}/text", faults)


def _line(kind: str) -> Check:
    return shape({"type": choice(kind), "elements": items(_tagged, least=0)}, {"border": anything})


LINE_KINDS: dict[str, Check] = {kind: _line(kind) for kind in LINES}
LINE_KINDS["rich_text_list"] = shape(
    {
        "type": choice("rich_text_list"),
        "style": choice("bullet", "ordered"),
        "elements": items(kinds(lambda: {"rich_text_section": LINE_KINDS["rich_text_section"]})),
    },
    {"indent": anything, "offset": anything, "border": anything},
)
RICH_TEXT: dict[str, Check] = {"elements": items(kinds(lambda: LINE_KINDS))}
rich_text = shape(
    {"type": choice("rich_text"), **RICH_TEXT},
    {"block_id": string(ID_MOST)},
)

CELLS: dict[str, Check] = {
    "raw_text": shape({"type": choice("raw_text"), "text": string()}),
    "raw_number": shape({"type": choice("raw_number"), "value": anything}, {"text": string()}),
    "rich_text": rich_text,
}


def _column(value: object, pointer: str, faults: Faults) -> None:
    if value is not None:
        column = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})
        column(value, pointer, faults)


TABLE: tuple[dict[str, Check], dict[str, Check]] = (
    {"rows": items(items(kinds(lambda: CELLS), 20), 100)},
    {"column_settings": items(_column, 20)},
)
ALERT: tuple[dict[str, Check], dict[str, Check]] = (
    {"text": any_text()},
    {"level": choice("default", "info", "warning", "error", "success")},
)
CARD: dict[str, Check] = {
    "hero_image": IMAGE,
    "icon": IMAGE,
    "title": any_text(150),
    "subtitle": any_text(150),
    "body": any_text(200),
    "actions": items(button),
}
card_says_something: Rule = some_of("hero_image", "title", "actions", "body")
CONTAINER: dict[str, Check] = {
    "title": plain_text(150),
    "rich_text_title": rich_text,
    "subtitle": any_text(150),
    "width": choice("narrow", "standard", "wide", "full"),
    "icon": IMAGE,
    "is_collapsible": boolean,
    "default_collapsed": boolean,
    "has_header_divider": boolean,
}


def folds_sensibly(value: dict[str, object], pointer: str, faults: Faults) -> None:
    folding = value.get("is_collapsible") is True
    if folding and value.get("has_header_divider") is not None:
        faults.say("has_header_divider needs is_collapsible false", f"{pointer}/has_header_divider")
    if not folding and value.get("default_collapsed") is True:
        faults.say("default_collapsed needs is_collapsible", f"{pointer}/default_collapsed")


CONTAINER_RULES: tuple[Rule, ...] = (some_of("title", "rich_text_title"), folds_sensibly)
SOURCE = shape({"type": choice("url"), "url": string(), "text": string()})
TASK_CARD: tuple[dict[str, Check], dict[str, Check]] = (
    {
        "task_id": string(),
        "title": string(),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
    {"details": rich_text, "output": rich_text, "sources": items(SOURCE, least=0)},
)


DATA_TABLE: tuple[dict[str, Check], dict[str, Check]] = (
    {"caption": string(), "rows": items(items(kinds(lambda: CELLS), 20), 101, least=2)},
    {"page_size": integer(1, 100), "row_header_column_index": integer(0)},
)


def rows_agree(value: dict[str, object], pointer: str, faults: Faults) -> None:
    """The first row is a header, without rich text; every row is as long as it."""
    rows = value.get("rows")
    lists = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    for number, row in enumerate(lists):
        if len(row) != len(lists[0]):
            faults.say("rows must have the same number of cells", f"{pointer}/rows/{number}")
    for number, cell in enumerate(lists[0] if lists else ()):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            faults.say("unsupported type: rich_text", f"{pointer}/rows/0/{number}/type")


def unpublished(value: object, pointer: str, faults: Faults) -> None:
    """data_visualization: no limit is published, so only the id is looked at."""
    if isinstance(value, dict) and value.get("block_id") is not None:
        string(ID_MOST)(value["block_id"], f"{pointer}/block_id", faults)
