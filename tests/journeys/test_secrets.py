"""Giving the bot a secret by a one-time link, and saying yes to it in Slack."""

import asyncio
import json
import signal
import uuid
from collections.abc import AsyncIterator

import pytest

from tests.conftest import folder_text
from tests.journeys.bots import a_bot
from tests.journeys.secret_form import PUBLIC, Browser, hidden_in, link_in, words_in
from tests.setups import new_name, save_setup
from tests.stage import Actor, BotProcess, Simulators, Stage, words_of

WRONG = "not-the-right-secret-8Q~x"


@pytest.fixture(scope="module")
async def public_bot(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot with a public address and encryption, beside the shared one."""
    folder = tmp_path_factory.mktemp("public")
    async with a_bot(simulators, stage, folder, key=True, D365BOT_PUBLIC_URL=PUBLIC) as bot:
        yield bot


@pytest.fixture
async def olga(public_bot: BotProcess, stage: Stage) -> Actor:
    """Olga Operator, in a healthy world."""
    await stage.listen_to(public_bot)
    await stage.scenario("healthy")
    return stage.person("olga")


@pytest.fixture
def browser(public_bot: BotProcess) -> Browser:
    """Whoever has the link."""
    return Browser(public_bot)


async def asks_for_link(olga: Actor, name: str, field: str = "bot_client_secret") -> str:
    await olga.types(f"/d365 secret {name} {field}")
    message = await olga.sees("open the form")
    assert message["ephemeral"]
    return link_in(message)


async def test_a_secret_is_given_by_link_confirmed_in_slack_and_used(
    olga: Actor, browser: Browser
) -> None:
    name = new_name()
    await save_setup(olga, name)
    link = await asks_for_link(olga, name)
    page = await browser.gives(link, olga.stage.ready["apps"]["bot"]["client_secret"])
    assert page.status_code == 200
    asked = await olga.sees("was given; its fingerprint ends")
    ending = words_of(asked).split("fingerprint ends ")[1][:4]
    assert ending in words_in(page)
    await olga.types(f"/d365 test {name}")
    await olga.sees("failed", final=lambda m: "Test of" in m["text"])
    await olga.presses("Confirm")
    await olga.sees(f"{name} is set; its fingerprint ends {ending}")
    await olga.types(f"/d365 test {name}")
    await olga.sees("every check passed")


async def test_a_stranger_with_the_link_cannot_set_the_secret(
    olga: Actor, browser: Browser, stage: Stage
) -> None:
    name = new_name()
    await save_setup(olga, name)
    link = await asks_for_link(olga, name)
    assert (await browser.gives(link, WRONG)).status_code == 200
    asked = await olga.sees("was given; its fingerprint ends")
    sam = stage.person("sam", "general")
    refused = await sam.types(f"/d365 secret {name} confirm")
    assert refused
    await sam.sees("Sorry, secret needs the role operator")
    ada = stage.person("ada")
    await ada.types(f"/d365 secret {name} confirm")
    await ada.sees("No secret waits for your word here")
    await stage.post(
        "/_slack/raw",
        {"form": {"payload": press_by(stage, "ada", value_of(asked, "secret_confirm"))}},
    )
    await ada.sees("This was asked from somebody else")
    await olga.presses("Discard")
    await olga.sees("Discarded. Nothing was changed.")
    await olga.types(f"/d365 status {name}")
    assert "not set" in words_of(await olga.sees(f"{name}: "))


def value_of(message: dict[str, object], action_id: str) -> str:
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    return next(
        str(element["value"])
        for block in blocks
        for element in block.get("elements", [])
        if element.get("action_id") == action_id
    )


def press_by(stage: Stage, person: str, value: str) -> str:
    return json.dumps(
        {
            "type": "block_actions",
            "team": {"id": stage.ready["team_id"]},
            "user": {"id": stage.ready["people"][person], "team_id": stage.ready["team_id"]},
            "channel": {"id": stage.ready["channels"]["crm-admins"]},
            "container": {"type": "message"},
            "trigger_id": uuid.uuid4().hex,
            "response_url": "",
            "actions": [{"type": "button", "action_id": "secret_confirm", "value": value}],
        }
    )


async def test_previews_of_a_link_use_nothing_up(olga: Actor, browser: Browser) -> None:
    name = new_name()
    await save_setup(olga, name)
    link = await asks_for_link(olga, name)
    for method in ("HEAD", "GET", "GET"):
        page = await browser.opens(link, method)
        assert page.status_code == 200
        assert "no-store" in page.headers["cache-control"]
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert "set-cookie" not in page.headers
    assert (await browser.gives(link, WRONG)).status_code == 200


async def test_a_link_works_once(olga: Actor, browser: Browser) -> None:
    name = new_name()
    await save_setup(olga, name)
    link = await asks_for_link(olga, name)
    key = hidden_in((await browser.opens(link)).text)
    answers = await asyncio.gather(
        *(browser.sends(link, {**key, "value": f"{WRONG}{n}"}) for n in range(5))
    )
    assert sorted(one.status_code for one in answers) == [200, 410, 410, 410, 410]
    assert (await browser.opens(link)).status_code == 410
    await olga.types(f"/d365 audit {name}")
    assert "secret:link:refused" in words_of(await olga.sees("Audit of"))


async def test_a_new_link_ends_the_earlier_one(olga: Actor, browser: Browser) -> None:
    name = new_name()
    await save_setup(olga, name)
    first = await asks_for_link(olga, name)
    second = await asks_for_link(olga, name)
    assert (await browser.opens(first)).status_code == 410
    assert (await browser.opens(second)).status_code == 200


async def test_changing_the_setup_ends_a_link_and_what_was_given(
    olga: Actor, browser: Browser
) -> None:
    name = new_name()
    await save_setup(olga, name)
    link = await asks_for_link(olga, name)
    await browser.gives(link, WRONG)
    await olga.sees("was given; its fingerprint ends")
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    await olga.submits(tenant="other.example.com")
    await olga.sees(f"Setup of {name} saved")
    await olga.types(f"/d365 secret {name} confirm")
    await olga.sees("No secret waits for your word here")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"X-Forwarded-Proto": "http"}, 403),
        ({"Content-Type": "application/json"}, 403),
    ],
)
async def test_a_form_from_elsewhere_is_refused_and_uses_nothing_up(
    olga: Actor, browser: Browser, changed: dict[str, str], status: int
) -> None:
    name = new_name()
    await save_setup(olga, name)
    link = await asks_for_link(olga, name)
    key = hidden_in((await browser.opens(link)).text)
    refused = await browser.sends(link, {**key, "value": WRONG}, **changed)
    assert refused.status_code == status
    assert (await browser.sends(link, {"value": WRONG})).status_code == 403, "without its key"
    assert (await browser.opens(link)).status_code == 200


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", "The secret is empty"),
        ("x" * 5000, "one line of at most"),
        ("00000000-1111-2222-3333-444444444444", "That is the id of a client secret"),
    ],
)
async def test_what_cannot_be_the_secret_is_told_in_the_form_and_never_shown(
    olga: Actor, browser: Browser, value: str, told: str
) -> None:
    name = new_name()
    await save_setup(olga, name)
    link = await asks_for_link(olga, name)
    page = await browser.gives(link, value)
    assert page.status_code == 422
    assert told in words_in(page)
    assert not value or value not in page.text
    assert (await browser.gives(link, WRONG, expires="2099-12-31")).status_code == 200
    await olga.sees("was given; its fingerprint ends")
    await olga.presses("Confirm")
    await olga.sees("is set")
    await olga.types(f"/d365 secret {name}")
    assert "|2099-12-31>" in words_of(await olga.sees("Secrets of"))


@pytest.mark.parametrize("path", ["/secret/x", "/secret/" + "A" * 54, "/secret/" + "_" * 54])
async def test_a_made_up_link_leads_nowhere(browser: Browser, path: str, olga: Actor) -> None:
    assert (await browser.opens(path)).status_code == 404
    assert (await browser.sends(path, {"value": "x"})).status_code == 404


async def test_a_sign_in_that_is_cut_off_says_so_after_the_restart(
    olga: Actor, public_bot: BotProcess
) -> None:
    name = new_name()
    await save_setup(olga, name)
    await olga.types(f"/d365 sign-in {name}")
    await olga.sees("enter the code")
    assert await public_bot.stop(signal.SIGKILL) == -signal.SIGKILL
    await public_bot.start()
    await olga.sees("The bot was restarted while you signed in")
    await olga.types(f"/d365 sign-in {name} out")
    await olga.sees("You are not signing in here")


async def test_a_given_secret_survives_a_kill_and_a_link_too(
    olga: Actor, browser: Browser, public_bot: BotProcess
) -> None:
    name, other = new_name(), new_name()
    await save_setup(olga, name)
    await save_setup(olga, other)
    link = await asks_for_link(olga, name)
    unused = await asks_for_link(olga, other)
    await browser.gives(link, olga.stage.ready["apps"]["bot"]["client_secret"])
    await olga.sees("was given; its fingerprint ends")
    assert await public_bot.stop(signal.SIGKILL) == -signal.SIGKILL
    await public_bot.start()
    assert (await browser.opens(unused)).status_code == 200
    await olga.types(f"/d365 secret {name} confirm")
    await olga.sees(f"{name} is set")


async def test_the_list_shows_every_secret_and_how_it_is_replaced(
    olga: Actor, public_bot: BotProcess
) -> None:
    name = new_name()
    await save_setup(olga, name)
    done = await public_bot.run(
        "secret", "set", "--expires", "2099-03-01", name, "bot_client_secret", stdin=WRONG
    )
    assert "ends on 2099-03-01" in done.stdout, done.stderr
    await olga.types(f"/d365 secret {name}")
    shown = await olga.sees(f"Secrets of {name}")
    assert shown["ephemeral"]
    words = words_of(shown)
    assert "|2099-03-01>" in words
    assert "Password of the integration user" in words
    assert "not set" in words
    assert "(command line)" in words
    await olga.presses("Replace it")
    await olga.sees("open the form")


async def test_no_token_and_no_secret_is_in_any_file(
    olga: Actor, browser: Browser, public_bot: BotProcess
) -> None:
    name = new_name()
    await save_setup(olga, name)
    link = await asks_for_link(olga, name)
    await browser.gives(link, WRONG)
    await olga.sees("was given; its fingerprint ends")
    stored = folder_text(public_bot.folder)
    assert link.rpartition("/")[2].encode() not in stored
    assert WRONG.encode() not in stored
