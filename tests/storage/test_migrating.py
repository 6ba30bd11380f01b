"""Creating and upgrading the database."""

import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from connection.audit import AuditTag, ChainHead
from connection.errors import NotReady
from storage.audit_key import NAME as AUDIT_KEY
from storage.columns import metadata
from storage.database import Database
from storage.engine import writer_engine
from storage.migrating import HEAD, is_current, migrate
from storage.verifying import verify
from tests.postgresql import SUPERUSER
from tests.storage.samples import NOW, Stored, StoredInFile, StoredOnServer, migrated


@pytest.fixture
def new(original: Stored, tmp_path: Path) -> Iterator[Stored]:
    """A database without anything in it."""
    new = original.empty(tmp_path / "new")
    yield new
    new.drop()


def _schema(driver: sqlite3.Connection) -> dict[str, str]:
    rows = driver.execute(
        "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
    ).fetchall()
    driver.close()
    return {name: re.sub(r"\s+", " ", sql) for name, sql in rows if name != "alembic_version"}


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_migrated_file_is_the_one_in_tables(on_file: StoredInFile, tmp_path: Path) -> None:
    plain = create_engine(f"sqlite:///{tmp_path / 'plain'}")
    metadata.create_all(plain)
    plain.dispose()
    expected = _schema(sqlite3.connect(tmp_path / "plain"))
    assert _schema(sqlite3.connect(on_file.file)) == expected


def test_the_constant_is_alembics_head() -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_file_keys_and_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    fresh = migrated(tmp_path / "fresh")
    assert [_mode(fresh.file), _mode(fresh.keys / AUDIT_KEY)] == [0o600, 0o600]
    assert [_mode(fresh.file.parent), _mode(fresh.keys)] == [0o700, 0o700]


async def test_the_first_rows_say_who_made_the_database(database: Database) -> None:
    rows = await database.ledger.read(lambda reading: reading.audit_entries("", limit=9))
    assert [(row.n, row.tag, row.actor) for row in rows] == [
        (2, AuditTag.AUDIT_KEY_CREATED, "cli/migrate"),
        (1, AuditTag.DATABASE_CREATED, "cli/migrate"),
    ]


def test_migrating_again_changes_nothing(stored: Stored) -> None:
    key = (stored.keys / AUDIT_KEY).read_bytes()
    stored.migrate()
    assert verify(stored.url, stored.keys).n == 2
    assert (stored.keys / AUDIT_KEY).read_bytes() == key


def test_a_missing_key_of_a_database_with_rows_is_never_replaced(stored: Stored) -> None:
    (stored.keys / AUDIT_KEY).unlink()
    with pytest.raises(NotReady, match="is missing"):
        stored.migrate()
    assert not (stored.keys / AUDIT_KEY).exists()


def test_the_key_of_a_migration_that_was_cut_off_is_used(
    on_file: StoredInFile, tmp_path: Path
) -> None:
    stored, again = on_file, StoredInFile(tmp_path / "again")
    migrate(again.url, stored.keys, NOW)
    key = (stored.keys / AUDIT_KEY).read_bytes()
    (stored.keys / "audit.head").unlink()
    assert verify(again.url, stored.keys) == _head(again)
    assert (stored.keys / AUDIT_KEY).read_bytes() == key


def test_processes_migrate_one_new_database(new: Stored) -> None:
    script = (
        "import sys, pathlib, datetime; from storage.migrating import migrate; "
        "migrate(sys.argv[1], pathlib.Path(sys.argv[2]), datetime.datetime.now(datetime.UTC))"
    )
    line = [sys.executable, "-c", script, new.owner_url, str(new.keys)]
    running = [subprocess.Popen(line) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert verify(new.owner_url, new.keys).n == 2


def test_an_absent_database_is_not_current_and_stays_absent(tmp_path: Path) -> None:
    absent = StoredInFile(tmp_path / "absent")
    assert not is_current(absent.url)
    assert not absent.folder.exists()
    with pytest.raises(NotReady) as caught:
        Database.open(absent.url, absent.keys)
    assert "d365bot migrate" in caught.value.hint


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    other = StoredInFile(tmp_path / "other")
    other.file.parent.mkdir(parents=True)
    other.file.write_text("a shopping list, long enough to be taken for a database's first page")
    assert not is_current(other.url)
    with pytest.raises(NotReady, match="cannot be migrated"):
        migrate(other.url, other.keys, NOW)


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(on_file: StoredInFile) -> None:
    with pytest.raises(NotReady, match="cannot be used: Not a directory"):
        migrate(f"sqlite:///{on_file.file}/below/app.sqlite", on_file.keys, NOW)


def test_a_newer_database_is_refused(stored: Stored) -> None:
    with stored.behind_the_bots_back() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert not is_current(stored.url)
    with pytest.raises(NotReady, match="newer version"):
        stored.migrate()


@pytest.mark.parametrize(
    "url",
    [
        *("sqlite://", "sqlite:///:memory:", "nonsense", "mysql://db/bot"),
        *("postgresql+psycopg://db", "postgresql+asyncpg://db/bot"),
    ],
)
def test_other_databases_are_refused_in_a_sentence(url: str, tmp_path: Path) -> None:
    with pytest.raises(NotReady) as caught:
        migrate(url, tmp_path, NOW)
    assert "sqlite:///" in caught.value.hint


def test_asking_for_the_version_does_not_import_alembic(stored: Stored) -> None:
    script = (
        "import sys; from storage.migrating import is_current; import storage.database; "
        "assert is_current(sys.argv[1]); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, stored.url], check=True)


def _head(stored: StoredInFile) -> ChainHead:
    driver = sqlite3.connect(stored.file)
    row = driver.execute("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1").fetchone()
    driver.close()
    return ChainHead(*row)


_DESCRIPTION = text(
    "SELECT table_name, column_name, data_type, is_nullable, collation_name, column_default "
    "FROM information_schema.columns WHERE table_schema = :schema "
    "AND table_name <> 'alembic_version'"
)
_INDEXES = text(
    "SELECT indexname, replace(indexdef, :schema || '.', '') FROM pg_indexes "
    "WHERE schemaname = :schema AND tablename <> 'alembic_version'"
)


@pytest.mark.postgres
def test_the_migrated_database_is_the_one_in_tables(on_server: StoredOnServer) -> None:
    with writer_engine(on_server.server.url(on_server.name, SUPERUSER)).begin() as connection:

        def described(schema: str) -> tuple[set[Any], set[Any]]:
            found = [connection.execute(q, {"schema": schema}) for q in (_DESCRIPTION, _INDEXES)]
            return {tuple(row) for row in found[0]}, {tuple(row) for row in found[1]}

        connection.exec_driver_sql("CREATE SCHEMA plain")
        connection.exec_driver_sql("SET LOCAL search_path TO plain")
        metadata.create_all(connection)
        assert described("d365bot") == described("plain")
        assert {row[4] for row in described("d365bot")[0] if row[2] == "text"} == {"C"}
