"""A fresh desk for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.dynamics.microsoft import Desk, a_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with a_desk() as desk:
        yield desk
