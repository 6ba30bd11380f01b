"""Slack gives every block and every element an id where the app gave none."""

import copy
import itertools
from collections.abc import Iterator

Json = dict[str, object]

NESTED = ("child_blocks", "tasks")
PASSIVE = {"image", "plain_text", "mrkdwn", "card", "raw_text", "rich_text", "url"}
_numbers = itertools.count(1)


def with_ids(blocks: list[Json]) -> list[Json]:
    named = copy.deepcopy(blocks)
    for block in blocks_in(named):
        if not block.get("block_id"):
            block["block_id"] = f"b{next(_numbers):05x}"
        for element in active_in(block):
            if not element.get("action_id"):
                element["action_id"] = f"a{next(_numbers):05x}"
    return named


def blocks_in(blocks: list[Json]) -> Iterator[Json]:
    """The blocks and those inside them: of a container, of a plan, the cards of a carousel."""
    for block in blocks:
        yield block
        for key in NESTED:
            yield from blocks_in(_objects(block.get(key)))
        if block.get("type") == "carousel":
            yield from blocks_in(_objects(block.get("elements")))


def active_in(block: Json) -> list[Json]:
    """The elements of this block that a person can work."""
    if block.get("type") in ("carousel", "rich_text"):
        return []
    single = [block.get("element"), block.get("accessory")]
    several = [*_objects(block.get("elements")), *_objects(block.get("actions"))]
    found = [entry for entry in single if isinstance(entry, dict)] + several
    return [entry for entry in found if entry.get("type") not in PASSIVE]


def worked(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks_in(blocks):
        for element in active_in(block):
            yield block, element


def _objects(value: object) -> list[Json]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
