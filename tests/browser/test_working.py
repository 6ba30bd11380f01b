"""Everything that can be worked in a message: choices, confirmations, threads, folded parts.
The bot does not use all of it today; whoever changes a view may tomorrow."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser

NOT_OURS = "This button is from another version of the bot."
OPTIONS = [
    {"text": {"type": "plain_text", "text": text}, "value": value}
    for text, value in (("The first", "1"), ("The second", "2"))
]
CONFIRM = {
    "title": {"type": "plain_text", "text": "Are you sure?"},
    "text": {"type": "mrkdwn", "text": "It *cannot* be undone."},
    "confirm": {"type": "plain_text", "text": "Yes, do it"},
    "deny": {"type": "plain_text", "text": "No"},
}


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


@pytest.fixture
def ready(demo_folder: Path) -> dict[str, Any]:
    """What the simulators of the demo say of themselves."""
    found: dict[str, Any] = json.loads((demo_folder / "ready.json").read_text())
    return found


def _post(ready: dict[str, Any], **message: Any) -> str:
    """As the bot; the message's time."""
    answer = httpx.post(
        f"{ready['slack_api_url']}chat.postMessage",
        headers={"Authorization": f"Bearer {ready['bot_token']}"},
        json={"channel": ready["channels"]["crm-admins"], "text": "x", **message},
        trust_env=False,
    ).json()
    assert answer["ok"], answer
    return str(answer["ts"])


async def test_a_button_that_asks_first_is_pressed_only_after_yes(
    olga: Person, ready: dict[str, Any]
) -> None:
    button = {"type": "button", "text": _plain("Delete all"), "value": "1", "confirm": CONFIRM}
    _post(ready, blocks=[{"type": "actions", "elements": [button]}])
    await olga.presses("Delete all")
    await olga.sees("It cannot be undone.", within="#question")
    await olga.presses("No", within="#question")
    await expect(olga.page.locator("#question")).not_to_be_visible()
    await expect(olga.page.get_by_text(NOT_OURS)).to_have_count(0)
    await olga.presses("Delete all")
    await olga.presses("Yes, do it", within="#question")
    await olga.sees(NOT_OURS)


@pytest.mark.parametrize("kind", ["static_select", "overflow"])
async def test_a_choice_in_a_message_reaches_the_bot(
    olga: Person, ready: dict[str, Any], kind: str
) -> None:
    chooser: dict[str, Any] = {"type": kind, "options": OPTIONS}
    if kind == "static_select":
        chooser["placeholder"] = _plain("Choose one")
    text = {"type": "mrkdwn", "text": f"Which one of *{kind}*?"}
    _post(ready, blocks=[{"type": "section", "text": text, "accessory": chooser}])
    before = await olga.page.get_by_text(NOT_OURS).count()
    await olga.page.locator(".section select").last.select_option(label="The second")
    await expect(olga.page.get_by_text(NOT_OURS)).to_have_count(before + 1)


async def test_radio_buttons_in_a_message_reach_the_bot(
    olga: Person, ready: dict[str, Any]
) -> None:
    radio = {"type": "radio_buttons", "options": OPTIONS}
    _post(ready, blocks=[{"type": "actions", "elements": [radio]}])
    before = await olga.page.get_by_text(NOT_OURS).count()
    await olga.page.get_by_role("radio", name="The second").last.check()
    await expect(olga.page.get_by_text(NOT_OURS)).to_have_count(before + 1)


async def test_a_thread_unfolds_below_its_message(olga: Person, ready: dict[str, Any]) -> None:
    root = _post(ready, text="The card")
    _post(ready, text="What followed", thread_ts=root)
    line = olga.page.get_by_role("button", name="1 reply").last
    await expect(line).to_have_attribute("aria-expanded", "false")
    await expect(olga.page.get_by_text("What followed")).to_have_count(0)
    await line.click()
    await olga.sees("What followed")
    await olga.presses("1 reply")
    await expect(olga.page.get_by_text("What followed")).to_have_count(0)


