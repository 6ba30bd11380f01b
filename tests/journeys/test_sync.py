"""What Business Central synchronises, beside its defaults, for the one who asks."""

from tests.journeys.told_bc_checks import LIST
from tests.setups import new_name, save_setup, set_up
from tests.stage import Actor, BotProcess, Json, Stage, words_of


async def asked(actor: Actor, name: str) -> str:
    await actor.types(f"/d365 sync {name}")
    message = await actor.sees(f"Synchronisation of {name}")
    assert message["ephemeral"]
    return words_of(message)


async def changed(stage: Stage, pages: Json) -> None:
    company = stage.ready["bc"]["company"]
    place = {"Production": {"companies": {company: {"pages": pages}}}}
    await stage.change({"business_central": place})


async def test_the_defaults_are_told_as_the_defaults(olga: Actor, bot: BotProcess) -> None:
    said = await asked(olga, await set_up(olga, bot))
    assert ": 15 of 15 mappings are as version 15 of Business Central sets them by default" in said
    assert "• CUSTOMER: both ways, job on hold" in said
    assert "• POSTEDSALESLINE-INV: to Sales, no job" in said
    assert "• SALESPEOPLE: from Sales, job on hold" in said
    assert "*Other jobs*: customer statistics on hold" in said
    assert "Nothing was changed" in said
    assert "by default" not in said.partition("\n")[2].partition("Nothing")[0]


async def test_what_is_missing_turned_or_ones_own_is_told(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    mappings = {
        "CURRENCY": None,
        "CONTACT": {"Direction": "To Integration Table", "Synch_Only_Coupled_Records": False},
        "MY <!channel>": {"Name": "MY <!channel>", **LIST},
    }
    await changed(stage, {"integration_table_mappings": mappings})
    said = await asked(olga, name)
    assert "*CURRENCY* is missing; by default to Sales" in said
    assert (
        "CONTACT: to Sales, all records, job on hold; "
        "*by default both ways and coupled records only*" in said
    )
    assert "*Mappings of your own*: MY &lt;!CHANNEL&gt; (no job)" in said
    assert "<!" not in said


async def test_what_is_not_published_is_told_with_what_to_do(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    await stage.scenario("services-unpublished")
    await olga.types(f"/d365 sync {name}")
    said = words_of(await olga.sees("does not publish page 5335"))
    assert "publish: Page 5335, service name Integration_Table_Mapping_List" in said


async def test_a_setup_without_business_central_says_what_is_missing(
    olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot, bc_environment="")
    await olga.types(f"/d365 sync {name}")
    await olga.sees("The setup does not say which Business Central")


async def test_it_is_for_whoever_may_see_the_connection(olga: Actor, sam: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    await sam.types(f"/d365 sync {name}")
    await sam.sees("Sorry, sync needs the role viewer")
