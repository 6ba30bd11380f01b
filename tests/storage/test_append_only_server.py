"""PostgreSQL itself refuses to change what was added, to the owner of the tables as well.

The bot's own role may not even try, and may make nothing and change no table.
"""

# ruff: noqa: S608 - the names of tables stand in this file

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from connection.changes.request import Decision, Verdict
from connection.ports import Transaction
from storage.columns import metadata
from storage.database import Database
from storage.engine import writer_engine
from storage.postgresql import connect_plainly
from storage.roles import owns_tables, role_of
from storage.tables import APPEND_ONLY
from tests.postgresql import OWNER, ROLE, SUPERUSER
from tests.storage.samples import ANNA, NOW, StoredOnServer, a_connection, a_setup, record
from tests.storage.test_rows import a_report
from tests.storage.test_user_checks import a_check

pytestmark = pytest.mark.postgres

CHANGES = [
    "UPDATE {table} SET {column} = 'x'",
    "UPDATE {table} SET {column} = {column} WHERE false",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    (
        "INSERT INTO {table} SELECT * FROM {table} LIMIT 1 ON CONFLICT ({key}) DO UPDATE "
        "SET {column} = 'x'"
    ),
    (
        "MERGE INTO {table} AS old USING {table} AS new ON old.{column} = new.{column} "
        "WHEN MATCHED THEN DELETE"
    ),
]
TABLES = [
    ("audit", "details", "n"),
    ("setup_revisions", "fields", "connection_id, revision"),
    ("reports", "results", "id"),
    ("user_checks", "result", "id"),
    ("decisions", "reason", "request_id, user_id, verdict"),
]
FOR_OWNERS = [
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN more text",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "DROP TABLE {table}",
    "DROP TRIGGER {table}_no_change ON {table}",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION refuse_change()",
    (
        "CREATE OR REPLACE FUNCTION d365bot.refuse_change() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NULL; END $$"
    ),
    "DROP FUNCTION refuse_change() CASCADE",
    "CREATE TABLE d365bot.mine (n integer)",
    "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "GRANT ALL ON {table} TO CURRENT_USER",
    "SET session_replication_role TO replica",
    "CREATE SCHEMA mine",
    "UPDATE alembic_version SET version_num = '0001'",
]


