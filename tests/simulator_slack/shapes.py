"""Blocks to build wrong ones from."""

from typing import Any

from tests.simulator_slack.playing import option, plain

Block = dict[str, Any]


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "s", "options": [option("a")], **more}


def image(**more: Any) -> Block:
    return {"type": "image", "alt_text": "a", "image_url": "https://pics.example/a.png", **more}


def card(**more: Any) -> Block:
    return {"type": "card", "title": plain("Main"), **more}


def container(**more: Any) -> Block:
    return {"type": "container", "title": plain("More"), "child_blocks": [section()], **more}


def table(rows: int = 1, columns: int = 1) -> Block:
    cell = {"type": "raw_text", "text": "x"}
    return {"type": "table", "rows": [[cell] * columns] * rows}


def data_table(rows: int = 2, columns: int = 1, **more: Any) -> Block:
    cells = [[{"type": "raw_text", "text": "x"}] * columns] * rows
    return {"type": "data_table", "caption": "Audit", "rows": cells, **more}


def task(**more: Any) -> Block:
    return {"type": "task_card", "task_id": "1", "title": "Ping", "status": "pending", **more}


def confirm(**more: Any) -> Block:
    asked = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes")}
    return {**asked, "deny": plain("No"), **more}


def markdown(text: str) -> Block:
    return {"type": "markdown", "text": text}


def rich(*parts: Block) -> Block:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(parts)}],
    }


def long(length: int) -> Block:
    return plain("x" * length)


def less(most: int) -> str:
    return f"must be less than {most + 1} characters"


def without(block: Block, key: str) -> Block:
    return {name: value for name, value in block.items() if name != key}


EMPTY = "must be more than 0 characters"
