"""Four identities that are never mixed: every check names the one that it tested."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.bots import a_bot
from tests.setups import give_password, give_secret, new_name, right_values, set_up
from tests.stage import Actor, BotProcess, Simulators, Stage, words_of


async def _report(actor: Actor, name: str) -> str:
    """As the channel reads it, and then every check in full."""
    await actor.types(f"/d365 test {name}")
    report = await actor.sees(f"Test of {name}", final=lambda m: "Test of" in m["text"])
    await actor.presses("All checks")
    return f"{words_of(report)}\n{words_of(await actor.sees(f'every check of {name}'))}"


def line_of(report: str, check: str) -> str:
    return next(line for line in report.splitlines() if f"*{check}*" in line)


async def test_what_the_bot_does_not_hold_is_a_result_and_no_failure(
    olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    report = await _report(olga, name)
    assert "every check passed, " in report
    line = line_of(report, "Integration sign-in")
    assert "The bot does not hold the password of the integration user" in line
    await olga.types(f"/d365 status {name}")
    assert "every check passed" in words_of(await olga.sees(f"{name}: "))


async def test_the_integration_users_own_sign_in_is_tested_and_named(
    olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await give_password(olga, bot, name)
    report = await _report(olga, name)
    assert "as the integration user" in line_of(report, "Integration sign-in")
    assert "with user name and password" in line_of(report, "Integration sign-in")
    assert "as the bot" in line_of(report, "Sign-in")


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        ("account-disabled", "The account is disabled in Entra ID"),
        ("account-locked", "locked after too many tries"),
        ("password-expired", "The password has expired"),
        ("mfa-required", "wants a second factor"),
        ("federated-account", "federated"),
    ],
)
async def test_what_is_wrong_with_the_integration_account_is_told_of_it_alone(
    olga: Actor, bot: BotProcess, stage: Stage, scenario: str, told: str
) -> None:
    name = await set_up(olga, bot)
    await stage.scenario(scenario)
    await give_password(olga, bot, name)
    report = await _report(olga, name)
    assert told in line_of(report, "Integration sign-in")
    assert "passed" in line_of(report, "Sign-in")


async def test_a_wrong_password_fails_its_own_check_only(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await give_password(olga, bot, name, "another-Passw0rd")
    report = await _report(olga, name)
    assert "1 check failed" in report
    assert "User name or password is wrong" in line_of(report, "Integration sign-in")


async def test_an_integration_that_signs_in_as_an_app_is_tested_as_one(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = new_name()
    app = olga.stage.ready["apps"]["integration"]
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    typed = right_values(olga, name, integration_auth="client_secret")
    redrawn = await olga.submits(**typed)
    assert redrawn["response_action"] == "update", "the form comes back with the app's field"
    form = await olga.sees_form()
    assert "Not saved yet" in words_of(form)
    done = await olga.submits(integration_client_id=app["client_id"])
    assert done["response_action"] == "clear", done
    await give_secret(olga, bot, name)
    given = await bot.run(
        "secret", "set", name, "integration_client_secret", stdin=app["client_secret"]
    )
    assert given.returncode == 0, given.stderr
    report = await _report(olga, name)
    assert "every check passed" in report
    assert "passed" in line_of(report, "Integration sign-in")
    assert "application user" in line_of(report, "Integration user")
    await stage.change({"apps": {"integration": {"secrets": {"main": None}}}})
    broken = await _report(olga, name)
    assert "The client secret is wrong" in line_of(broken, "Integration sign-in")
    assert "passed" in line_of(broken, "Sign-in")
    await stage.scenario("healthy")


async def test_choosing_another_type_draws_the_form_anew_and_loses_nothing(olga: Actor) -> None:
    await olga.types(f"/d365 setup {new_name()}")
    await olga.sees_form()
    typed_url = "https://typed.crm4.dynamics.com"
    form = await olga.chooses("hosting", "on-premises", "bc_url", sales_url=typed_url)
    typed = form["state"]["values"]
    assert typed["sales_url"]["value"]["value"] == typed_url
    assert "bc_environment" not in typed
    back = await olga.chooses("hosting", "online", "bc_environment")
    assert "bc_url" not in back["state"]["values"]
    await olga.closes()


@pytest.fixture
async def allowing_bot(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot that may call the server on-premises."""
    folder = tmp_path_factory.mktemp("allowing")
    hosts = "bc.adventure-example.com:7048"
    async with a_bot(simulators, stage, folder, key=True, D365BOT_ALLOWED_HOSTS=hosts) as bot:
        yield bot


async def _on_premises(actor: Actor, bot: BotProcess) -> str:
    """A connection to Business Central on-premises, with the secret of the bot's own app."""
    bc, name = actor.stage.ready["bc"], new_name()
    await actor.types(f"/d365 setup {name}")
    await actor.sees_form()
    await actor.chooses("hosting", "on-premises", "bc_url")
    values = right_values(actor, name, hosting="on-premises")
    del values["bc_environment"]
    values |= {"bc_url": bc["on_premises_url"] + "/ODataV4/", "bc_user_name": "SYNC"}
    assert (await actor.submits(**values))["response_action"] == "clear"
    await give_secret(actor, bot, name)
    return name


async def test_business_central_on_premises_is_read_as_its_own_user(
    allowing_bot: BotProcess, stage: Stage
) -> None:
    olga = stage.person("olga")
    name = await _on_premises(olga, allowing_bot)
    report = await _report(olga, name)
    assert "does not hold the web service access key" in line_of(report, "Business Central sign-in")
    for key, told in (
        ("wrong-key", "failed"),
        (stage.ready["bc"]["on_premises_access_key"], "passed"),
    ):
        given = await allowing_bot.run("secret", "set", name, "bc_access_key", stdin=key)
        assert given.returncode == 0, given.stderr
        line = line_of(await _report(olga, name), "Business Central sign-in")
        assert told in line
        assert told == "failed" or "as the Business Central user" in line


async def test_a_server_that_the_operator_did_not_allow_is_not_called(
    olga: Actor, bot: BotProcess
) -> None:
    name = await _on_premises(olga, bot)
    await bot.run("secret", "set", name, "bc_access_key", stdin="some-access-key")
    report = await _report(olga, name)
    assert "D365BOT_ALLOWED_HOSTS" in report
