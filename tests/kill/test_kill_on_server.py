"""The same on PostgreSQL: the server stands, and the bot is killed at each stage and under load."""

from collections.abc import AsyncIterator

import pytest

from tests.kill import test_kill
from tests.kill.test_kill import DYING, prepare, test_no_acknowledged_command_is_lost_under_load
from tests.postgresql import PostgresServer
from tests.stage import BotProcess, Simulators, Stage

__all__ = ["test_no_acknowledged_command_is_lost_under_load"]

pytestmark = [pytest.mark.kill, pytest.mark.postgres]


@pytest.fixture(scope="module")
async def prepared(
    simulators: Simulators,
    stage: Stage,
    postgresql: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[BotProcess]:
    """A bot with its database on a server, stopped."""
    settings = postgresql.settings(postgresql.new_database())
    folder = tmp_path_factory.mktemp("killed-on-server")
    bot = BotProcess(folder, simulators.ready, settings=settings)
    async with prepare(bot, stage):
        yield bot


@pytest.mark.parametrize("when", DYING)
async def test_a_command_is_answered_after_a_kill(
    prepared: BotProcess, stage: Stage, when: str
) -> None:
    await test_kill.test_a_command_is_answered_after_a_kill(
        prepared, stage, when, "list", "1 connection"
    )
