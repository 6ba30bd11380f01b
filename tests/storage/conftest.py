"""A fresh database for each test, copied from one that was migrated once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.storage.samples import Stored, migrated


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    return migrated(tmp_path_factory.mktemp("original") / "stored")


@pytest.fixture
def stored(original: Stored, tmp_path: Path) -> Stored:
    return original.copy(tmp_path / "stored")


@pytest.fixture
def database(stored: Stored) -> Iterator[Database]:
    opened = Database.open(stored.url, stored.keys)
    yield opened
    opened.close()
