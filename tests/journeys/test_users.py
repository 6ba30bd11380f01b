"""Who of Business Central is who in Sales: numbers for the channel, names for the one who asked."""

import csv
import io
from collections.abc import AsyncIterator

import pytest

from tests.journeys.bots import a_bot
from tests.setups import new_name, save_setup, set_up
from tests.stage import Actor, BotProcess, Json, Simulators, Stage, words_of

OWN = "For you alone: users of"
MIXED = (
    "*1* of Business Central without a Sales user",
    "*1* of Business Central with nothing to compare",
    "*1* of Business Central whose Sales user is disabled",
    "*2* of Business Central who share what is compared",
    "*1* of Business Central for whom Sales has several",
    "*1* of Business Central mapped to a Sales user without a licence",
    "1 of Business Central disabled in Business Central",
    "1 of Business Central that are no people",
    "1 of Sales without a Business Central user",
    "1 of Sales with nothing to compare",
    "1 of Sales whose Business Central user is disabled",
    "1 of Sales disabled in Sales",
)


def _done(message: Json) -> bool:
    return "have their user in Sales" in words_of(message)


async def checked(actor: Actor, name: str) -> str:
    await actor.types(f"/d365 users {name}")
    return words_of(await actor.sees(f"Users of {name}", final=_done))


async def told_alone(actor: Actor, name: str) -> tuple[str, list[dict[str, str]]]:
    """What they read in their direct messages, and the file that came with it."""
    dm = Actor(actor.stage, actor.name, "dm")
    message = words_of(await dm.sees(f"{OWN} {name}"))
    seen = await actor.stage.seen(actor.name, "dm")
    files = [file for one in seen["messages"] for file in one["files"]]
    (own,) = [file for file in files if f"users-{name}-" in file["name"]]
    return message, list(csv.DictReader(io.StringIO(own["content"])))