async def test_a_folded_part_opens_and_a_table_has_its_heads(
    olga: Person, ready: dict[str, Any]
) -> None:
    rows = [
        [{"type": "raw_text", "text": text} for text in row]
        for row in (("Side", "Jobs"), ("A", "7"))
    ]
    inside = {"type": "section", "text": _plain("Hidden at first")}
    folded = {
        "type": "container",
        "title": _plain("Three more"),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [inside],
    }
    _post(ready, blocks=[folded, {"type": "table", "rows": rows}])
    await expect(olga.page.get_by_text("Hidden at first")).not_to_be_visible()
    await olga.page.get_by_text("Three more").click()
    await olga.sees("Hidden at first")
    await expect(olga.page.get_by_role("columnheader", name="Jobs")).to_be_visible()


async def test_what_a_service_says_runs_nothing_in_the_page(
    olga: Person, ready: dict[str, Any]
) -> None:
    nasty = "<img src=x onerror=\"document.title='broken'\">"
    told = nasty.replace("<", "&lt;").replace(">", "&gt;")
    blocks = [{"type": "header", "text": _plain(nasty)}, {"type": "section", "text": _plain(nasty)}]
    _post(ready, text=told, blocks=blocks)
    await olga.sees(nasty)
    assert await olga.page.locator(".said img").count() == 0
    assert await olga.page.title() != "broken"


async def test_a_link_out_is_told_and_not_followed(olga: Person, ready: dict[str, Any]) -> None:
    page = "https://businesscentral.dynamics.com/?page=5330"
    _post(ready, text=f"Open <{page}|the page> there.")
    await olga.page.get_by_role("link", name="the page").last.click()
    await olga.sees(
        "This would open https://businesscentral.dynamics.com/?page=5330", within=".told"
    )
    assert len(olga.page.context.pages) == 1


async def test_an_administrator_signs_in_on_microsofts_page(olga: Person) -> None:
    """The link in the bot's message leads there, with the code; a wrong one is told there."""
    await olga.says("/d365 setup with-administrator")
    await olga.fills_in_what_fits()
    await olga.presses("Save", within="dialog")
    await olga.reads_title("Setup of with-administrator saved")
    await olga.says("/d365 sign-in with-administrator")
    await olga.page.get_by_role("link", name="https://microsoft.com/devicelogin").last.click()
    code = olga.page.locator("#microsoft-code")
    await expect(code).not_to_have_value("")
    right = await code.input_value()
    await code.fill("WRONGCODE")
    enter = olga.page.locator("#question").get_by_role("button", name="Sign in as")
    await enter.click()
    await olga.sees("Nobody was given the code WRONGCODE", within="#question")
    await expect(code).to_have_value("WRONGCODE")
    await olga.takes_picture("device-page")
    assert await olga.amiss() == []
    await code.fill(right)
    await enter.click()
    await olga.sees("Signed in for with-administrator")
    await expect(olga.page.locator("#question")).not_to_be_visible()


async def test_what_was_typed_by_hand_stays_while_the_world_goes_on(olga: Person) -> None:
    await olga.page.get_by_text("By hand, outside Slack").click()
    fact = olga.page.get_by_label("Any other fact, as a JSON merge patch")
    await expect(fact).to_have_value(re.compile("condition"))
    await fact.fill("half of a pat")
    await olga.presses("Throttle Sales")
    await olga.sees("Broken now:")
    await expect(fact).to_have_value("half of a pat")
    await olga.presses("Make everything healthy")


def test_another_host_name_is_not_answered(address: str) -> None:
    """A page from elsewhere that points its own name here gets nothing."""
    answer = httpx.get(address, headers={"Host": "evil.example"}, trust_env=False)
    assert answer.status_code == 400


def test_another_site_may_not_speak_for_its_visitor(address: str) -> None:
    with httpx.Client(base_url=address, trust_env=False) as http:
        for path in ("", "_nicegui_ws/socket.io/?EIO=4&transport=polling"):
            refused = http.get(path, headers={"Origin": "https://evil.example"})
            assert refused.status_code == 403, path
        assert http.get("").headers["X-Frame-Options"] == "DENY"


async def test_a_line_that_breaks_comes_back(olga: Person, ready: dict[str, Any]) -> None:
    """As after a machine slept."""
    await olga.page.evaluate("window.socket.io.engine.close()")
    _post(ready, text="Said while the line was broken")
    await olga.sees("Said while the line was broken")
    await olga.says("/d365 help")
    await olga.sees("Your roles")
