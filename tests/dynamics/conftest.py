"""A fresh desk for each test, and the simulated world for those that need it."""

from collections.abc import AsyncIterator

import pytest

from tests.dynamics.microsoft import Desk, a_desk
from tests.simulator.conftest import simulation as simulation
from tests.simulator.conftest import trust as trust
from tests.simulator.conftest import visitor as visitor


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with a_desk() as desk:
        yield desk
