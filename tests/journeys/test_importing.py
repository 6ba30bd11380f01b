"""Importing the integration solution: chosen, shown, approved, followed and read back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import give_roles
from tests.journeys.changing import Sides, asked, card_says, put_package, ready_to_enable
from tests.simulator.packing import INTEGRATION
from tests.stage import BotProcess, Simulators, Stage


@pytest.fixture
async def importing(
    simulators: Simulators, stage: Stage, tmp_path: Path
) -> AsyncIterator[BotProcess]:
    """A bot with a package, in a world without the solution."""
    put_package(tmp_path / "packages")
    settings = {"D365BOT_SOLUTION_DIR": str(tmp_path / "packages")}
    bot = BotProcess(tmp_path / "bot", simulators.ready, settings=settings)
    await bot.start()
    await stage.listen_to(bot)
    await stage.scenario("healthy")
    await give_roles(stage)
    assert (await bot.run("keys", "new")).returncode == 0
    yield bot
    assert await bot.stop() == 0


async def without_solution(sides: Sides) -> None:
    gone = {"solutions": {INTEGRATION: None}, "nav_connections": None}
    await sides.change_sales({"tables": gone, "imports": {"seconds": 3}})
    await sides.without_roles()


async def imports(stage: Stage) -> int:
    """How many were started in this world, by whatever bot."""
    return sum("ImportSolution" in one["path"] for one in await stage.calls("dataverse"))


async def test_enabling_imports_the_solution_that_is_missing(
    importing: BotProcess, stage: Stage
) -> None:
    olga, paul, sides = stage.person("olga"), stage.person("paul"), Sides(stage)
    name = await ready_to_enable(olga, importing)
    await without_solution(sides)
    assert await sides.solution() == ""
    number = await asked(olga, f"/d365 enable {name}")
    said = await card_says(olga, number, "waits for approval")
    assert "Version was none, will be 9.2.0.0" in said
    assert "SHA-256" in said
    before = await imports(stage)
    await paul.types(f"/d365 approve {number}")
    await card_says(olga, number, ": done")
    assert await sides.solution() == "9.2.0.0"
    assert (await sides.page())["Is_Enabled"] is True
    assert await imports(stage) == before + 1
