"""The widest and longest content of every view, drawn as the playground draws it: nothing is cut,
nothing lies over something else, nothing goes beyond the window."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from playwright.async_api import Browser, Page

from bot.demo.playground.forms import modal_html
from bot.demo.playground.messages import message_html, placed
from bot.demo.playground.page import STYLE
from bot.demo.playground.reader import Reader
from bot.demo.simulated import Json, Message
from handlers.views import blocks
from simulator.slack.naming import with_ids
from simulator.slack.values import state_values
from tests.browser.person import Picturing
from tests.handlers.extremes import EXTREMES

pytestmark = pytest.mark.browser

WIDTHS = (1280, 400)
READER = Reader({}, "U0READER")
"""Nobody is known by name: ids are the longest that mentions become."""

AMISS = (Path(__file__).parent / "amiss.js").read_text()


@pytest.fixture(scope="module", params=WIDTHS, ids=lambda width: f"{width}")
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """An empty page of this width."""
    context = await browser.new_context(viewport={"width": request.param, "height": 800})
    yield await context.new_page()
    await context.close()


def _drawn(shown: blocks.Message | dict[str, Any]) -> Markup:
    """As Slack would hand it to the playground."""
    if isinstance(shown, dict):
        parts = with_ids(shown["blocks"])
        errors = {str(one["block_id"]): "W" * 60 for one in parts if one["type"] == "input"}
        view: Json = {
            **shown,
            "id": "V1",
            "blocks": parts,
            "state": {"values": state_values(parts, {})},
        }
        return Markup("<dialog open>{}</dialog>").format(modal_html(view, errors, READER))
    parts = with_ids(shown.as_dicts())
    message = Message("general", "1.0", "d365bot", "olga", shown.text, tuple(parts), 1)
    (place,) = placed([message], frozenset())
    html = Markup('<ol class="messages"><li><div>{}</div></li></ol>')
    return html.format(message_html(place, READER))


def _page(body: Markup) -> str:
    """Everything that folds is open."""
    head = f"<meta charset=utf-8><style>{STYLE.read_text()}</style>"
    return f"<!doctype html>{head}<body>{str(body).replace('<details', '<details open')}"


async def _amiss(page: Page, body: Markup) -> list[str]:
    await page.set_content(_page(body))
    found: list[str] = await page.evaluate(AMISS)
    return found


@pytest.mark.parametrize(("name", "shown"), [pytest.param(*one, id=one[0]) for one in EXTREMES])
async def test_nothing_is_cut_or_lies_over_something_else(
    page: Page, picturing: Picturing, name: str, shown: blocks.Message | dict[str, Any]
) -> None:
    forms: list[blocks.Message | dict[str, Any]] = [shown]
    if isinstance(shown, blocks.Message):
        forms.append(shown.in_classic())
    for number, form in enumerate(forms):
        assert await _amiss(page, _drawn(form)) == []
        width = page.viewport_size["width"] if page.viewport_size else 0
        await picturing.take(page, f"widest-{name}-{number}-{width}")


@pytest.mark.parametrize(
    ("css", "word"),
    [
        (".text { white-space: nowrap; overflow: hidden }", "cut"),
        (".said { overflow-wrap: normal; white-space: nowrap }", "beyond|wider"),
        (".said h3 { margin-bottom: -30px }", "lies over another"),
    ],
)
async def test_the_check_sees_what_is_wrong(page: Page, css: str, word: str) -> None:
    """A test that finds nothing wrong anywhere would prove nothing."""
    longest = blocks.Message("x", (blocks.header("H"), blocks.section("word " * 200)))
    await page.set_content(_page(_drawn(longest)))
    await page.add_style_tag(content=css)
    found = await page.evaluate(AMISS)
    assert any(part in one for one in found for part in word.split("|")), found
