"""The blocks, with their limits and the surfaces they are documented for.

Rules: docs.slack.dev/reference/block-kit/blocks and docs.slack.dev/blocks.json.
"""

from collections.abc import Mapping

from simulator.slack.blockkit import elements, newer
from simulator.slack.blockkit.checks import Check, Rule, boolean, items, kinds, shape, string
from simulator.slack.blockkit.objects import (
    ID_MOST,
    SLACK_FILE,
    URL_MOST,
    any_text,
    either,
    plain_text,
    some_of,
)

MODAL, HOME, MESSAGE = "modal", "home", "message"
EVERYWHERE = frozenset({MODAL, HOME, MESSAGE})


def block(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Rule) -> Check:
    identified = {"block_id": string(ID_MOST), **optional}
    return shape({"type": string(), **required}, identified, *rules)


CONTEXT_PARTS: dict[str, Check] = {
    "image": elements.IMAGE,
    "plain_text": plain_text(),
    "mrkdwn": any_text(),
}
SECTION = block(
    {},
    {
        "text": any_text(3000),
        "fields": items(any_text(2000), 10),
        "accessory": elements.accessory,
        "expand": boolean,
    },
    some_of("text", "fields"),
)
IMAGE = block(
    {"alt_text": string(2000)},
    {"image_url": string(URL_MOST), "slack_file": SLACK_FILE, "title": plain_text(2000)},
    either("image_url", "slack_file"),
)
INPUT = block(
    {"label": plain_text(2000), "element": elements.input_element},
    {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
)
VIDEO = block(
    {
        "alt_text": string(),
        "title": plain_text(199),
        "thumbnail_url": string(),
        "video_url": string(),
    },
    {
        "title_url": string(),
        "description": plain_text(199),
        "provider_icon_url": string(),
        "provider_name": string(49),
        "author_name": string(49),
    },
)

# type -> (its rules, the surfaces it may stand on)
BLOCKS: dict[str, tuple[Check, frozenset[str]]] = {
    "section": (SECTION, EVERYWHERE),
    "header": (block({"text": plain_text(150)}, {}), EVERYWHERE),
    "divider": (block({}, {}), EVERYWHERE),
    "image": (IMAGE, EVERYWHERE),
    "context": (block({"elements": items(kinds(lambda: CONTEXT_PARTS), 10)}, {}), EVERYWHERE),
    "actions": (block({"elements": items(elements.action_element, 25)}, {}), EVERYWHERE),
    "input": (INPUT, frozenset({MODAL, HOME})),
    "rich_text": (block(newer.RICH_TEXT, {}), EVERYWHERE),
    "video": (VIDEO, EVERYWHERE),
    "file": (block({"external_id": string(), "source": string()}, {}), frozenset({MESSAGE})),
    "markdown": (block({"text": string(12_000)}, {}), frozenset({MESSAGE, HOME})),
    "table": (block(*newer.TABLE), frozenset({MESSAGE, HOME})),
    "context_actions": (
        block({"elements": items(elements.context_action, 5)}, {}),
        frozenset({MESSAGE}),
    ),
    "alert": (block(*newer.ALERT), frozenset({MODAL})),
    "card": (block({}, newer.CARD, newer.card_says_something), EVERYWHERE),
    "carousel": (
        block({"elements": items(kinds(lambda: only("card")), 10)}, {}),
        frozenset({MESSAGE, HOME}),
    ),
    "container": (
        block(
            {"child_blocks": items(kinds(lambda: allowed_on(MESSAGE)), 10)},
            newer.CONTAINER,
            *newer.CONTAINER_RULES,
        ),
        frozenset({MESSAGE}),
    ),
    "task_card": (block(*newer.TASK_CARD), frozenset({MESSAGE})),
    "plan": (
        block(
            {"title": string()},
            {"tasks": items(kinds(lambda: only("task_card")), least=0)},
        ),
        frozenset({MESSAGE}),
    ),
    "data_table": (block(*newer.DATA_TABLE, newer.rows_agree), frozenset({MESSAGE})),
    "data_visualization": (newer.unpublished, frozenset({MESSAGE})),
}


def only(*names: str) -> dict[str, Check]:
    return {name: BLOCKS[name][0] for name in names}


NEWER = frozenset(
    "table context_actions alert card carousel container task_card plan data_table "
    "data_visualization".split()
)


def allowed_on(surface: str, *, newer: bool = True) -> dict[str, Check]:
    """`newer` where those count that a workspace may not have yet."""
    return {
        name: check
        for name, (check, surfaces) in BLOCKS.items()
        if surface in surfaces and (newer or name not in NEWER)
    }
