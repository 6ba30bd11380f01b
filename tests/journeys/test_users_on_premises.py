"""On-premises, where people sign in by domain: who is who goes by User Name and domain name."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.bots import a_bot
from tests.journeys.test_users import checked, told_alone
from tests.setups import give_secret, new_name, right_values
from tests.stage import Actor, BotProcess, Simulators, Stage, words_of

HOST = "crm.adventure-example.com"
SERVER = "bc.adventure-example.com:7048"
LOGIN = "ADVENTURE\\integration"


@pytest.fixture
async def inside(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot that may call both servers of the house, and Sales at an address of its own."""
    folder = tmp_path_factory.mktemp("users-on-premises")
    hosts = f"{HOST},{SERVER}"
    async with a_bot(simulators, stage, folder, key=True, D365BOT_ALLOWED_HOSTS=hosts) as bot:
        await stage.change({"sales": {"adventure": {"host": HOST}}})
        yield bot
        await stage.scenario("healthy")


async def _set_up(olga: Actor, bot: BotProcess) -> str:
    name = new_name()
    values = right_values(
        olga,
        name,
        hosting="on-premises",
        sales_url=f"https://{HOST}",
        integration_user_name=LOGIN,
        bc_url=olga.stage.ready["bc"]["on_premises_url"],
        bc_user_name="SYNC",
    )
    del values["bc_environment"]
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    await olga.chooses("hosting", "on-premises", "bc_url")
    answer = await olga.submits(**values)
    assert answer["response_action"] == "clear", answer
    await olga.sees(f"Setup of {name} saved")
    await give_secret(olga, bot, name)
    key = olga.stage.ready["bc"]["on_premises_access_key"]
    assert (await bot.run("secret", "set", name, "bc_access_key", stdin=key)).returncode == 0
    return name


async def _become(stage: Stage, bc: dict[str, object], sales: dict[str, object]) -> None:
    await stage.change({"business_central": {"Production": {"users": bc}}})
    await stage.change({"sales": {"adventure": {"tables": {"systemusers": sales}}}})


async def test_who_is_who_goes_by_user_name_and_domain_name(
    inside: BotProcess, stage: Stage
) -> None:
    """The emails of all four are the same on both sides, and say nothing."""
    olga, ada = stage.person("olga"), stage.person("ada")
    name = await _set_up(olga, inside)
    await _become(
        stage,
        {one: {"User_Name": f"ADVENTURE\\{one}"} for one in ("ADA", "OLGA", "PAUL")},
        {
            "ada": {"domainname": "adventure\\Ada"},
            "olga": {"domainname": "elsewhere\\olga"},
            "paul": {"domainname": "adventure\\paul", "isdisabled": True},
        },
    )
    await ada._mark()
    said = await checked(olga, name)
    assert "Compares user name with domain name" in said
    assert f"Users of {name}: 1 of 4 people have their user in Sales" in said
    assert "3 people would lose the integration (2 without a Sales user, 1 whose Sales" in said
    alone, lines = await told_alone(olga, name)
    found = {line["bc_user_name"]: line for line in lines if line["side"] == "bc"}
    assert found["ADVENTURE\\ADA"]["finding"] == "mapped"
    assert found["ADVENTURE\\ADA"]["sales_domain_name"] == "adventure\\Ada"
    assert found["ADVENTURE\\OLGA"]["finding"] == "unmatched"
    assert found["ADVENTURE\\PAUL"]["finding"] == "sales_disabled"
    assert found["VERA"]["finding"] == "unmatched"
    assert "ADVENTURE\\OLGA" in alone
    await ada.sees(f"Users of {name}")
    read = "".join(words_of(one) for one in await ada.new_messages())
    assert "1 of 4 people have their user in Sales" in read
    assert "venture\\" not in read.lower()


async def test_me_is_found_by_email_and_mapped_by_domain_name(
    inside: BotProcess, stage: Stage
) -> None:
    olga = stage.person("olga")
    name = await _set_up(olga, inside)
    own = {"User_Name": "ADVENTURE\\OLGA", "Authentication_Email": "olga@contoso.example"}
    await _become(stage, {"OLGA": own}, {"olga": {"domainname": "elsewhere\\olga"}})
    await olga.types(f"/d365 users {name} me")
    unmapped = words_of(await olga.sees("you would be Olga Operator (ADVENTURE\\OLGA"))
    assert "without a Sales user" in unmapped
    await _become(stage, {"OLGA": own}, {"olga": {"domainname": "adventure\\olga"}})
    await olga.types(f"/d365 users {name} me")
    await olga.sees("in Business Central, and Olga Operator")
