"""What only a server of PostgreSQL can do: go away, come back, and be shared by processes."""

import asyncio
from collections.abc import Iterator

import pytest

from connection.errors import NotReady
from connection.ports import Transaction
from storage.database import Database
from storage.engine import reader_engine, writer_engine
from storage.migrating import is_current
from storage.only_one import OnlyBot
from storage.postgresql import WRITE_LOCK
from storage.verifying import verify
from tests.postgresql import SUPERUSER
from tests.storage.samples import StoredOnServer, a_connection, an_ask, record

pytestmark = pytest.mark.postgres


@pytest.fixture
def opened(on_server: StoredOnServer) -> Iterator[Database]:
    database = Database.open(on_server.url, on_server.keys)
    yield database
    database.close()


def _cut(stored: StoredOnServer) -> None:
    """As a restart of the server does: every connection to it is gone."""
    stored.server.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        stored.name,
    )


async def test_connections_that_were_cut_are_made_anew_and_nobody_is_told(
    opened: Database, on_server: StoredOnServer
) -> None:
    await opened.ledger.run(record)
    await opened.ledger.read(lambda reading: reading.audit_head())
    _cut(on_server)
    assert (await opened.ledger.run(record)).n == 4
    assert (await opened.ledger.read(lambda reading: reading.audit_head())).n == 4
    assert verify(on_server.url, on_server.keys).n == 4


async def test_a_connection_that_is_cut_in_the_middle_undoes_the_whole_batch(
    opened: Database, on_server: StoredOnServer
) -> None:
    def is_cut(tx: Transaction) -> None:
        record(tx)
        _cut(on_server)
        tx.accept(an_ask())

    with pytest.raises(NotReady, match="does not answer"):
        await opened.ledger.run(is_cut)
    assert (await opened.ledger.run(record)).n == 3


async def test_of_two_processes_the_second_sees_what_the_first_decided(
    opened: Database, on_server: StoredOnServer
) -> None:
    """Two ledgers on one database: only one of many takes the name, and all others see it."""
    other = Database.open(on_server.url, on_server.keys)

    async def takes(database: Database) -> bool:
        def work(tx: Transaction) -> bool:
            free = tx.connection_named("T1", "contoso") is None
            if free:
                tx.create_connection(a_connection())
            return free

        return await database.ledger.run(work)

    told = await asyncio.gather(*(takes(one) for one in (opened, other) * 20))
    other.close()
    assert sorted(told) == [False] * 39 + [True]


def test_a_writer_has_the_lock_from_its_first_moment(on_server: StoredOnServer) -> None:
    with writer_engine(on_server.url).begin(), on_server.looked_into() as other:
        locked = other.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({WRITE_LOCK})")
        assert locked.scalar() is False


def test_a_flush_is_waited_for_whatever_the_server_does_by_itself(
    on_server: StoredOnServer,
) -> None:
    on_server.server.execute(f"ALTER DATABASE {on_server.name} SET synchronous_commit TO off")
    with writer_engine(on_server.url).begin() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_only_its_own_schema_is_searched(on_server: StoredOnServer) -> None:
    on_server.server.execute("CREATE TABLE public.alembic_version (n text)", on_server.name)
    for engine in (writer_engine(on_server.url), reader_engine(on_server.url)):
        with engine.begin() as connection:
            assert connection.exec_driver_sql("SHOW search_path").scalar() == "d365bot"
        engine.dispose()
    assert is_current(on_server.url)


def test_one_bot_a_database(on_server: StoredOnServer) -> None:
    one = OnlyBot(on_server.url).take()
    with pytest.raises(NotReady, match="Another d365bot is running"):
        OnlyBot(on_server.url).take()
    one.release()
    OnlyBot(on_server.url).take().release()


def test_a_server_that_does_not_answer_is_told_without_the_password(
    on_server: StoredOnServer,
) -> None:
    url = "postgresql+psycopg://d365bot:hunter2@127.0.0.1:1/d365bot"
    with pytest.raises(NotReady, match=r"d365bot on 127\.0\.0\.1:1 cannot be reached") as caught:
        is_current(url)
    assert "hunter2" not in f"{caught.value.message}{caught.value.hint}"
    nobody = on_server.server.url(on_server.name, "nobody_there")
    with pytest.raises(NotReady, match='role "nobody_there" does not exist'):
        OnlyBot(nobody).take()


def test_a_refused_row_is_not_repeated(on_server: StoredOnServer) -> None:
    """PostgreSQL's DETAIL would show it, and with it whatever somebody typed."""
    with writer_engine(on_server.server.url(on_server.name, SUPERUSER)).connect() as connection:
        with pytest.raises(Exception, match="null value") as caught:
            connection.exec_driver_sql("INSERT INTO answers VALUES ('a', 'b', 'private', NULL)")
        assert "private, null" not in str(caught.value)
        assert "private" not in str(caught.value.__cause__)
