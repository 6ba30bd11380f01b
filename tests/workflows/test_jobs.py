"""The engine behind the port `Jobs`: an open ask is carried out, whatever the engine remembers."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from dbos import DBOS, WorkflowHandleAsync

from connection.errors import NotReady
from tests.postgresql import OWNER, ROLE, PostgresServer
from workflows.engine import DbosJobs, EnginePlace
from workflows.engine_file import EngineFile
from workflows.engine_schema import EngineSchema, migrate_engine


class Carried:
    """What was carried out, and how it ends."""

    def __init__(self) -> None:
        self.asks: list[str] = []
        self.fails = False
        self._news = asyncio.Condition()

    async def carry_out(self, ask_id: str) -> None:
        async with self._news:
            self.asks.append(ask_id)
            self._news.notify_all()
        if self.fails:
            raise RuntimeError("the database is gone")

    async def until(self, number: int) -> None:
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(self.asks) >= number), 10)


@pytest.fixture
def carried() -> Carried:
    return Carried()


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EnginePlace]:
    if request.param == "file":
        yield EngineFile(tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    name = server.new_database()
    migrate_engine(server.url(name, OWNER), ROLE)
    yield EngineSchema(server.url(name))
    server.drop(name)


@pytest.fixture
async def jobs(carried: Carried, place: EnginePlace) -> AsyncIterator[DbosJobs]:
    jobs = DbosJobs(place, carried.carry_out)
    jobs.launch()
    yield jobs
    await jobs.stop(2)


async def _ended(ask_id: str) -> None:
    handle: WorkflowHandleAsync[None] = await DBOS.retrieve_workflow_async(ask_id)
    await asyncio.wait({asyncio.create_task(handle.get_result())}, timeout=10)


async def test_starting_twice_carries_out_once(jobs: DbosJobs, carried: Carried) -> None:
    await jobs.start("ask-1")
    await jobs.start("ask-1")
    await jobs.start("ask-2")
    await carried.until(2)
    await _ended("ask-1")
    assert carried.asks == ["ask-1", "ask-2"]


async def test_a_job_that_ended_is_carried_out_again_if_its_ask_is_still_open(
    jobs: DbosJobs, carried: Carried
) -> None:
    carried.fails = True
    await jobs.start("ask-1")
    await carried.until(1)
    handle: WorkflowHandleAsync[None] = await DBOS.retrieve_workflow_async("ask-1")
    with pytest.raises(Exception, match="the database is gone"):
        await handle.get_result()
    carried.fails = False
    await jobs.start("ask-1", again=True)
    await carried.until(2)
    await _ended("ask-1")
    assert carried.asks == ["ask-1", "ask-1"]


async def test_ended_jobs_are_forgotten_and_running_ones_are_not(
    jobs: DbosJobs, carried: Carried
) -> None:
    await jobs.start("ask-1")
    await carried.until(1)
    await _ended("ask-1")
    await jobs.forget(datetime.now(UTC) - timedelta(days=1))
    assert await DBOS.get_workflow_status_async("ask-1") is not None
    await jobs.forget(datetime.now(UTC) + timedelta(days=1))
    assert await DBOS.get_workflow_status_async("ask-1") is None


async def test_the_engines_file_is_private(tmp_path: Path) -> None:
    place = EngineFile(tmp_path)
    place.take()
    place.release()
    assert _mode(tmp_path / "engine.sqlite") == 0o600


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.postgres
def test_an_engine_that_was_not_migrated_is_told(
    postgresql: PostgresServer, carried: Carried
) -> None:
    """The bot's own role makes nothing."""
    name = postgresql.new_database()
    jobs = DbosJobs(EngineSchema(postgresql.url(name)), carried.carry_out)
    with pytest.raises(NotReady, match="engine's tables are missing") as caught:
        jobs.launch()
    assert caught.value.hint == "Run d365bot migrate."
    DBOS.destroy(destroy_registry=True)
    postgresql.drop(name)


@pytest.mark.postgres
def test_the_bots_own_role_has_the_engines_rows_and_nothing_else(
    postgresql: PostgresServer,
) -> None:
    name = postgresql.new_database()
    migrate_engine(postgresql.url(name, OWNER), ROLE)
    with psycopg.connect(postgresql.dsn(name, ROLE), autocommit=True) as connection:
        connection.execute("DELETE FROM d365bot_engine.workflow_status")
        for refused in (
            "DROP TABLE d365bot_engine.workflow_status",
            "TRUNCATE d365bot_engine.workflow_status",
            "CREATE TABLE d365bot_engine.mine (n integer)",
            "UPDATE d365bot_engine.dbos_migrations SET version = 0",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)
    postgresql.drop(name)
