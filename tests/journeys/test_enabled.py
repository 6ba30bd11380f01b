"""While a connection is enabled: what is locked, and what is said when Business Central ends it."""

from collections.abc import AsyncIterator

import pytest

from simulator.healthy.business_central import ENVIRONMENT
from simulator.healthy.people import COMPANY
from tests.journeys.bots import a_bot
from tests.journeys.secret_form import PUBLIC, Browser, hidden_in, link_in, words_in
from tests.setups import INTEGRATION, PASSWORD, give_password, right_values, set_up
from tests.stage import Actor, BotProcess, Json, Simulators, Stage, words_of

LOCKED = "Business Central locks this while the connection is enabled."
OTHER = "https://other-example.crm4.dynamics.com"


async def becomes(stage: Stage, *, enabled: bool, **other: object) -> None:
    """What stands on page 5330, as an administrator there set it."""
    setup = {"Is_Enabled": enabled, "Password": PASSWORD, "disable_reason": "", **other}
    pages = {"crm_connection_setup": {"setup": setup}}
    company = {COMPANY: {"pages": pages}}
    await stage.change({"business_central": {ENVIRONMENT: {"companies": company}}})


async def report_of(actor: Actor, name: str) -> str:
    await actor.types(f"/d365 test {name}")
    return words_of(await actor.sees(f"Test of {name}: "))


async def status(actor: Actor, name: str) -> str:
    await actor.types(f"/d365 status {name}")
    return words_of(await actor.sees("*Enabled in Business Central:*"))


async def enabled_connection(olga: Actor, bot: BotProcess) -> str:
    """Set up here, and enabled there; the bot has seen it."""
    name = await set_up(olga, bot)
    await give_password(olga, bot, name)
    await becomes(olga.stage, enabled=True)
    await report_of(olga, name)
    return name


async def opened(actor: Actor, name: str) -> dict[str, str]:
    """Hint at each input of the form."""
    await actor.types(f"/d365 setup {name}")
    view = await actor.sees_form()
    return {
        block["block_id"]: block["hint"]["text"]
        for block in view["blocks"]
        if block["type"] == "input"
    }


async def test_the_form_says_what_is_locked_and_refuses_to_change_that_alone(
    olga: Actor, bot: BotProcess
) -> None:
    name = await enabled_connection(olga, bot)
    assert "enabled, seen so since" in await status(olga, name)
    hints = await opened(olga, name)
    locked = {field for field, hint in hints.items() if LOCKED in hint}
    assert locked == {"sales_url", "integration_auth", "integration_user_name"}
    assert f"Disable it first with /d365 disable {name}." in hints["sales_url"]
    answer = await olga.submits(**right_values(olga, name, sales_url=OTHER))
    assert answer["response_action"] == "errors", answer
    assert set(answer["errors"]) == {"sales_url"}
    said = answer["errors"]["sales_url"]
    assert said.startswith(f"{LOCKED} Disable it first with /d365 disable {name}.")
    assert olga.stage.ready["sales_url"] in said
    answer = await olga.submits(**right_values(olga, name, admin_client_id=""))
    assert answer["response_action"] == "clear", answer
    saved = words_of(await olga.sees(f"Setup of {name} saved"))
    assert "Client ID of the app for people" in saved
    assert "Dynamics 365 Sales URL" not in saved.split("Changed")[1].splitlines()[0]


async def test_another_way_to_sign_in_is_refused_at_the_choice_and_what_it_brings(
    olga: Actor, bot: BotProcess
) -> None:
    name = await enabled_connection(olga, bot)
    await opened(olga, name)
    await olga.chooses("integration_auth", "client_secret", "integration_client_id")
    client_id = olga.stage.ready["apps"]["integration"]["client_id"]
    answer = await olga.submits(integration_client_id=client_id)
    assert set(answer["errors"]) == {"integration_auth", "integration_client_id"}
    await olga.closes()


async def test_what_is_locked_is_told_in_the_second_part_of_the_form_as_well(
    olga: Actor, bot: BotProcess
) -> None:
    name = await enabled_connection(olga, bot)
    await opened(olga, name)
    typed = right_values(olga, name, sales_url=OTHER)
    await olga.stage.post(
        "/_slack/press", {"person": "olga", "label": "Features…", "values": typed}
    )
    await olga.sees_form("features")
    answer = await olga.submits(users_must_map="yes")
    assert answer["response_action"] == "update", answer
    told = words_of(await olga.sees_text("*Not saved yet.*"))
    assert f"*Dynamics 365 Sales URL*: {LOCKED}" in told
    await olga.closes()
    await olga.sees_form("setup")
    answer = await olga.submits(**right_values(olga, name))
    assert answer["response_action"] == "clear", answer
    saved = words_of(await olga.sees(f"Setup of {name} saved"))
    assert "Business Central users must map to Sales users" in saved


async def test_disabled_in_business_central_and_tested_again_everything_can_be_changed(
    olga: Actor, bot: BotProcess
) -> None:
    name = await enabled_connection(olga, bot)
    await becomes(olga.stage, enabled=False)
    await report_of(olga, name)
    assert "disabled, seen so since" in await status(olga, name)
    assert not [hint for hint in (await opened(olga, name)).values() if LOCKED in hint]
    other = "somebody.else@adventure-example.onmicrosoft.com"
    answer = await olga.submits(**right_values(olga, name, integration_user_name=other))
    assert answer["response_action"] == "clear", answer


