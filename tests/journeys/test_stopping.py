"""SIGTERM: what is running ends, is shown, and the process ends with 0."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.conftest import give_roles
from tests.setups import give_secret, save_setup
from tests.stage import BotProcess, Simulators, Stage, words_of


@pytest.fixture
async def stopping(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot of its own with a connection."""
    bot = await BotProcess(tmp_path_factory.mktemp("stopping"), simulators.ready).start()
    await stage.listen_to(bot)
    await stage.scenario("healthy")
    await give_roles(stage)
    await bot.run("keys", "new")
    olga = stage.person("olga")
    await save_setup(olga, "stopping")
    await give_secret(olga, bot, "stopping")
    yield bot
    await bot.stop()


async def test_a_running_test_ends_and_is_shown_before_the_process_does(
    stopping: BotProcess, stage: Stage
) -> None:
    await stage.fault(site="dataverse", path="/api/*WhoAmI*", times=1, delay=2)
    olga = stage.person("olga")
    await olga.types("/d365 test stopping")
    await olga.sees("Testing stopping")
    assert await stopping.stop() == 0
    done = await olga.sees("Test of stopping: every check passed")
    assert "Testing" not in words_of(done)


async def test_the_process_ends_when_slack_never_answers(
    stopping: BotProcess, stage: Stage
) -> None:
    await stage.fault(site="slack", path="/api/chat.postEphemeral", delay=60)
    olga = stage.person("olga")
    await olga.types("/d365 list")
    async with asyncio.timeout(20):
        assert await stopping.stop() == 0
    await stage.mend()
    await stopping.start()
    await olga.sees("1 connection")
