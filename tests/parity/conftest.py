"""A simulated world, a database, and a room in which connections are set up and tested."""

import pytest

from connection.people import Admins
from storage.database import Database
from tests.parity.fakes import FakeBusinessCentral, FakeSales, ports_on
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
    ports = ports_on(
        database,
        sales=sales,
        business_central=business_central,
        admins=Admins(frozenset({OPERATOR})),
        public_url="https://bot.example.com",
    )
    return Room(ports, stored.keys)