async def test_in_a_healthy_world_everybody_is_mapped(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    said = await checked(olga, name)
    assert f"Users of {name}: 4 of 4 people have their user in Sales" in said
    assert "nobody would lose the integration" in said
    assert "4 of Business Central mapped to a Sales user without the Product Availa" in said
    assert "Compares authentication email with primary email, setup revision" in said
    assert "an empty email is nobody's" in said
    _, lines = await told_alone(olga, name)
    assert [line["finding"] for line in lines if line["side"] == "bc"] == ["mapped"] * 4


async def test_the_channel_reads_numbers_and_the_asker_names(
    olga: Actor, ada: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    await stage.scenario("users-mixed")
    await ada._mark()
    said = await checked(olga, name)
    assert f"Users of {name}: 8 of 12 people have their user in Sales" in said
    assert "*If users must map,* 4 people would lose the integration" in said
    for line in MIXED[1:]:
        assert line in said, line
    assert "*2* of Business Central without a Sales user _(rows 6, 14)_" in said
    assert "*What to do:* Add them in Sales" in said
    message, lines = await told_alone(olga, name)
    assert "Mara Example (MARA, mara@" in message
    assert lines[5]["bc_user_name"] == "MARA"
    assert lines[5]["row"] == "6"
    seen = "\n".join(words_of(one) for one in await ada.new_messages())
    assert name in seen
    for word in ("Mara", "MARA", "@adventure-example", "evil.example"):
        assert word not in seen


async def test_the_file_has_everybody_and_carries_nothing_out(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    await stage.scenario("users-mixed")
    await checked(olga, name)
    _, lines = await told_alone(olga, name)
    assert [int(line["row"]) for line in lines] == list(range(1, len(lines) + 1))
    found = {line["bc_user_name"]: line for line in lines if line["side"] == "bc"}
    assert len(found) == 14
    assert found["EVE"]["bc_full_name"] == '\'=HYPERLINK("https://evil.example")'
    assert found["UWE"]["finding"] == "mapped"
    assert "unlicensed" in found["UWE"]["notes"].split()
    assert found["DORA"]["sales_state"] == "Disabled"
    assert "no_availability_role" not in found["VERA"]["notes"], "she holds her unit's copy"
    assert "no_integration_role" not in found["ADA"]["notes"]
    alone = [line for line in lines if line["side"] == "sales"]
    assert {line["sales_full_name"] for line in alone} >= {"Sara Example", "Gus Example"}
    assert not [line for line in alone if line["sales_full_name"] == "Uwe Example"]


async def test_a_check_is_in_the_record_with_numbers_and_without_names(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    await stage.scenario("users-mixed")
    await checked(olga, name)
    await told_alone(olga, name)
    exported = await bot.run("audit", "export", "--format", "jsonl")
    rows = [line for line in exported.stdout.splitlines() if f'"connection": "{name}"' in line]
    (row,) = [line for line in rows if '"users:checked"' in line]
    assert '"unmatched": 2' in row
    assert "MARA" not in row


async def test_the_button_checks_again(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await checked(olga, name)
    await olga.presses("Check again")
    await olga.sees(f"Users of {name}", final=_done)


async def test_while_it_runs_the_channel_sees_how_far_it_is(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    await stage.fault(site="bc", path="*/Users*", times=1, delay=4)
    await olga.types(f"/d365 users {name}")
    running = await olga.sees(f"Reading the users of {name}")
    done = await olga.sees(f"Users of {name}", final=_done)
    assert done["ts"] == running["ts"]


async def test_where_the_page_is_not_published_it_says_how_to(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    await stage.scenario("services-unpublished")
    await olga.types(f"/d365 users {name}")
    said = words_of(await olga.sees(f"Users of {name}: they could not be read"))
    assert "does not publish page 9800, Users" in said
    assert "Page 9800, service name Users" in said
    await stage.scenario("healthy")
    await checked(olga, name)


async def test_a_fault_in_the_middle_is_told_without_a_services_own_words(
    olga: Actor, ada: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    refusal = {"error": {"code": "0x8badf00d", "message": "User Ada Lovelace may not do this"}}
    await stage.fault(site="dataverse", path="*systemusers*", status=418, json=refusal)
    await ada._mark()
    await olga.types(f"/d365 users {name}")
    await olga.sees("Ada Lovelace", final=lambda message: bool(message["ephemeral"]))
    said = words_of(await ada.sees(f"Users of {name}: they could not be read"))
    assert "Lovelace" not in said


async def test_me_says_who_one_would_be_and_that_it_is_unverified(
    olga: Actor, ada: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    await ada._mark()
    await olga.types(f"/d365 users {name} me")
    nobody = await olga.sees("no Business Central user has the authentication email")
    assert "olga@contoso.example" in words_of(nobody)
    assert nobody["ephemeral"]
    await _is_in_business_central(stage, "Olga@Contoso.Example")
    await olga.types(f"/d365 users {name} me")
    unmapped = words_of(await olga.sees("you would be Olga Operator (OLGA"))
    assert "without a Sales user" in unmapped
    assert "Once users must map, you have no integration" in unmapped
    users = {"olga": {"internalemailaddress": "olga@contoso.example"}}
    await stage.change({"sales": {"adventure": {"tables": {"systemusers": users}}}})
    await olga.types(f"/d365 users {name} me")
    mapped = words_of(await olga.sees("in Business Central, and Olga Operator"))
    assert "Unverified: the email is the one in your Slack profile" in mapped
    assert not [one for one in await ada.new_messages() if "contoso.example" in words_of(one)]
    await stage.scenario("healthy")


async def test_a_name_of_business_central_calls_nobody_and_links_nowhere(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    user = {"Authentication_Email": "olga@contoso.example", "Full_Name": "<!channel> <http://x|y>"}
    await stage.change({"business_central": {"Production": {"users": {"OLGA": user}}}})
    await olga.types(f"/d365 users {name} me")
    message = words_of(await olga.sees("you would be"))
    assert "&lt;!channel&gt; &lt;http://x|y&gt;" in message
    assert "<!" not in message
    await stage.scenario("healthy")


async def _is_in_business_central(stage: Stage, email: str) -> None:
    users = {"OLGA": {"Authentication_Email": email}}
    await stage.change({"business_central": {"Production": {"users": users}}})


@pytest.fixture
async def own(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot without connections: the first one that is saved is the default."""
    folder = tmp_path_factory.mktemp("users-default")
    async with a_bot(simulators, stage, folder, key=True) as bot:
        yield bot


async def test_without_a_connection_me_means_the_default_one(own: BotProcess, stage: Stage) -> None:
    olga = stage.person("olga")
    first = await set_up(olga, own)
    await set_up(olga, own)
    await olga.types("/d365 users me")
    await olga.sees(f"In {first} no Business Central user has the authentication email")
    await olga.types("/d365 setup me")
    await olga.sees("me is a word of the command itself")


@pytest.mark.parametrize("words", ["{name} you", "{name} me too"])
async def test_other_words_are_not_taken(olga: Actor, bot: BotProcess, words: str) -> None:
    name = await set_up(olga, bot)
    await olga.types(f"/d365 users {words.format(name=name)}")
    await olga.sees("I did not understand")


async def test_users_are_for_whoever_may_see_the_connection(olga: Actor, sam: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    for words in (name, f"{name} me"):
        await sam.types(f"/d365 users {words}")
        await sam.sees("Sorry, users needs the role viewer")


async def test_a_setup_without_business_central_says_what_is_missing(
    olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot, bc_environment="")
    await olga.types(f"/d365 users {name}")
    await olga.sees("The setup does not say which Business Central")
