"""Each class of fault, and each scenario of the world, arrives in Slack as its sentence."""

import re
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from connection.errors import NameUnknown, RemoteFault, SignInFailed
from dynamics.aadsts import AADSTS
from simulator.scenarios import SCENARIOS, scenario_named
from simulator.scenarios.imports import IMPORT_SCENARIOS
from simulator.scenarios.populations import POPULATION_SCENARIOS
from tests.conftest import give_roles
from tests.journeys.bots import unlimited
from tests.journeys.told_bc_checks import CASES
from tests.journeys.told_checks import CASES_BY_SCENARIO
from tests.journeys.told_faults import BY_DEVICE_CODE, BY_NUMBER, ON_PREMISES, TOLD, Told
from tests.setups import (
    INTEGRATION,
    PASSWORD,
    give_password,
    give_secret,
    new_name,
    right_values,
    set_up,
)
from tests.stage import Actor, BotProcess, Simulators, Stage, words_of

OLGA = "olga.operator@adventure-example.onmicrosoft.com"
NOWHERE = "nowhere.invalid"
"""No DNS may know a name under .invalid (RFC 6761, 6.4)."""
UNTOUCHED = {scenario.name for scenario in (*IMPORT_SCENARIOS, *POPULATION_SCENARIOS)}
"""A test of a connection imports no solution, and looks at nobody but the integration user."""
THROTTLED_BY_USER = ("throttled", "throttled-by-time", "throttled-at-once")
"""After these the bot sends nothing of that user for a while, so each has an app of its own."""
SHOWN_WITHOUT_NUMBER = (90055, 90024, 90033)


@dataclass
class Field:
    """The bot, who asks it, and the connections that are tested."""

    bot: BotProcess
    stage: Stage
    olga: Actor
    name: str
    on_premises: str

    async def report(self, name: str = "") -> str:
        name = name or self.name
        await self.olga.types(f"/d365 test {name}")
        return words_of(await self.olga.sees(f"Test of {name}"))


@pytest.fixture(scope="module")
async def field(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Field]:
    """One bot for all, with a connection that holds every secret, and one on-premises."""
    folder = tmp_path_factory.mktemp("faults")
    program = ("tests.journeys.hasty",)
    settings = {
        "D365BOT_ALLOWED_HOSTS": f"bc.adventure-example.com:7048,{NOWHERE}",
        "NO_PROXY": f"127.0.0.1,localhost,{NOWHERE}",
    }
    bot = BotProcess(folder, simulators.ready, program=program, settings=settings)
    await bot.start()
    await stage.listen_to(bot)
    await stage.scenario("healthy")
    async with unlimited(stage):
        await give_roles(stage)
        assert (await bot.run("keys", "new")).returncode == 0
        olga = stage.person("olga")
        name = await set_up(olga, bot)
        await give_password(olga, bot, name)
        yield Field(bot, stage, olga, name, await _on_premises(olga, bot))
        await stage.scenario("healthy")
    assert await bot.stop() == 0


async def _on_premises(olga: Actor, bot: BotProcess) -> str:
    bc, name = olga.stage.ready["bc"], new_name()
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    await olga.chooses("hosting", "on-premises", "bc_url")
    values = right_values(olga, name, hosting="on-premises")
    del values["bc_environment"]
    values |= {"bc_url": bc["on_premises_url"] + "/ODataV4/", "bc_user_name": "SYNC"}
    assert (await olga.submits(**values))["response_action"] == "clear"
    await give_secret(olga, bot, name)
    key = bc["on_premises_access_key"]
    assert (await bot.run("secret", "set", name, "bc_access_key", stdin=key)).returncode == 0
    return name


async def become(stage: Stage, name: str) -> None:
    """The scenario; what spoils changes only spoils reads here, because a test only reads."""
    scenario = scenario_named(name)
    await stage.scenario(name)
    if scenario.faults and scenario.faults[0].get("method") == "POST":
        await stage.mend()
        what = {"method": "GET", "path": scenario.faults[0]["path"].replace("*Solution*", "*")}
        await stage.fault(**scenario.faults[0] | what)
    account = scenario.patch.get("accounts", {}).get(INTEGRATION, {})
    if account is not None and "password" not in account:
        await stage.change({"accounts": {INTEGRATION: {"password": PASSWORD}}})


def shown(text: str) -> str:
    return text.replace("&", "&amp;")


def assert_told(report: str, told: Told) -> None:
    """The check says it, what to do stands below, and then the service's id of the request.
    Whatever is a link counts by its words."""
    lines = re.sub(r"<https://[^|>]*\|([^>]*)>", r"\1", report).splitlines()
    said = [at for at, line in enumerate(lines) if f"*{told.check}* {told.word}: " in line]
    assert said, report
    sentence, remedy, trace = lines[said[0] : said[0] + 3]
    assert shown(told.sentence) in sentence, report
    assert remedy.startswith("*What to do:* ")
    assert shown(told.remedy) in remedy, report
    found = re.search(r"Microsoft's reference `([0-9a-f-]{36})`", trace)
    assert bool(found) is told.reference, trace


def tree(fault: type[RemoteFault]) -> Iterator[type[RemoteFault]]:
    for narrower in fault.__subclasses__():
        yield narrower
        yield from tree(narrower)


