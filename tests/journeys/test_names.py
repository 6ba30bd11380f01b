"""User names and addresses are read by the one who asked, and by nobody else."""

import pytest

from tests.journeys.bots import a_bot
from tests.setups import (
    INTEGRATION,
    give_password,
    give_secret,
    new_name,
    right_values,
    save_setup,
    set_up,
)
from tests.stage import Actor, BotProcess, Simulators, Stage, words_of

ALONE = "For you alone"


async def reads_nothing_of(actor: Actor, *names: str) -> None:
    """Nothing new that they see names somebody."""
    seen = "\n".join(words_of(message) for message in await actor.new_messages()).lower()
    for name in (*names, "@adventure-example", "%40"):
        assert name.lower() not in seen


async def asks_for_names(actor: Actor) -> str:
    """What they alone read."""
    await actor.presses("Names")
    own = await actor.sees(ALONE)
    assert own["ephemeral"]
    return words_of(own)


async def test_a_status_names_the_integration_user_to_whoever_asks(
    olga: Actor, ada: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await ada._mark()
    await olga.types(f"/d365 status {name}")
    status = words_of(await ada.sees(f"{name}: not tested"))
    assert f"*Integration user:* given; `/d365 status {name} names` shows it to you" in status
    assert "set by somebody at the command line" in status
    read = await asks_for_names(olga)
    assert INTEGRATION in read
    assert "given at the command line by" in read
    await olga.types(f"/d365 status {name} names")
    typed = await olga.sees(ALONE)
    assert typed["ephemeral"]
    assert words_of(typed) == read
    await reads_nothing_of(ada, INTEGRATION, "command line)")


async def test_names_are_for_whoever_may_see_the_connection(
    olga: Actor, sam: Actor, bot: BotProcess
) -> None:
    name = new_name()
    await save_setup(olga, name)
    await sam.types(f"/d365 status {name} names")
    await sam.sees("Sorry, status needs the role viewer")
    await reads_nothing_of(sam, INTEGRATION)
    await olga.types(f"/d365 status {name} passwords")
    await olga.sees("I did not understand “passwords”")


@pytest.mark.parametrize(
    ("scenario", "check"),
    [
        ("user-missing", "Integration user"),
        ("user-disabled", "Integration user"),
        ("role-missing", "Roles of the integration user"),
    ],
)
async def test_a_test_names_the_user_in_trouble_to_whoever_asks(
    olga: Actor, ada: Actor, bot: BotProcess, stage: Stage, scenario: str, check: str
) -> None:
    name = await set_up(olga, bot)
    await stage.scenario(scenario)
    await ada._mark()
    await olga.types(f"/d365 test {name}")
    report = words_of(await ada.sees(f"Test of {name}: 1 check failed"))
    assert f"`/d365 status {name} names` shows them to you alone" in report
    await olga.sees(f"Test of {name}")
    assert f"*{check}:* failed in the last test." in (read := await asks_for_names(olga))
    assert INTEGRATION in read
    await reads_nothing_of(ada, INTEGRATION)


async def test_a_refused_sign_in_names_the_account_to_whoever_asks(
    olga: Actor, ada: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await give_password(olga, bot, name, "another-Passw0rd")
    await ada._mark()
    await olga.types(f"/d365 test {name}")
    await olga.sees("User name or password is wrong", final=lambda m: "Test of" in m["text"])
    assert f"Tested as {INTEGRATION}" in await asks_for_names(olga)
    await ada.sees("User name or password is wrong")
    await reads_nothing_of(ada, INTEGRATION)


async def test_a_services_own_words_are_read_by_whoever_asks(
    olga: Actor, ada: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    said = "User Ada Lovelace (ada@adventure-example.com, ADVENTURE\\ada) may not do this"
    refusal = {"error": {"code": "0x8badf00d", "message": said}}
    await stage.fault(site="dataverse", path="*WhoAmI*", status=418, json=refusal)
    await ada._mark()
    await olga.types(f"/d365 test {name}")
    await olga.sees(f"Test of {name}: 1 check failed")
    assert "Ada Lovelace (ada@adventure-example.com" in await asks_for_names(olga)
    await ada.sees(f"Test of {name}: 1 check failed")
    await reads_nothing_of(ada, "Lovelace", "ada@", "ADVENTURE\\")


async def test_where_nothing_is_left_out_nothing_is_offered(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await olga.types(f"/d365 test {name}")
    report = await olga.sees(f"Test of {name}: every check passed")
    assert "Names" not in words_of(report)


async def test_a_saved_setup_names_nobody(olga: Actor, ada: Actor) -> None:
    name = new_name()
    await ada._mark()
    await save_setup(olga, name)
    await ada.sees(f"Setup of {name} saved")
    await reads_nothing_of(ada, INTEGRATION)


async def test_the_user_on_premises_is_named_to_the_one_who_asks(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("names")
    hosts = "bc.adventure-example.com:7048"
    async with a_bot(simulators, stage, folder, key=True, D365BOT_ALLOWED_HOSTS=hosts) as bot:
        olga, ada, name = stage.person("olga"), stage.person("ada"), new_name()
        await olga.types(f"/d365 setup {name}")
        await olga.sees_form()
        await olga.chooses("hosting", "on-premises", "bc_url")
        values = right_values(olga, name, hosting="on-premises")
        del values["bc_environment"]
        address = stage.ready["bc"]["on_premises_url"] + "/ODataV4/"
        await olga.submits(**values | {"bc_url": address, "bc_user_name": "SYNC"})
        await give_secret(olga, bot, name)
        assert (
            await bot.run("secret", "set", name, "bc_access_key", stdin="wrong")
        ).returncode == 0
        await ada._mark()
        await olga.types(f"/d365 test {name}")
        await olga.sees(f"Test of {name}: 1 check failed")
        assert "Tested as SYNC" in await asks_for_names(olga)
        await ada.sees(f"Test of {name}: 1 check failed")
        await reads_nothing_of(ada, "SYNC")
