"""Whole lists of blocks, and views: count, surface, identity, size.

Rules: docs.slack.dev/reference/block-kit/blocks, docs.slack.dev/reference/views.
"""

import json
from collections import Counter
from collections.abc import Iterator

from simulator.slack.blockkit.blocks import HOME, MESSAGE, MODAL, allowed_on
from simulator.slack.blockkit.checks import (
    Check,
    Faults,
    anything,
    boolean,
    choice,
    items,
    kinds,
    shape,
    string,
)
from simulator.slack.blockkit.objects import ID_MOST, plain_text

BLOCKS_MOST = {MESSAGE: 50, MODAL: 100, HOME: 100}
VIEW_BYTES_MOST = 250_000
MARKDOWN_MOST = 12_000
CELLS_MOST = 10_000
TABLES = ("table", "data_table")
SCALARS: dict[str, Check] = {
    "callback_id": string(ID_MOST, least=0),
    "private_metadata": string(3000, least=0),
    "external_id": string(ID_MOST, least=0),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
    "title": plain_text(24),
    "submit": plain_text(24),
    "close": plain_text(24),
}
VIEWS: dict[str, Check] = {
    MODAL: shape({"type": choice(MODAL), "title": plain_text(24), "blocks": anything}, SCALARS),
    HOME: shape({"type": choice(HOME), "blocks": anything}, SCALARS),
}


def faults_in_blocks(
    blocks: object, surface: str, pointer: str = "/blocks", *, newer: bool = True
) -> list[str]:
    """`newer` where the workspace takes the blocks that Slack took up lately."""
    faults = Faults()
    one = kinds(lambda: allowed_on(surface, newer=newer))
    items(one, BLOCKS_MOST[surface], least=0)(blocks, pointer, faults)
    whole = [block for block in _listed(blocks) if isinstance(block, dict)]
    _identities(whole, pointer, faults)
    _one_each(whole, pointer, faults)
    return faults.messages


def faults_in_view(view: object, pointer: str = "/view") -> list[str]:
    faults = Faults()
    kinds(lambda: VIEWS)(view, pointer, faults)
    if isinstance(view, dict) and view.get("type") in tuple(VIEWS):
        where = f"{pointer}/blocks"
        if view.get("blocks") is not None:
            faults.messages += faults_in_blocks(view["blocks"], view["type"], where)
        blocks = _listed(view.get("blocks"))
        asks = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
        if view["type"] == MODAL and asks and view.get("submit") is None:
            faults.say("missing required field: submit", pointer)
    return faults.messages


def too_large(view: object) -> bool:
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES_MOST


def elements_in(block: dict[str, object]) -> Iterator[dict[str, object]]:
    """Everything in a block that carries an action, however deep, but not in child blocks."""
    for key, value in block.items():
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict) and key in ("element", "elements", "accessory", "actions"):
                yield entry
                if entry.get("type") == "card":
                    yield from elements_in(entry)


def _listed(blocks: object) -> list[object]:
    return blocks if isinstance(blocks, list) else []


def _identities(blocks: list[dict[str, object]], pointer: str, faults: Faults) -> None:
    seen: set[object] = set()
    for number, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id is not None and str(block_id) in seen:
            faults.say(f'block_id "{block_id}" already exists', f"{pointer}/{number}/block_id")
        seen.add(str(block_id))
        named = [e["action_id"] for e in elements_in(block) if e.get("action_id") is not None]
        for action_id, times in Counter(map(str, named)).items():
            if times > 1:
                what = f'action_id "{action_id}" already exists in this block'
                faults.say(what, f"{pointer}/{number}")


def _one_each(blocks: list[dict[str, object]], pointer: str, faults: Faults) -> None:
    """One table a message and so much in it, one focus a view, one allowance of markdown."""
    if sum(block.get("type") == "table" for block in blocks) > 1:
        faults.say("only one table allowed", pointer)
    cells = [block.get("rows") for block in blocks if block.get("type") in TABLES]
    if _characters(cells) > CELLS_MOST:
        faults.say(f"cells must be less than {CELLS_MOST + 1} characters together", pointer)
    focused = [e for block in blocks for e in elements_in(block) if e.get("focus_on_load") is True]
    if len(focused) > 1:
        faults.say("only one element may have focus_on_load", pointer)
    texts = [block.get("text") for block in blocks if block.get("type") == "markdown"]
    together = sum(len(text) for text in texts if isinstance(text, str))
    if len(texts) > 1 and together > MARKDOWN_MOST:
        faults.say(f"markdown must be less than {MARKDOWN_MOST + 1} characters together", pointer)


def _characters(value: object) -> int:
    """Of every text in it, however deep."""
    if isinstance(value, list):
        return sum(map(_characters, value))
    if isinstance(value, dict):
        text = value.get("text")
        own = len(text) if isinstance(text, str) else 0
        return own + sum(_characters(part) for part in value.values())
    return 0
