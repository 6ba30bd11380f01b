"""With the keyboard alone, by axe's rules, and in a window as narrow as a telephone."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser

SIZES = [(1280, 800), (400, 800)]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def _keys(person: Person, *keys: str) -> None:
    for key in keys:
        await person.page.keyboard.press(key)


async def _tab_to(person: Person, text: str, *, at_most: int = 80) -> None:
    """Goes on with Tab until the focus is on what says this."""
    said = """(() => { const at = document.activeElement;
        return at === document.body ? "" : at.textContent + (at.ariaLabel || ""); })()"""
    for _ in range(at_most):
        await person.page.keyboard.press("Tab")
        if text in await person.page.evaluate(said):
            return
    raise AssertionError(f"Tab does not reach {text!r}")


async def test_the_keyboard_alone_sets_up_tests_and_asks(olga: Person) -> None:
    page = olga.page
    await _tab_to(olga, "Message or slash command")
    await page.keyboard.type("/d365 setu")
    await olga.sees("opens the setup form", within="#suggestions")
    await _keys(olga, "ArrowDown", "Enter")
    await expect(page.locator("#composer")).to_have_value("/d365 setup ")
    await page.keyboard.type("keyboard-only")
    await _keys(olga, "Enter")
    name = page.get_by_label("Name of the connection")
    await expect(name).to_have_value("keyboard-only")
    await expect(name).to_be_focused()
    await _tab_to(olga, "Fill in what fits")
    await _keys(olga, "Enter")
    await expect(page.get_by_label("Microsoft Entra tenant", exact=True)).not_to_be_empty()
    await _tab_to(olga, "Save")
    await _keys(olga, "Enter")
    await olga.reads_title("Setup of keyboard-only saved")
    await expect(page.locator("#composer")).to_be_focused()
    await page.keyboard.type("/d365 test keyboard-only")
    await _keys(olga, "Enter")
    await olga.reads_title(re.compile("^Test of keyboard-only"))


async def test_escape_closes_a_form_and_gives_the_focus_back(olga: Person) -> None:
    await olga.says("/d365 setup")
    await expect(olga.page.get_by_label("Name of the connection")).to_be_focused()
    await _keys(olga, "Escape")
    await expect(olga.page.locator("#modal")).not_to_be_visible()
    await expect(olga.page.locator("#composer")).to_be_focused()


async def test_a_form_keeps_the_focus_inside(olga: Person) -> None:
    await olga.says("/d365 setup")
    await expect(olga.page.get_by_label("Name of the connection")).to_be_focused()
    inside = (
        "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
    )
    for _ in range(40):
        await _keys(olga, "Tab")
        assert await olga.page.evaluate(inside)
    await _keys(olga, "Escape")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
async def test_axe_finds_nothing(olga: Person, size: tuple[int, int]) -> None:
    page, found = olga.page, {}
    await olga.says("/d365 help")
    await olga.sees("Your roles")
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    found["a channel"] = await olga.amiss()
    await page.locator("#composer").fill("/d365 s")
    await olga.sees("opens the setup form", within="#suggestions")
    found["completion"] = await olga.amiss()
    await page.locator("#composer").fill("/d365 setup axe-here")
    await page.locator("#composer").press("Enter")
    await olga.fills_in_what_fits()
    await page.get_by_label("Microsoft Entra tenant", exact=True).fill("nothing like it")
    await olga.presses("Save", within="dialog")
    await olga.sees("neither a tenant id", within="dialog")
    found["a form with an error"] = await olga.amiss()
    await _keys(olga, "Escape")
    await expect(page.locator("#modal")).not_to_be_visible()
    await olga.goes_to("d365bot Home")
    found["Home"] = await olga.amiss()
    await olga.looks_at("World")
    for title in ("By hand, outside Slack", "Both sides: what changed", "Calls that were made"):
        await page.get_by_text(title, exact=True).click()
    found["the world"] = await olga.amiss()
    assert {where: what for where, what in found.items() if what} == {}


async def test_nothing_goes_beyond_a_narrow_window(olga: Person) -> None:
    page = olga.page
    await page.set_viewport_size({"width": 400, "height": 800})
    for view in ("Places", "Slack", "World"):
        await olga.looks_at(view)
        assert await page.evaluate(SIDEWAYS) <= 0, view
        await olga.takes_picture(f"narrow-{view.lower()}")
    await olga.goes_to("# general")
    await olga.sees("#general")
    await olga.says("/d365 setup")
    await expect(page.get_by_label("Name of the connection")).to_be_in_viewport()
    save = page.locator("dialog").get_by_role("button", name="Save", exact=True)
    await expect(save).to_be_in_viewport()
    await olga.takes_picture("narrow-form")
    await _keys(olga, "Escape")