@pytest.fixture(scope="module")
async def filled(
    original_on_server: StoredOnServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[StoredOnServer]:
    """Nothing that the tests do to it is committed."""

    def work(tx: Transaction) -> None:
        tx.create_connection(a_connection())
        tx.save_setup("T1-contoso", a_setup(), ANNA, NOW)
        tx.keep_report(a_report())
        tx.keep_user_check(a_check(finished_at=NOW))
        tx.add_decision(Decision("request-1", ANNA, Verdict.APPROVE, NOW))
        record(tx)

    stored = original_on_server.copy(tmp_path_factory.mktemp("filled") / "server")
    database = Database.open(stored.url, stored.keys)
    await database.ledger.run(work)
    database.close()
    yield stored
    stored.drop()


def test_every_append_only_table_is_tried() -> None:
    assert {table for table, *_ in TABLES} == APPEND_ONLY


@contextmanager
def _as(stored: StoredOnServer, role: str) -> Iterator[Connection]:
    with writer_engine(stored.server.url(stored.name, role)).connect() as connection:
        yield connection


@pytest.mark.parametrize(("table", "column", "key"), TABLES)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", [OWNER, SUPERUSER])
def test_what_was_added_stays_for_owner_and_superuser(
    filled: StoredOnServer, role: str, change: str, table: str, column: str, key: str
) -> None:
    with _as(filled, role) as connection:
        if role == SUPERUSER:
            connection.exec_driver_sql("SET session_replication_role TO replica")
        before = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
        connection.exec_driver_sql("SAVEPOINT before")
        with pytest.raises(IntegrityError, match="append-only"):
            connection.exec_driver_sql(change.format(table=table, column=column, key=key))
        connection.exec_driver_sql("ROLLBACK TO before")
        assert connection.exec_driver_sql(f"SELECT * FROM {table}").all() == before


@pytest.mark.parametrize(("table", "column", "key"), TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_bots_own_role_may_not_change_what_was_added(
    filled: StoredOnServer, change: str, table: str, column: str, key: str
) -> None:
    with _as(filled, ROLE) as connection, pytest.raises(ProgrammingError, match="denied"):
        connection.exec_driver_sql(change.format(table=table, column=column, key=key))


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("act", FOR_OWNERS)
def test_the_bots_own_role_owns_nothing(filled: StoredOnServer, act: str, table: str) -> None:
    with _as(filled, ROLE) as connection:
        if act.startswith("GRANT"):  # PostgreSQL warns and grants nothing
            connection.exec_driver_sql(act.format(table=table))
        else:
            connection.exec_driver_sql("SAVEPOINT before")
            with pytest.raises(DBAPIError, match=r"denied|must be owner"):
                connection.exec_driver_sql(act.format(table=table))
            connection.exec_driver_sql("ROLLBACK TO before")
        with pytest.raises(ProgrammingError, match="denied"):
            connection.exec_driver_sql(f"DELETE FROM {table}")


def test_the_bots_own_role_has_what_it_needs_and_no_more(filled: StoredOnServer) -> None:
    query = text(
        "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) "
        "FROM information_schema.role_table_grants WHERE grantee = :role GROUP BY table_name"
    )
    with _as(filled, OWNER) as connection:
        found = {row[0]: row[1] for row in connection.execute(query, {"role": ROLE})}
    working = dict.fromkeys(metadata.tables, "DELETE INSERT SELECT UPDATE")
    adding = dict.fromkeys(APPEND_ONLY, "INSERT SELECT")
    assert found == working | adding | {"alembic_version": "SELECT"}


def test_more_rights_than_needed_are_taken_away_by_the_next_migration(
    on_server: StoredOnServer,
) -> None:
    with writer_engine(on_server.owner_url).begin() as connection:
        connection.exec_driver_sql(f"GRANT ALL ON ALL TABLES IN SCHEMA d365bot TO {ROLE}")
        connection.exec_driver_sql(f"GRANT ALL ON SCHEMA d365bot TO {ROLE}")
    on_server.migrate()
    test_the_bots_own_role_has_what_it_needs_and_no_more(on_server)
    with _as(on_server, ROLE) as connection, pytest.raises(ProgrammingError, match="denied"):
        connection.exec_driver_sql("CREATE TABLE d365bot.mine (n integer)")


@pytest.mark.parametrize(
    ("n", "previous"),
    [("max(n) + 2", "last"), ("max(n)", "last"), ("max(n) + 1", "other"), ("NULL", "last")],
)
def test_a_gap_or_a_wrong_previous_hash_is_refused(
    filled: StoredOnServer, n: str, previous: str
) -> None:
    with _as(filled, ROLE) as connection:
        last = connection.exec_driver_sql("SELECT hash FROM audit ORDER BY n DESC LIMIT 1").scalar()
        value = last if previous == "last" else "0" * 64
        with pytest.raises(IntegrityError, match="append-only"):
            connection.execute(
                text(
                    f"INSERT INTO audit SELECT {n}, min(at), '', '', '', '', '{{}}', :previous, 'x'"
                    " FROM audit"
                ),
                {"previous": value},
            )


def test_a_table_of_the_session_does_not_stand_in_for_the_audit(filled: StoredOnServer) -> None:
    """Temporary tables are found first by whoever does not name the schema."""
    with _as(filled, ROLE) as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE audit (n bigint, hash text)")
        connection.exec_driver_sql("INSERT INTO audit VALUES (98, 'x')")
        with pytest.raises(IntegrityError, match="append-only"):
            connection.exec_driver_sql(
                "INSERT INTO d365bot.audit VALUES (99, '', '', '', '', '', '{}', 'x', 'y')"
            )


def test_two_who_do_not_take_the_write_lock_do_not_fork_the_chain(
    on_server: StoredOnServer,
) -> None:
    """Both see the same last row; the key of the table lets the second one wait for the first."""
    insert = (
        "INSERT INTO d365bot.audit SELECT n + 1, at, workspace, actor, tag, connection, details, "
        "hash, 'mine' FROM d365bot.audit ORDER BY n DESC LIMIT 1"
    )
    one, other = (connect_plainly(on_server.url) for _ in range(2))
    other.execute("SET lock_timeout TO '50ms'")
    with one.transaction():
        one.execute(insert)
        with pytest.raises(LockNotAvailable):
            other.execute(insert)
    assert other.execute("SELECT max(n) FROM audit").fetchone() == (3,)
    one.close()
    other.close()


def test_who_connects_and_who_owns_is_told_apart(filled: StoredOnServer) -> None:
    assert (role_of(filled.url), role_of(filled.owner_url)) == (ROLE, OWNER)
    assert (owns_tables(filled.url), owns_tables(filled.owner_url)) == (False, True)
