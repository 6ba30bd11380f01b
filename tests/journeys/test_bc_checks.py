"""Each check of Business Central and of Slack: what it says is wrong, and its remedy, followed."""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass

import pytest

from connection.checks.table import CHECKS
from simulator.healthy.business_central import ENVIRONMENT
from simulator.scenarios import scenario_named
from simulator.slack.limits import LIMITS
from tests.conftest import give_roles
from tests.journeys.told_bc_checks import CASES, Case
from tests.reports import passed_in
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

TITLES = {check.id: check.title for check in CHECKS}
SLACK_METHODS = ("chat.postMessage", "chat.update")


@dataclass
class Field:
    """The bot, who asks it, a connection that holds every secret, and one on-premises."""

    bot: BotProcess
    stage: Stage
    olga: Actor
    name: str
    on_premises: str

    async def report(self, name: str) -> str:
        """What the channel reads of a test."""
        await self.olga.types(f"/d365 test {name}")
        return words_of(await self.olga.sees(f"Test of {name}"))

    async def all_checks(self, name: str) -> str:
        """Every check of a test in full, as only the one who asks reads it."""
        await self.report(name)
        await self.olga.presses("All checks")
        return words_of(await self.olga.sees(f"For you alone: every check of {name}"))

    async def types(self, case: Case, values: dict[str, str]) -> None:
        """The setup with these values instead of the right ones."""
        name = self.on_premises if case.on_premises else self.name
        await self.olga.types(f"/d365 setup {name}")
        await self.olga.sees_form()
        right = _on_premises(self.olga, name) if case.on_premises else right_values(self.olga, name)
        answer = await self.olga.submits(**{**right, **values})
        assert answer["response_action"] == "clear", answer
        await self.olga.sees(f"Setup of {name} saved")


@pytest.fixture(scope="module")
async def field(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Field]:
    """One bot for the whole table."""
    allowed = {"D365BOT_ALLOWED_HOSTS": "bc.adventure-example.com:7048"}
    bot = BotProcess(tmp_path_factory.mktemp("bc-checks"), simulators.ready, settings=allowed)
    await bot.start()
    await stage.listen_to(bot)
    await stage.scenario("healthy")
    await stage.change({"slack": {"limits": dict.fromkeys(SLACK_METHODS)}})
    await give_roles(stage)
    assert (await bot.run("keys", "new")).returncode == 0
    olga = stage.person("olga")
    name = await set_up(olga, bot)
    await give_password(olga, bot, name)
    yield Field(bot, stage, olga, name, await _set_up_on_premises(olga, bot))
    await stage.scenario("healthy")
    usual = {method: asdict(LIMITS[method]) for method in SLACK_METHODS}
    await stage.change({"slack": {"limits": usual}})
    assert await bot.stop() == 0


def _on_premises(olga: Actor, name: str) -> dict[str, str | None]:
    values = right_values(olga, name, hosting="on-premises")
    del values["bc_environment"]
    url = olga.stage.ready["bc"]["on_premises_url"]
    return values | {"bc_url": url, "bc_user_name": "SYNC"}


async def _set_up_on_premises(olga: Actor, bot: BotProcess) -> str:
    name = new_name()
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    await olga.chooses("hosting", "on-premises", "bc_url")
    assert (await olga.submits(**_on_premises(olga, name)))["response_action"] == "clear"
    await olga.sees(f"Setup of {name} saved")
    await give_secret(olga, bot, name)
    await _give_key(olga, bot, name)
    return name


async def _give_key(olga: Actor, bot: BotProcess, name: str) -> None:
    key = olga.stage.ready["bc"]["on_premises_access_key"]
    assert (await bot.run("secret", "set", name, "bc_access_key", stdin=key)).returncode == 0


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one.check}-{one.scenario}-{one.word}")
async def test_what_is_wrong_is_told_and_its_remedy_mends_it(field: Field, case: Case) -> None:
    name, title = field.on_premises if case.on_premises else field.name, TITLES[case.check]
    await _become(field, case.scenario)
    await field.stage.change(case.also)
    for rule in case.spoilt:
        await field.stage.fault(**rule)
    if case.typed:
        await field.types(case, dict(case.typed))
    lines = (await field.report(name)).splitlines()
    said = [at for at, line in enumerate(lines) if f"*{title}* {case.word}: " in line]
    assert said, lines
    assert case.sentence in lines[said[0]]
    assert lines[said[0] + 1].startswith("*What to do:* ")
    assert case.remedy in lines[said[0] + 1].replace("&amp;", "&")
    await field.stage.mend()
    await field.stage.change(case.mended)
    if case.typed or case.corrected:
        await field.types(case, dict(case.corrected))
    assert title in passed_in(await field.report(name))
    if case.typed or case.corrected:
        await field.types(case, {})
        await _give_key(field.olga, field.bot, field.on_premises)


