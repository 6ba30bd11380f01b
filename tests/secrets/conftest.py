"""The room of the parity tests."""

from tests.parity.conftest import business_central, room, sales
from tests.storage.conftest import database, original, stored

__all__ = ["business_central", "database", "original", "room", "sales", "stored"]
