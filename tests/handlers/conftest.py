"""A real outbox, and a Slack that does as it is told."""

from collections.abc import AsyncIterator

import pytest

from connection.ports import Ports
from storage.database import Database
from tests.handlers.outbox import FakePoster, Outbox, Time
from tests.parity.fakes import ports_on
from tests.storage.conftest import database, original, stored

__all__ = ["database", "original", "stored"]


@pytest.fixture
def ports(database: Database) -> Ports:
    """A real database and a clock that stands still."""
    return ports_on(database, clock=Time())


@pytest.fixture
async def outbox(ports: Ports) -> AsyncIterator[Outbox]:
    """A messenger that does not run yet."""
    outbox = Outbox(ports, FakePoster())
    yield outbox
    outbox.poster.gate.set()
    await outbox.messenger.stop(5)
