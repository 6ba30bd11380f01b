"""Every view, with the longest content that the rules allow: nothing is lost, nothing is a trap.

The contents are `tests.handlers.extremes.EXTREMES`, which the playground's tests draw as well.
"""

import pkgutil
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import handlers.views
from handlers.views.blocks import BLOCKS_A_MESSAGE, Message, section
from handlers.views.plan import RUN_WORDS
from handlers.views.words import OUTCOME_WORDS
from simulator.slack.blockkit import faults_in_blocks, faults_in_view
from tests.handlers import extremes
from tests.handlers.extremes import EXTREMES
from tests.handlers.heights import SCREEN, height

MESSAGES = [(name, drawn) for name, drawn in EXTREMES if isinstance(drawn, Message)]
MODALS = [(name, drawn) for name, drawn in EXTREMES if isinstance(drawn, dict)]
FORMS = [
    pytest.param(name, form, id=f"{name}-{how}")
    for name, drawn in MESSAGES
    for how, form in (("newer", drawn), ("classic", drawn.in_classic()))
]
IN_FULL_FOR_ONE = ("checks-", "explanation", "names", "words-", "answer-of-many-lines")
"""What one person alone asked for in full: where nothing folds, it is as long as it is."""
WORDS = {
    sign: {one for other, one in (*OUTCOME_WORDS.values(), *RUN_WORDS.values()) if other == sign}
    for sign, _ in (*OUTCOME_WORDS.values(), *RUN_WORDS.values())
}
MORE = re.compile(r"in full|The file ")

each_form = pytest.mark.parametrize(("name", "form"), FORMS)


def texts(node: object) -> Iterator[str]:
    """Everything that is read."""
    if isinstance(node, Mapping):
        for key, inner in node.items():
            if key in ("text", "fallback") and isinstance(inner, str):
                yield inner
            yield from texts(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from texts(inner)


def buttons(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [element for row in rows for element in row]


@each_form
def test_slack_takes_it(name: str, form: Message) -> None:
    blocks = form.as_dicts()
    assert faults_in_blocks(blocks, "message") == []
    assert len(blocks) <= BLOCKS_A_MESSAGE


@pytest.mark.parametrize(("name", "view"), MODALS)
def test_slack_opens_it(name: str, view: dict[str, Any]) -> None:
    assert faults_in_view(view) == []


@each_form
def test_it_is_no_more_than_two_screens(name: str, form: Message) -> None:
    whole = height(form.as_dicts())
    long = not form.has_newer and name.startswith(IN_FULL_FOR_ONE)
    assert whole <= 2 * SCREEN or long, f"{whole} lines"


@each_form
def test_what_is_cut_says_where_all_of_it_stands(name: str, form: Message) -> None:
    said = "\n".join(texts(form.as_dicts()))
    assert "…" not in said or form.file or MORE.search(said), name


@each_form
def test_there_is_plain_text_for_who_sees_no_blocks(name: str, form: Message) -> None:
    assert form.text.strip()
    assert len(form.text) <= 4000


@each_form
def test_no_sign_means_anything_without_its_word(name: str, form: Message) -> None:
    for text in (form.text, *texts(form.as_dicts())):
        for line in text.split("\n"):
            for sign in re.findall(r"(?<![\w&]):[a-z_]+:", line):
                assert any(word in line for word in WORDS[sign]), line


@each_form
def test_buttons_with_the_same_label_are_told_apart(name: str, form: Message) -> None:
    said = [
        one.get("accessibility_label") or one["text"]["text"] for one in buttons(form.as_dicts())
    ]
    assert [label for label, times in Counter(said).items() if times > 1] == []


@each_form
def test_at_most_two_buttons_stand_out_and_none_by_colour_alone(name: str, form: Message) -> None:
    shown = buttons(form.as_dicts())
    assert sum(one.get("style") == "primary" for one in shown) <= 2
    assert all(one["text"]["text"].strip() for one in shown)


def test_more_blocks_than_a_message_has_are_never_left_out_in_silence() -> None:
    with pytest.raises(ValueError, match="blocks"):
        Message("x", tuple(section("x") for _ in range(BLOCKS_A_MESSAGE + 1))).as_dicts()


def test_no_view_is_forgotten_in_the_extremes() -> None:
    """Every function of the views that draws a message or a modal is called there."""
    folder = Path(extremes.__file__).parent
    called = "".join(one.read_text(encoding="utf-8") for one in folder.glob("extreme*.py"))
    for module in pkgutil.iter_modules(handlers.views.__path__):
        found = import_module(f"handlers.views.{module.name}")
        own = (one for one in vars(found) if one.endswith(("_message", "_view")))
        for one in own:
            if not one.startswith("_") and getattr(found, one).__module__ == found.__name__:
                assert re.search(rf"\b{one}\(", called), f"{module.name}.{one}"
