"""SQLite itself refuses to change what was added."""

# ruff: noqa: S608 - the names of tables stand in this file

import sqlite3
from collections.abc import Iterator

import pytest

from connection.changes.request import Decision, Verdict
from connection.ports import Transaction
from storage.database import Database
from storage.sqlite import writer_engine
from tests.storage.samples import ANNA, NOW, StoredInFile, a_connection, a_setup, record
from tests.storage.test_rows import a_report
from tests.storage.test_user_checks import a_check

CHANGES = [
    "UPDATE {table} SET {column} = 'x'",
    "UPDATE OR REPLACE {table} SET {column} = 'x'",
    "UPDATE OR IGNORE {table} SET {column} = 'x'",
    "DELETE FROM {table}",
    "INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    "REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT DO UPDATE SET {column} = 'x'",
]
TABLES = [
    ("audit", "details"),
    ("setup_revisions", "fields"),
    ("reports", "results"),
    ("user_checks", "result"),
    ("decisions", "reason"),
]


@pytest.fixture
async def filled(on_file: StoredInFile) -> StoredInFile:
    def work(tx: Transaction) -> None:
        tx.create_connection(a_connection())
        tx.save_setup("T1-contoso", a_setup(), ANNA, NOW)
        tx.keep_report(a_report())
        tx.keep_user_check(a_check(finished_at=NOW))
        tx.add_decision(Decision("request-1", ANNA, Verdict.APPROVE, NOW))
        record(tx)

    database = Database.open(on_file.url, on_file.keys)
    await database.ledger.run(work)
    database.close()
    return on_file


@pytest.fixture
def driver(filled: StoredInFile) -> Iterator[sqlite3.Connection]:
    """A raw connection, set up by the bot's own engine."""
    with writer_engine(filled.url).connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        yield raw


@pytest.mark.parametrize(("table", "column"), TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_what_was_added_stays(
    driver: sqlite3.Connection, change: str, table: str, column: str
) -> None:
    before = driver.execute(f"SELECT * FROM {table}").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        driver.execute(change.format(table=table, column=column))
    assert driver.execute(f"SELECT * FROM {table}").fetchall() == before


@pytest.mark.parametrize(("table", "column"), TABLES)
def test_replacing_is_refused_without_recursive_triggers_as_well(
    driver: sqlite3.Connection, table: str, column: str
) -> None:
    driver.execute("PRAGMA recursive_triggers=OFF")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        driver.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")


@pytest.mark.parametrize(
    ("n", "previous"),
    [("max(n) + 2", "last"), ("max(n)", "last"), ("max(n) + 1", "other"), ("NULL", "last")],
)
def test_a_gap_or_a_wrong_previous_hash_is_refused(
    driver: sqlite3.Connection, n: str, previous: str
) -> None:
    (last,) = driver.execute("SELECT hash FROM audit ORDER BY n DESC LIMIT 1").fetchone()
    value = last if previous == "last" else "0" * 64
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        driver.execute(
            f"INSERT INTO audit SELECT {n}, at, workspace, actor, tag, connection, details, "
            "?, hash FROM audit ORDER BY n LIMIT 1",
            (value,),
        )


def test_a_number_in_a_text_column_is_refused(driver: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="cannot store"):
        driver.execute("UPDATE connections SET is_default = 'yes'")
