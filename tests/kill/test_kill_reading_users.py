"""SIGKILL while users are read: after the restart, only what was not read yet is asked for."""

import signal
from collections.abc import AsyncIterator

import pytest

from tests.kill.test_kill import _again, prepare
from tests.stage import BotProcess, Json, Simulators, Stage, words_of

pytestmark = pytest.mark.kill


@pytest.fixture
async def prepared(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot with a connection, stopped."""
    bot = BotProcess(tmp_path_factory.mktemp("killed-reading"), simulators.ready)
    async with prepare(bot, stage):
        yield bot


async def _asked_for_users(stage: Stage) -> int:
    calls = await stage.calls("dataverse")
    return sum(call["path"].partition("?")[0].endswith("/systemusers") for call in calls)


def _sales_was_read(message: Json) -> bool:
    said = words_of(message)
    return "so far" in said and " 0 users of Sales" not in said


async def test_a_side_that_was_read_is_not_read_again(prepared: BotProcess, stage: Stage) -> None:
    olga = stage.person("olga")
    bot = _again(prepared)
    await bot.start()
    await stage.listen_to(bot)
    before = await _asked_for_users(stage)
    await stage.fault(site="bc", path="*/Users*", times=1, delay=60)
    await olga.types("/d365 users killed")
    await olga.sees("Reading the users of killed", final=_sales_was_read)
    await bot.stop(signal.SIGKILL)
    read = await _asked_for_users(stage) - before
    assert read >= 1
    await stage.mend()
    living = _again(bot)
    await living.start()
    try:
        await olga.sees("Users of killed: 4 of 4 people have their user in Sales")
    finally:
        await living.stop()
    assert await _asked_for_users(stage) == before + read
