"""The simulated world in this process, and a connection that is changed in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.changes.stage import Bench, a_bench
from tests.journeys.changing import put_package
from tests.simulator.conftest import Visitor
from tests.simulator.conftest import simulation as simulation
from tests.simulator.conftest import trust as trust
from tests.simulator.conftest import visitor as visitor


@pytest.fixture
async def bench(visitor: Visitor, tmp_path: Path) -> AsyncIterator[Bench]:
    """In a world where every step of enabling has something to do."""
    put_package(tmp_path / "packages")
    async with a_bench(tmp_path, visitor, tmp_path / "packages") as one:
        await one.begin_anew()
        yield one
        await one.mend()