def test_every_check_of_business_central_has_its_cases() -> None:
    first = next(at for at, check in enumerate(CHECKS) if check.id == "bc_host")
    wanted = {check.id for check in CHECKS[first:]}
    assert wanted == {case.check for case in CASES}
    assert wanted - {case.check for case in CASES if case.word == "failed"} == {"bc_throttling"}


async def _become(field: Field, scenario: str) -> None:
    await field.stage.scenario(scenario)
    if "accounts" not in scenario_named(scenario).patch:
        await field.stage.change({"accounts": {INTEGRATION: {"password": PASSWORD}}})


VERSIONS = (
    ("15.17.47256.0", "page 5330 has the fields of versions 15 to 17.", False),
    ("16.0.11347.0", "page 5330 has the fields of versions 15 to 17.", True),
    ("18.4.29216.0", "page 5330 has the fields of versions 18 to 25.", True),
    ("26.1.33404.0", "page 5330 has the fields of versions 26 and later.", True),
)


@pytest.mark.parametrize(("number", "form", "dataverse"), VERSIONS)
async def test_the_version_is_told_by_the_api_and_by_page_5330(
    field: Field, number: str, form: str, dataverse: bool
) -> None:
    await _become(field, "healthy")
    await field.stage.change({"business_central": {ENVIRONMENT: {"version": number}}})
    report = await field.all_checks(field.name)
    (line,) = [one for one in report.splitlines() if "*Business Central version*" in one]
    assert f"passed: It is version {number}; {form}" in line
    assert ("page 7200, comes first and is set up by hand" in line) is dataverse


async def test_a_setup_without_business_central_is_a_reason_and_no_failure(field: Field) -> None:
    await _become(field, "healthy")
    name = await set_up(field.olga, field.bot, bc_environment="", bc_company="")
    report = await field.report(name)
    said = "*Business Central host* skipped: because the setup names no Business Central"
    assert said in report
    assert "failed" not in report


async def test_on_premises_everything_is_read_as_the_user_there(field: Field) -> None:
    await _become(field, "healthy")
    report = await field.all_checks(field.on_premises)
    for check in ("company", "web_services", "users_page", "table_mappings"):
        (line,) = [one for one in report.splitlines() if f"*{TITLES[check]}* passed" in one]
        assert "as the Business Central user" in line
    (line,) = [one for one in report.splitlines() if "*Job queue entries* not tested" in one]
    assert "are on hold. That is right while the connection is not enabled" in line
    assert "page 5330 has the fields of versions 15 to 17" in report


async def test_page_5330_is_opened_only_after_sales_let_the_integration_user_in(
    field: Field,
) -> None:
    await _become(field, "wrong-password")
    before = len(await field.stage.calls("bc"))
    report = await field.report(field.name)
    assert "reading page 5330 would make Business Central act" in report
    assert not [one for one in (await field.stage.calls("bc"))[before:] if one.get("note")]
    await _become(field, "healthy")
    before = len(await field.stage.calls("bc"))
    report = await field.all_checks(field.name)
    assert "Page 5330 names the same Sales URL and user; the connection is not enabled" in report
    opened = [one for one in (await field.stage.calls("bc"))[before:] if one.get("note")]
    assert len(opened) == 1


async def test_a_channel_does_not_read_what_jobs_and_users_are_called(field: Field) -> None:
    await _become(field, "bc-setup-page-another-user")
    await field.stage.change(scenario_named("bc-job-failed").patch)
    report = await field.report(field.name)
    assert "somebody.else" not in report
    assert "CUSTOMER" not in report
    await field.olga.presses("Names")
    alone = words_of(await field.olga.sees("For you alone"))
    assert "somebody.else@adventure-example.onmicrosoft.com" in alone
    assert "CUSTOMER - Dynamics 365 Sales synchronization job. (Error)" in alone
