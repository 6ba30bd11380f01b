"""A simulated world, a database, and a room in which connections are set up and tested."""

import pytest

from bot.clock import SystemClock
from connection.people import Admins
from connection.ports import Ports
from storage.database import Database
from storage.keys import EncryptionKeys
from tests.parity.fakes import FakeBusinessCentral, FakeMessenger, FakeSales
from tests.parity.room import OPERATOR, Room
from tests.simulator.conftest import simulation, trust, visitor
from tests.storage.conftest import database, original, stored
from tests.storage.samples import Stored

__all__ = ["database", "original", "simulation", "stored", "trust", "visitor"]


@pytest.fixture
def sales() -> FakeSales:
    """A healthy organisation."""
    return FakeSales()


@pytest.fixture
def business_central() -> FakeBusinessCentral:
    """A healthy environment."""
    return FakeBusinessCentral()


@pytest.fixture
def room(
    database: Database, stored: Stored, sales: FakeSales, business_central: FakeBusinessCentral
) -> Room:
    """Everything real but Microsoft and Slack."""
    ports = Ports(
        ledger=database.ledger,
        sales=sales,
        business_central=business_central,
        messenger=FakeMessenger(),
        clock=SystemClock(),
        admins=Admins(frozenset({OPERATOR})),
        encryption_on=EncryptionKeys(stored.keys).exist,
    )
    return Room(ports, stored.keys)