def test_every_scenario_is_told_here() -> None:
    told = {*BY_NUMBER, *BY_DEVICE_CODE, *TOLD, *ON_PREMISES, *UNTOUCHED, *CASES_BY_SCENARIO}
    told |= {"healthy", "connection-known", *(case.scenario for case in CASES)}
    assert told == {scenario.name for scenario in SCENARIOS}


@pytest.mark.parametrize("kind", list(tree(RemoteFault)), ids=lambda kind: kind.__name__)
def test_every_class_of_fault_is_provoked_here(kind: type[RemoteFault]) -> None:
    provoked = {told.kind for told in (*TOLD.values(), *ON_PREMISES.values())}
    assert kind in provoked | {SignInFailed, NameUnknown}


@pytest.mark.parametrize("name", sorted(UNTOUCHED))
async def test_what_a_test_does_not_look_at_makes_nothing_red(field: Field, name: str) -> None:
    await become(field.stage, name)
    assert "every check passed" in await field.report()


async def test_nothing_is_red_in_a_healthy_world(field: Field) -> None:
    await become(field.stage, "healthy")
    assert "every check passed" in await field.report()
    assert "every check passed" in await field.report(field.on_premises)


@pytest.mark.parametrize("name", BY_NUMBER)
async def test_a_refused_sign_in_is_told(field: Field, name: str) -> None:
    check, number = BY_NUMBER[name]
    await become(field.stage, name)
    code = "" if number in SHOWN_WITHOUT_NUMBER else f" (AADSTS{number})"
    known = AADSTS[number]
    told = Told(check, SignInFailed, f"{known.sentence}{code}", known.remedy)
    assert_told(await field.report(), told)


@pytest.mark.parametrize("name", [name for name in TOLD if name not in THROTTLED_BY_USER])
async def test_a_fault_is_told(field: Field, name: str) -> None:
    await become(field.stage, name)
    if name == "bot-not-consented":
        await give_secret(field.olga, field.bot, field.name)  # the old token holds for an hour
    report = await field.report()
    assert_told(report, TOLD[name])
    if TOLD[name].own:
        assert TOLD[name].own not in report
        await field.olga.presses("Names")
        assert TOLD[name].own in words_of(await field.olga.sees("For you alone"))


@pytest.mark.parametrize("name", ON_PREMISES)
async def test_a_fault_on_premises_is_told(field: Field, name: str) -> None:
    await become(field.stage, name)
    assert_told(await field.report(field.on_premises), ON_PREMISES[name])


@pytest.mark.parametrize("name", THROTTLED_BY_USER)
async def test_a_user_who_is_throttled_is_told(field: Field, name: str) -> None:
    await become(field.stage, "healthy")
    app: dict[str, Any] = {
        "tenant": "adventure",
        "client_id": str(uuid.uuid4()),
        "object_id": str(uuid.uuid4()),
        "display_name": "Another app (example)",
        "public_client": False,
        "secrets": {"main": {"value": "another-apps-secret", "expires": "2999-01-01T00:00:00Z"}},
        "certificates": {},
        "consents": {},
    }
    connection = new_name()
    await set_up(field.olga, field.bot, connection, bot_client_id=app["client_id"])
    await give_secret(field.olga, field.bot, connection, "another-apps-secret")
    await field.stage.scenario(name)
    await field.stage.change(
        {"apps": {"another": app}, "sales": {"adventure": {"retry_after": 30}}}
    )
    assert_told(await field.report(connection), TOLD[name])


async def test_a_name_that_dns_does_not_know_is_told(field: Field) -> None:
    await become(field.stage, "healthy")
    name = await set_up(field.olga, field.bot, sales_url=f"https://{NOWHERE}")
    told = Told(
        "DNS and TLS", NameUnknown, f"{NOWHERE}", "Look for a typing error", reference=False
    )
    assert_told(await field.report(name), told)


@pytest.mark.parametrize("name", BY_DEVICE_CODE)
async def test_a_device_code_that_comes_to_nothing_is_told(field: Field, name: str) -> None:
    await become(field.stage, name)
    await field.stage.change({"tenants": {"adventure": {"device_interval": 1}}})
    await field.olga.types(f"/d365 sign-in {field.name}")
    await field.olga.sees("enter the code")
    said = await field.olga.sees(f"The sign-in for *{field.name}* did not work")
    known = AADSTS[BY_DEVICE_CODE[name]]
    assert f"{shown(known.sentence)} {shown(known.remedy)}" in words_of(said)


async def test_after_all_of_that_no_name_stands_in_the_channel(field: Field) -> None:
    """Stands last, so that the channel holds what every scenario came to."""
    await become(field.stage, "user-missing")
    await field.report()
    await field.olga.types(f"/d365 status {field.on_premises}")
    await field.olga.sees(f"{field.on_premises}: ")
    await become(field.stage, "healthy")
    world = await field.stage.world()
    users = world["sales"]["adventure"]["tables"]["systemusers"].values()
    said = ("fullname", "internalemailaddress", "domainname")
    names = {"SYNC", *world["accounts"], *(one[part] for one in users for part in said)}
    channel = (await field.stage.seen("paul", "crm-admins"))["messages"]
    read = "\n".join(words_of(message) for message in channel if not message["ephemeral"])
    assert "Test of" in read
    whole = {name: rf"(?i)(?<!\w){re.escape(name)}(?!\w)" for name in names}
    assert [name for name, pattern in whole.items() if re.search(pattern, read)] == []
    assert not re.search(r"[\w.+-]@[\w-]", read)
