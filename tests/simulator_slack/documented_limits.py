"""Each number that Slack documents for blocks and views, and how to make something so large."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulator_slack.playing import asking, button, modal, option, plain
from tests.simulator_slack.shapes import (
    Block,
    actions,
    card,
    confirm,
    container,
    data_table,
    image,
    long,
    markdown,
    mrkdwn,
    section,
    select,
    table,
)


@dataclass(frozen=True)
class Limit:
    """`make` gives the blocks of a message, or a view, of the size that is asked for."""

    name: str
    most: int
    make: Callable[[int], Any]
    pointer: str


def several(number: int) -> list[Block]:
    return [option(f"o{each}") for each in range(number)]


def in_actions(make: Callable[[int], Block]) -> Callable[[int], Any]:
    return lambda size: [actions(make(size))]


def in_confirm(part: str) -> Callable[[int], Any]:
    return lambda size: [actions(button("x", "a", confirm=confirm(**{part: long(size)})))]


def in_video(part: str, make: Callable[[int], Any]) -> Callable[[int], Any]:
    video = {"type": "video", "alt_text": "x", "title": plain("x"), "thumbnail_url": "https://x"}
    return lambda size: [{**video, "video_url": "https://x", part: make(size)}]


def in_input(make: Callable[[int], Block]) -> Callable[[int], Any]:
    return lambda size: modal(asking("a", make(size)))


def text_input(**more: Any) -> Block:
    return {"type": "plain_text_input", **more}


def words(size: int) -> str:
    return "x" * size


def feedback(**more: Any) -> Block:
    return {"text": plain("x"), "value": "x", **more}


def reacting(*elements: Block) -> list[Block]:
    return [{"type": "context_actions", "elements": list(elements)}]


def of_one_cell(kind: str, characters: int) -> Block:
    """A table whose last cell brings the sum of all cells to so many characters."""
    whole = table() if kind == "table" else data_table()
    before = len(whole["rows"]) - 1
    last = {"type": "raw_text", "text": "x" * (characters - before)}
    return {**whole, "rows": [*whole["rows"][:-1], [last]]}


def icon(number: int = 0, **more: Any) -> Block:
    return {
        "type": "icon_button",
        "icon": "trash",
        "text": plain("x"),
        "action_id": f"i{number}",
        **more,
    }


def rated(**more: Any) -> list[Block]:
    sides = {"positive_button": feedback(**more), "negative_button": feedback()}
    return reacting({"type": "feedback_buttons", "action_id": "f", **sides})


E0 = "/blocks/0/elements/0"
IN_MESSAGES = (
    Limit("blocks", 50, lambda n: [section()] * n, "/blocks"),
    Limit("block id", 255, lambda n: [section(block_id="b" * n)], "/blocks/0/block_id"),
    Limit("section text", 3000, lambda n: [section("x" * n)], "/blocks/0/text/text"),
    Limit("fields", 10, lambda n: [section(fields=[mrkdwn("x")] * n)], "/blocks/0/fields"),
    Limit(
        "field text",
        2000,
        lambda n: [section(fields=[mrkdwn("x" * n)])],
        "/blocks/0/fields/0/text",
    ),
    Limit(
        "header text",
        150,
        lambda n: [{"type": "header", "text": long(n)}],
        "/blocks/0/text/text",
    ),
    Limit(
        "context elements",
        10,
        lambda n: [{"type": "context", "elements": [mrkdwn("x")] * n}],
        "/blocks/0/elements",
    ),
    Limit(
        "action elements",
        25,
        lambda n: [actions(*(button("x", f"a{each}") for each in range(n)))],
        "/blocks/0/elements",
    ),
    Limit("action id", 255, in_actions(lambda n: button("x", "a" * n)), f"{E0}/action_id"),
    Limit("button text", 75, in_actions(lambda n: button("x" * n, "a")), f"{E0}/text/text"),
    Limit(
        "button value", 2000, in_actions(lambda n: button("x", "a", value="x" * n)), f"{E0}/value"
    ),
    Limit("button url", 3000, in_actions(lambda n: button("x", "a", url="x" * n)), f"{E0}/url"),
    Limit(
        "button label",
        75,
        in_actions(lambda n: button("x", "a", accessibility_label="x" * n)),
        f"{E0}/accessibility_label",
    ),
    Limit("confirm title", 100, in_confirm("title"), f"{E0}/confirm/title/text"),
    Limit("confirm text", 300, in_confirm("text"), f"{E0}/confirm/text/text"),
    Limit("confirm yes", 30, in_confirm("confirm"), f"{E0}/confirm/confirm/text"),
    Limit("confirm no", 30, in_confirm("deny"), f"{E0}/confirm/deny/text"),
    Limit("options", 100, in_actions(lambda n: select(options=several(n))), f"{E0}/options"),
    Limit(
        "option text",
        75,
        in_actions(lambda n: select(options=[{"text": long(n), "value": "x"}])),
        f"{E0}/options/0/text/text",
    ),
    Limit(
        "option value",
        150,
        in_actions(lambda n: select(options=[{"text": plain("x"), "value": "x" * n}])),
        f"{E0}/options/0/value",
    ),
    Limit(
        "option description",
        75,
        in_actions(lambda n: select(options=[{**option("a"), "description": long(n)}])),
        f"{E0}/options/0/description/text",
    ),
    Limit(
        "option groups",
        100,
        in_actions(lambda n: grouped([{"label": plain("x"), "options": several(1)}] * n)),
        f"{E0}/option_groups",
    ),
    Limit(
        "option group label",
        75,
        in_actions(lambda n: grouped([{"label": long(n), "options": several(1)}])),
        f"{E0}/option_groups/0/label/text",
    ),
    Limit(
        "placeholder",
        150,
        in_actions(lambda n: select(placeholder=long(n))),
        f"{E0}/placeholder/text",
    ),
    Limit(
        "checkboxes",
        10,
        in_actions(lambda n: {"type": "checkboxes", "action_id": "c", "options": several(n)}),
        f"{E0}/options",
    ),
    Limit(
        "radio buttons",
        10,
        in_actions(lambda n: {"type": "radio_buttons", "action_id": "c", "options": several(n)}),
        f"{E0}/options",
    ),
    Limit(
        "overflow",
        5,
        in_actions(lambda n: {"type": "overflow", "action_id": "c", "options": several(n)}),
        f"{E0}/options",
    ),
    Limit("image url", 3000, lambda n: [image(image_url="x" * n)], "/blocks/0/image_url"),
    Limit("image alt text", 2000, lambda n: [image(alt_text="x" * n)], "/blocks/0/alt_text"),
    Limit("image title", 2000, lambda n: [image(title=long(n))], "/blocks/0/title/text"),
    Limit("table rows", 100, lambda n: [table(n)], "/blocks/0/rows"),
    Limit("table columns", 20, lambda n: [table(1, n)], "/blocks/0/rows/0"),
    Limit("tables", 1, lambda n: [table()] * n, "/blocks"),
    Limit("data table rows", 101, lambda n: [data_table(n)], "/blocks/0/rows"),
    Limit("data table columns", 20, lambda n: [data_table(2, n)], "/blocks/0/rows/0"),
    Limit("data table page", 100, lambda n: [data_table(page_size=n)], "/blocks/0/page_size"),
    Limit("markdown", 12_000, lambda n: [markdown("x" * n)], "/blocks/0/text"),
    Limit(
        "markdown together", 12_000, lambda n: [markdown("x"), markdown("x" * (n - 1))], "/blocks"
    ),
    Limit("characters of a table", 10_000, lambda n: [of_one_cell("table", n)], "/blocks"),
    Limit("characters of a data table", 10_000, lambda n: [of_one_cell("data", n)], "/blocks"),
    Limit("card title", 150, lambda n: [card(title=long(n))], "/blocks/0/title/text"),
    Limit("card subtitle", 150, lambda n: [card(subtitle=long(n))], "/blocks/0/subtitle/text"),
    Limit("card body", 200, lambda n: [card(body=long(n))], "/blocks/0/body/text"),
    Limit(
        "carousel",
        10,
        lambda n: [{"type": "carousel", "elements": [card()] * n}],
        "/blocks/0/elements",
    ),
    Limit(
        "container",
        10,
        lambda n: [container(child_blocks=[section()] * n)],
        "/blocks/0/child_blocks",
    ),
    Limit("container title", 150, lambda n: [container(title=long(n))], "/blocks/0/title/text"),
    Limit(
        "context actions",
        5,
        lambda n: reacting(*(icon(each) for each in range(n))),
        "/blocks/0/elements",
    ),
    Limit("feedback text", 75, lambda n: rated(text=long(n)), f"{E0}/positive_button/text/text"),
    Limit("feedback value", 2000, lambda n: rated(value="x" * n), f"{E0}/positive_button/value"),
    Limit(
        "people who see an icon",
        10,
        lambda n: reacting(icon(visible_to_user_ids=["U1"] * n)),
        f"{E0}/visible_to_user_ids",
    ),
    Limit("video title", 199, in_video("title", long), "/blocks/0/title/text"),
    Limit("video author", 49, in_video("author_name", words), "/blocks/0/author_name"),
)
INPUT = "/view/blocks/0"
IN_VIEWS = (
    Limit("blocks of a view", 100, lambda n: modal(*[section()] * n), "/view/blocks"),
    Limit("title", 24, lambda n: modal(section(), title=long(n)), "/view/title/text"),
    Limit("submit", 24, lambda n: modal(section(), submit=long(n)), "/view/submit/text"),
    Limit("close", 24, lambda n: modal(section(), close=long(n)), "/view/close/text"),
    Limit(
        "private metadata",
        3000,
        lambda n: modal(section(), private_metadata="x" * n),
        "/view/private_metadata",
    ),
    Limit("callback id", 255, lambda n: modal(section(), callback_id="x" * n), "/view/callback_id"),
    Limit("external id", 255, lambda n: modal(section(), external_id="x" * n), "/view/external_id"),
    Limit("label", 2000, lambda n: modal(asking("a", label=long(n))), f"{INPUT}/label/text"),
    Limit("hint", 2000, lambda n: modal(asking("a", hint=long(n))), f"{INPUT}/hint/text"),
    Limit(
        "placeholder of an input",
        150,
        in_input(lambda n: text_input(placeholder=long(n))),
        f"{INPUT}/element/placeholder/text",
    ),
    Limit(
        "max length",
        3000,
        in_input(lambda n: text_input(max_length=n)),
        f"{INPUT}/element/max_length",
    ),
    Limit(
        "initial value",
        3000,
        in_input(lambda n: text_input(initial_value="x" * n)),
        f"{INPUT}/element/initial_value",
    ),
    Limit(
        "files",
        10,
        in_input(lambda n: {"type": "file_input", "max_files": n}),
        f"{INPUT}/element/max_files",
    ),
    Limit(
        "focused elements",
        1,
        lambda n: modal(*(asking(f"b{i}", text_input(focus_on_load=True)) for i in range(n))),
        "/view/blocks",
    ),
)


def grouped(groups: list[Block]) -> Block:
    return {"type": "static_select", "action_id": "s", "option_groups": groups}


def every() -> Iterator[Limit]:
    yield from IN_MESSAGES
    yield from IN_VIEWS
