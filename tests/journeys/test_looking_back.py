"""What a test found is explained, shown in full, and compared with when it last worked."""

import json

from connection.checks.table import CHECKS
from tests.setups import give_secret, new_name, save_setup, set_up
from tests.stage import Actor, BotProcess, Json, words_of


def _done(message: Json) -> bool:
    return "Test of" in words_of(message)


async def _tests(actor: Actor, name: str) -> Json:
    await actor.types(f"/d365 test {name}")
    return await actor.sees(f"Test of {name}", final=_done)


async def test_what_failed_is_explained_to_the_one_who_asks_alone(
    olga: Actor, vera: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await olga.stage.scenario("app-not-in-organisation")
    report = words_of(await _tests(olga, name))
    correlation = report.split("correlation id `")[1].split("`")[0]
    await vera._mark()
    await olga.presses("Explain")
    seen = await olga.sees(f"For you alone: why, for {name}")
    said = words_of(seen)
    assert seen["ephemeral"]
    assert f"correlation id `{correlation}`" in said
    assert "/api/data/v9.2/WhoAmI" in said
    assert "Sales answered 403 after" in said
    assert not [one for one in await vera.new_messages() if "For you alone" in words_of(one)]
    await olga.stage.scenario("healthy")


async def test_a_sign_in_is_explained_without_its_secret(olga: Actor, bot: BotProcess) -> None:
    name = new_name()
    await save_setup(olga, name)
    await give_secret(olga, bot, name, "wrong-and-never-to-be-seen")
    await _tests(olga, name)
    await olga.types(f"/d365 test {name} explain sign-in")
    said = words_of(await olga.sees(f"For you alone: why, for {name}"))
    assert "Entra ID answered 401 after" in said
    assert "AADSTS7000215" in said
    assert "oauth2/v2.0/token" in said
    assert "wrong-and-never-to-be-seen" not in said
    exported = await bot.run("audit", "export", "--format", "jsonl")
    assert "wrong-and-never-to-be-seen" not in exported.stdout


async def test_a_check_that_passed_is_explained_where_it_is_named(
    olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await _tests(olga, name)
    await olga.types(f"/d365 test {name} explain")
    assert "Nothing failed in this test" in words_of(await olga.sees("For you alone: why"))
    await olga.types(f"/d365 test {name} explain Dataverse")
    said = words_of(await olga.sees("RetrieveVersion"))
    assert "Sales answered 200 after" in said
    token = (await olga.stage.calls("entra"))[-1]
    assert token["status"] == 200
    await olga.types(f"/d365 test {name} explain bot_sign_in")
    said = words_of(await olga.sees("oauth2/v2.0/token"))
    assert '"access_token": "***"' in said


async def test_all_checks_are_shown_in_full_to_the_one_who_asks(
    olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await _tests(olga, name)
    await olga.presses("All checks")
    seen = await olga.sees(f"For you alone: every check of {name}")
    assert seen["ephemeral"]
    for check in CHECKS:
        assert f"*{check.title}* passed" in words_of(seen) or (
            f"*{check.title}* not tested" in words_of(seen)
        )


async def test_words_that_mean_nothing_are_answered(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await olga.types(f"/d365 test {name} explain")
    await olga.sees(f"{name} was not tested yet")
    await _tests(olga, name)
    await olga.types(f"/d365 test {name} explain datavers")
    await olga.sees("There is no check datavers. Did you mean dataverse?")
    await olga.types(f"/d365 test {name} again")
    await olga.sees("I did not understand “again”")
    await olga.types(f"/d365 test {name} all dataverse")
    await olga.sees("I did not understand “all dataverse”")


async def test_who_may_not_see_a_connection_is_explained_nothing(
    olga: Actor, bot: BotProcess
) -> None:
    olga.channel = "general"
    name = await set_up(olga, bot)
    await olga.stage.scenario("wrong-secret")
    await _tests(olga, name)
    sam = olga.stage.person("sam", "general")
    for label in ("Explain", "All checks"):
        await sam.presses(label)
        assert (await sam.sees("Sorry, test needs the role viewer"))["ephemeral"]
    await sam.types(f"/d365 history {name}")
    await sam.sees("Sorry, history needs the role viewer")
    await olga.stage.scenario("healthy")
    olga.channel = "crm-admins"


async def test_the_history_tells_what_changed_since_it_last_worked(
    olga: Actor, vera: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await olga.types(f"/d365 history {name}")
    await olga.sees(f"{name} was not tested yet")
    await _tests(olga, name)
    await olga.types(f"/d365 history {name}")
    works = words_of(await olga.sees(f"History of {name}"))
    assert "*What was tested works,* by the newest test;" in works, "nobody gave the password"
    await save_setup(olga, name, bc_company="Somewhere else (made up)")
    await olga.stage.scenario("user-disabled")
    await _tests(olga, name)
    await vera._mark()
    await olga.types(f"/d365 history {name}")
    seen = await olga.sees("What changed since it last worked")
    said = words_of(seen)
    assert not seen["ephemeral"]
    assert (await vera.sees("What changed since it last worked"))["ts"] == seen["ts"]
    assert "Setup revision 2" in said or "Setup revision 3" in said
    assert ": Business Central company." in said
    assert "*Integration user*\n>then passed: It is enabled and licensed" in said
    assert ">now failed: It is disabled in Sales." in said
    assert ">now failed: Production has no company" in said
    assert "2 tests" in said
    await olga.stage.scenario("healthy")


async def test_a_connection_that_never_worked_says_so(olga: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    await _tests(olga, name)
    await olga.types(f"/d365 history {name}")
    assert "*It never worked so far:*" in words_of(await olga.sees(f"History of {name}"))


async def test_the_command_line_tests_too(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    done = await bot.run("test", name)
    assert done.returncode == 0, done.stderr
    assert f"{name}, setup revision" in done.stdout
    assert "checks passed. --all shows them." in done.stdout
    everything = await bot.run("test", "--all", name)
    for check in CHECKS:
        assert f"{check.title}: " in everything.stdout
    await olga.stage.scenario("user-disabled")
    failed = await bot.run("test", "--json", name)
    assert failed.returncode == 1
    facts = json.loads(failed.stdout)
    assert facts["outcome"] == "fail"
    outcomes = {one["check"]: one["outcome"] for one in facts["checks"]}
    assert list(outcomes) == [check.id for check in CHECKS]
    assert outcomes["integration_user"] == "fail"
    await olga.stage.scenario("healthy")
    await olga.types(f"/d365 history {name}")
    assert "by somebody at the command line" in words_of(await olga.sees(f"History of {name}"))
    missing = await bot.run("test", "nowhere")
    assert missing.returncode == 1
    assert "There is no connection nowhere" in missing.stderr
