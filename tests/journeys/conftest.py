"""Every story is played twice: by a bot with its database in a file, and by one on PostgreSQL."""

import pytest

from tests.journeys.changing import Sides
from tests.sharing import KINDS
from tests.stage import Actor, BotProcess, Stage

_FILE, _SERVER = KINDS
_EITHER = (_FILE, pytest.param(_SERVER, marks=pytest.mark.postgres))


@pytest.fixture
async def paul(bot: BotProcess, roles: None, stage: Stage) -> Actor:
    """Paul Approver."""
    return stage.person("paul")


@pytest.fixture
def sides(stage: Stage) -> Sides:
    """Both sides."""
    return Sides(stage)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever plays with a bot; `simulators` brings it, and nothing else is to."""
    asked = metafunc.fixturenames
    assert "databases" in asked or "simulation" not in asked, metafunc.function.__qualname__
    if "databases" in asked:
        metafunc.parametrize("databases", _EITHER, indirect=True, scope="session")