async def test_the_users_password_is_refused_before_it_is_asked_for_and_other_secrets_are_not(
    olga: Actor, bot: BotProcess
) -> None:
    name = await enabled_connection(olga, bot)
    await olga.types(f"/d365 secret {name} integration_password")
    refused = words_of(await olga.sees("Password of the integration user"))
    assert LOCKED in refused
    assert f"Disable it first with /d365 disable {name}." in refused
    assert "d365bot secret set" not in refused
    done = await bot.run("secret", "set", name, "integration_password", stdin="another")
    assert done.returncode != 0
    assert LOCKED in done.stderr
    secret = olga.stage.ready["apps"]["bot"]["client_secret"]
    done = await bot.run("secret", "set", name, "bot_client_secret", stdin=secret)
    assert done.returncode == 0, done.stderr
    await olga.types(f"/d365 secret {name}")
    message = await olga.sees(f"Secrets of {name}")
    assert LOCKED in words_of(message)
    pressed = [
        element["action_id"]
        for block in message["blocks"]
        for element in block.get("elements", ())
        if element.get("type") == "button"
    ]
    assert any("bot_client_secret" in one for one in pressed)
    assert not any("integration_password" in one for one in pressed)


async def test_a_broken_connection_is_disabled_by_business_central_and_the_reason_stays(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    """Business Central holds a password that is over; the bot was given the new one."""
    name = await enabled_connection(olga, bot)
    await becomes(stage, enabled=True, Password="old", Is_User_Mapping_Required=True)
    report = await report_of(olga, name)
    assert "Business Central disabled the connection, because it could not use it" in report
    for _ in range(2):
        seen = await status(olga, name)
        assert "disabled by Business Central, seen so since" in seen
        assert "the connection has been disabled. Verify the credentials of the user" in seen
        assert INTEGRATION not in seen
        assert f"/d365 enable {name}" in seen
        await report_of(olga, name)
    await olga.types(f"/d365 status {name} names")
    assert INTEGRATION in words_of(await olga.sees("Disabled because"))
    await becomes(stage, enabled=True)
    await report_of(olga, name)
    seen = await status(olga, name)
    assert "enabled, seen so since" in seen
    assert "Disabled because" not in seen
    await becomes(stage, enabled=False)
    await report_of(olga, name)
    assert "Disabled because" not in await status(olga, name)


async def test_the_words_of_early_versions_of_15_give_the_reason_behind_the_colon(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await enabled_connection(olga, bot)
    reason = "The organisation moved " + "x" * 227
    said = (
        "The connection to Dynamics 365 Sales is disabled due to the following error: "
        f"{reason}.\\\\Please contact your system administrator.  CorrelationId:  "
        "00000000-1111-2222-3333-444444444444."
    )
    refusal: Json = {"error": {"code": "Application_DialogException", "message": said}}
    await stage.fault(site="bc", path="*CRM_Connection_Setup*", status=400, json=refusal)
    await report_of(olga, name)
    await stage.mend()
    seen = await status(olga, name)
    assert f"*Disabled because:* {reason}\n" in seen
    assert "disabled by Business Central" in seen


@pytest.fixture(scope="module")
async def public_bot(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot that offers the form in the browser."""
    folder = tmp_path_factory.mktemp("enabled-public")
    async with a_bot(simulators, stage, folder, key=True, D365BOT_PUBLIC_URL=PUBLIC) as bot:
        yield bot


@pytest.fixture
async def operator(public_bot: BotProcess, stage: Stage) -> Actor:
    """Olga, where links are offered."""
    await stage.listen_to(public_bot)
    await stage.scenario("healthy")
    return stage.person("olga")


async def test_a_link_and_a_given_password_wait_while_it_is_enabled(
    operator: Actor, public_bot: BotProcess, stage: Stage
) -> None:
    olga, browser = operator, Browser(public_bot)
    name = await set_up(olga, public_bot)
    await give_password(olga, public_bot, name)
    await olga.types(f"/d365 secret {name} integration_password")
    link = link_in(await olga.sees("open the form"))
    hidden = hidden_in((await browser.opens(link)).text)
    await becomes(stage, enabled=True)
    await report_of(olga, name)
    for page in (
        await browser.opens(link),
        await browser.sends(link, {**hidden, "value": "another"}),
    ):
        assert page.status_code == 409
        assert LOCKED in words_in(page)
        assert f"Disable it first with /d365 disable {name}." in words_in(page)
    await becomes(stage, enabled=False)
    await report_of(olga, name)
    assert (await browser.gives(link, PASSWORD)).status_code == 200
    asked = words_of(await olga.sees("was given; its fingerprint ends"))
    ending = asked.split("fingerprint ends ")[1][:4]
    await becomes(stage, enabled=True)
    await report_of(olga, name)
    await olga.types(f"/d365 secret {name} confirm")
    assert f"/d365 disable {name}" in words_of(await olga.sees(LOCKED))
    await becomes(stage, enabled=False)
    await report_of(olga, name)
    await olga.types(f"/d365 secret {name} confirm")
    await olga.sees(f"{name} is set; its fingerprint ends {ending}")
