"""A fresh database for each test, copied from one that was migrated once: of either kind.

What is about files asks for `on_file` instead, and what is about a server for `on_server`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.postgresql import PostgresServer
from tests.storage.samples import Stored, StoredInFile, StoredOnServer, migrated

KINDS = ["file", pytest.param("server", marks=pytest.mark.postgres)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of this folder; those of other folders that ask for a database get a file."""
    if "original" in metafunc.fixturenames:
        metafunc.parametrize("original", KINDS, indirect=True)


@pytest.fixture(scope="session")
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    if getattr(request, "param", "file") == "file":
        return migrated(tmp_path_factory.mktemp("original") / "stored")
    found = request.getfixturevalue("original_on_server")
    assert isinstance(found, Stored)
    return found


@pytest.fixture(scope="session")
def original_file(tmp_path_factory: pytest.TempPathFactory) -> StoredInFile:
    return migrated(tmp_path_factory.mktemp("original") / "file")


@pytest.fixture(scope="session")
def original_on_server(
    postgresql: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> StoredOnServer:
    folder = tmp_path_factory.mktemp("original") / "server"
    stored = StoredOnServer(folder, postgresql, postgresql.new_database())
    stored.migrate()
    return stored


@pytest.fixture
def stored(original: Stored, tmp_path: Path) -> Iterator[Stored]:
    copy = original.copy(tmp_path / "stored")
    yield copy
    copy.drop()


@pytest.fixture
def on_file(original_file: StoredInFile, tmp_path: Path) -> StoredInFile:
    return original_file.copy(tmp_path / "file")


@pytest.fixture
def on_server(original_on_server: StoredOnServer, tmp_path: Path) -> Iterator[StoredOnServer]:
    copy = original_on_server.copy(tmp_path / "server")
    yield copy
    copy.drop()


@pytest.fixture
def database(stored: Stored) -> Iterator[Database]:
    opened = Database.open(stored.url, stored.keys)
    yield opened
    opened.close()
