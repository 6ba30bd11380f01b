"""Each check goes red or yellow, says what to do, and is green once that was done."""

import re
from collections.abc import AsyncIterator

import pytest

from connection.checks.table import CHECKS
from tests.journeys.bots import a_bot, unlimited
from tests.journeys.checked import Checked
from tests.journeys.told_bc_checks import CASES as CASES_OF_BC
from tests.journeys.told_checks import CASES, NEVER_WARNS, ONLY_WARNS, Case
from tests.setups import give_password, set_up
from tests.stage import Simulators, Stage

TITLES = {check.id: check.title for check in CHECKS}
EVERY = [(check, case) for check, cases in CASES.items() for case in cases]


@pytest.fixture(scope="module")
async def checked(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Checked]:
    """One bot for the whole table, and one connection that holds every secret."""
    folder = tmp_path_factory.mktemp("checked")
    async with a_bot(simulators, stage, folder, key=True) as bot, unlimited(stage):
        olga = stage.person("olga")
        name = await set_up(olga, bot)
        await give_password(olga, bot, name)
        yield Checked(bot, stage, olga, name, await stage.world())
        await stage.scenario("healthy")


def test_every_check_has_its_cases_or_says_why_not() -> None:
    words = {check: {case.word for case in cases} for check, cases in CASES.items()}
    of_bc = {case.check for case in CASES_OF_BC}
    assert set(words) | of_bc == set(TITLES)
    assert not set(words) & of_bc
    assert {check for check in words if "failed" not in words[check]} == set(ONLY_WARNS)
    assert {check for check in words if "warning" not in words[check]} == set(NEVER_WARNS)


def assert_told(report: str, title: str, case: Case) -> None:
    """The check says it, and what to do stands below."""
    lines = report.splitlines()
    at = next((n for n, line in enumerate(lines) if f"*{title}* {case.word}: " in line), None)
    assert at is not None, report
    assert case.said in lines[at], report
    assert lines[at + 1].startswith("*What to do:* "), report
    assert case.to_do.replace("&", "&amp;") in lines[at + 1], report


def assert_green(report: str, title: str) -> None:
    """The report lists it, and says nothing else of it."""
    assert title in report
    amiss = rf"\*{re.escape(title)}\* (failed|warning|skipped|not tested)"
    assert not re.search(amiss, report), report


@pytest.mark.parametrize(
    ("check", "case"), EVERY, ids=[f"{check}-{case.scenario}-{case.word}" for check, case in EVERY]
)
async def test_what_is_wrong_is_told_and_its_remedy_helps(
    checked: Checked, check: str, case: Case
) -> None:
    if case.own or case.setup:
        checked = await checked.another(case.setup)
    await checked.become(case.scenario)
    if case.prepared:
        await case.prepared(checked)
    assert_told(await checked.report(), TITLES[check], case)
    await case.followed(checked)
    assert_green(await checked.report(), TITLES[check])
