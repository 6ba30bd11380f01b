"""Testing a connection: every scenario of the world has its red check and its remedy."""

import pytest

from connection.checks.table import CHECKS
from connection.connection import Health
from handlers.views.words import HEALTH_WORDS
from tests.reports import passed_in
from tests.setups import give_password, give_secret, new_name, save_setup, set_up
from tests.stage import Actor, BotProcess, Json, Stage, words_of


def _done(message: Json) -> bool:
    return "Test of" in words_of(message)


async def _report(actor: Actor, name: str) -> str:
    await actor.types(f"/d365 test {name}")
    return words_of(await actor.sees(f"Test of {name}", final=_done))


async def test_everybody_in_the_channel_sees_each_check_in_one_message_edited_in_place(
    olga: Actor, vera: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    await give_password(olga, bot, name)
    await vera._mark()
    await stage.fault(site="bc", path="*", delay=2.0, times=1)
    await olga.types(f"/d365 test {name}")
    await olga.sees(f"Testing {name}")
    message = await olga.sees(f"Test of {name}: every check passed")
    folded = passed_in(words_of(message))
    left = [check.title for check in CHECKS if check.title not in folded]
    assert left == ["Web client URL", "Item availability"]
    for title in left:
        assert f"*{title}* not tested" in words_of(message)
    assert message["edits"] >= 1
    assert not message["ephemeral"]
    mine = [one for one in await olga.new_messages() if name in words_of(one)]
    assert len(mine) == 1
    assert (await vera.sees(f"Test of {name}"))["ts"] == message["ts"]


@pytest.mark.parametrize(
    ("scenario", "check", "said", "remedy"),
    [
        ("wrong-secret", "Sign-in", "secret", "/d365 secret"),
        ("secret-expired", "Sign-in", "expired", "/d365 secret"),
        ("tenant-unknown", "Sign-in", "tenant", "/d365 setup"),
        ("app-not-in-organisation", "Dataverse", "", "application user"),
        ("dataverse-down", "Dataverse", "not working", "Try again"),
        ("throttled", "Dataverse", "", ""),
        ("administration-mode", "Administration mode", "", ""),
        ("user-disabled", "Integration user", "is disabled in Sales", "enable"),
        ("user-unlicensed", "Integration user", "has no licence", "Assign a"),
        ("user-missing", "Integration user", "does not have the integration user", "add the user"),
        ("user-is-administrator", "Roles of the integration user", "must not have", "take"),
        ("role-missing", "Roles of the integration user", "lacks the role", "give"),
        ("currency-mismatch", "Base currency", "is not", "cannot be changed"),
        ("services-unpublished", "Web services", "does not publish", "open Web Services"),
        ("company-missing", "Company", "has no company", "Correct the company"),
        ("bc-app-not-registered", "Business Central sign-in", "", "Microsoft Entra applications"),
    ],
)
async def test_each_scenario_has_its_red_check_with_a_remedy_and_the_report_goes_on(
    olga: Actor, bot: BotProcess, scenario: str, check: str, said: str, remedy: str
) -> None:
    name = await set_up(olga, bot)
    await olga.stage.scenario(scenario)
    report = await _report(olga, name)
    red = [line for line in report.splitlines() if f"*{check}* failed" in line]
    assert red, report
    assert said.lower() in red[0].lower()
    assert remedy.lower() in report.lower(), report
    folded = passed_in(report)
    for other in CHECKS:
        assert other.title in folded or any(
            f"*{other.title}* {outcome}" in report
            for outcome in ("failed", "skipped", "warning", "not tested")
        ), other.title
    await olga.stage.scenario("healthy")
    assert "every check passed" in await _report(olga, name)


async def test_an_old_version_is_a_warning_and_not_a_failure(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await olga.stage.scenario("old-version")
    report = await _report(olga, name)
    assert "it works, with warnings" in report
    assert "*Dataverse* warning" in report


async def test_a_skipped_check_says_because_of_which(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await olga.stage.scenario("wrong-secret")
    report = await _report(olga, name)
    assert "*Dataverse* skipped: because Sign-in failed" in report
    assert "*Organisation* skipped: because Dataverse was skipped" in report


async def test_no_page_is_missed_where_nobody_could_look(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await olga.stage.scenario("company-missing")
    assert "*Base currency* skipped: because Company failed" in await _report(olga, name)
    await olga.stage.scenario("services-unpublished")
    report = await _report(olga, name)
    assert "*Base currency* skipped: because no published page 118" in report


async def test_without_the_secret_the_sign_in_says_how_to_give_it(olga: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    report = await _report(olga, name)
    assert "*Sign-in* failed" in report
    assert f"d365bot secret set {name} bot_client_secret" in report


async def test_a_wrong_secret_that_is_corrected_works_at_once(olga: Actor, bot: BotProcess) -> None:
    name = new_name()
    await save_setup(olga, name)
    await give_secret(olga, bot, name, "wrong-but-not-shaped-like-one")
    assert "*Sign-in* failed" in await _report(olga, name)
    await give_secret(olga, bot, name)
    assert "every check passed" in await _report(olga, name)


async def test_a_host_that_is_not_microsofts_is_never_called(olga: Actor, bot: BotProcess) -> None:
    name = new_name()
    await save_setup(olga, name, sales_url="https://evil-dynamics.com")
    before = len(await olga.stage.calls("proxy"))
    report = await _report(olga, name)
    assert "*Allowed host* failed" in report
    assert "*Sign-in* skipped" in report
    assert len(await olga.stage.calls("proxy")) == before


async def test_the_status_tells_what_the_last_test_came_to(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await _report(olga, name)
    await olga.types(f"/d365 status {name}")
    assert HEALTH_WORDS[Health.HEALTHY] in words_of(await olga.sees(f"{name}: "))


async def test_the_button_tests_again(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await _report(olga, name)
    await olga.presses("Test again")
    await olga.sees(f"Test of {name}: every check passed")


async def test_a_stranger_who_presses_the_button_is_refused_alone(
    olga: Actor, bot: BotProcess
) -> None:
    olga.channel = "general"
    name = await set_up(olga, bot)
    await _report(olga, name)
    sam = olga.stage.person("sam", "general")
    await sam.presses("Test again")
    refused = await sam.sees("Sorry, test needs the role viewer")
    assert refused["ephemeral"]
    assert not [one for one in await olga.new_messages() if "Sorry" in words_of(one)]
    olga.channel = "crm-admins"


async def test_page_5330_is_not_opened_by_a_test(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    before = len(await olga.stage.calls("bc"))
    await _report(olga, name)
    calls = (await olga.stage.calls("bc"))[before:]
    assert calls
    assert not [call for call in calls if call.get("note")]
