"""The engine behind the port `Jobs`: an open ask is carried out, whatever the engine remembers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dbos import DBOS, WorkflowHandleAsync

from workflows.engine import DbosJobs
from workflows.engine_file import EngineFile


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


@pytest.fixture
async def jobs(carried: Carried, tmp_path: Path) -> AsyncIterator[DbosJobs]:
    jobs = DbosJobs(EngineFile(tmp_path), carried.carry_out)
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


async def test_the_engines_file_is_private(jobs: DbosJobs, tmp_path: Path) -> None:
    assert _mode(tmp_path / "engine.sqlite") == 0o600


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777
