"""The same on PostgreSQL: the server stands, and the bot is killed at its remote writes."""

from collections.abc import AsyncIterator

import pytest

from tests.kill.test_kill_applying import (
    Ground,
    standing,
    test_disabling_survives_a_kill_at_every_write,
    test_enabling_survives_a_kill_at_every_write,
)
from tests.postgresql import PostgresServer
from tests.stage import Simulators, Stage

__all__ = [
    "test_disabling_survives_a_kill_at_every_write",
    "test_enabling_survives_a_kill_at_every_write",
]

pytestmark = [pytest.mark.kill, pytest.mark.postgres]


@pytest.fixture(scope="module")
async def ground(
    simulators: Simulators,
    stage: Stage,
    postgresql: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Ground]:
    """With a database on a server."""
    settings = postgresql.settings(postgresql.new_database())
    folder = tmp_path_factory.mktemp("killed-applying-on-server")
    async with standing(folder, simulators, stage, settings) as one:
        yield one
