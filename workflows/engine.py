"""The port `Jobs` carried out by DBOS on its own SQLite file.

What the engine keeps is a job's id and state only: no argument holds more than the id of an ask,
so its file may be deleted without losing a promise; open asks are started again from the inbox.
"""

import asyncio
import logging
import platform
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from connection.errors import NotReady
from workflows.lock import EngineLock

APPLICATION_VERSION = "1"
"""Constant: with a changing version DBOS strands the work of the one before."""

_ENDED = {"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}

CarryOut = Callable[[str], Awaitable[None]]


class DbosJobs:
    """Starts one workflow an ask, under the ask's id. One instance a process: DBOS is a singleton.

    `folder` holds `engine.sqlite`; `carry_out` is awaited with the ask's id, at least once.
    """

    def __init__(self, folder: Path, carry_out: CarryOut) -> None:
        refuse_old_sqlite()
        self._file = folder / "engine.sqlite"
        self._lock = EngineLock(folder / "engine.lock")
        logging.getLogger("dbos").setLevel(logging.WARNING)
        DBOS(config=self._config())

        @DBOS.workflow(name="ask")
        async def workflow(ask_id: str) -> None:
            await carry_out(ask_id)

        self._workflow = workflow

    def launch(self) -> None:
        """Call it inside the running loop: recovered jobs run on the loop that is running then."""
        self._lock.take()
        with sqlite3.connect(self._file) as engine:
            engine.execute("PRAGMA journal_mode=WAL")
        engine.close()
        self._file.chmod(0o600)
        DBOS.launch()

    async def start(self, ask_id: str) -> None:
        """Starting twice is harmless. A job that ended without finishing its ask starts afresh."""
        status = await DBOS.get_workflow_status_async(ask_id)
        if status is not None and status.status in _ENDED:
            await DBOS.delete_workflows_async([ask_id])
        with SetWorkflowID(ask_id):
            await DBOS.start_workflow_async(self._workflow, ask_id)

    async def stop(self, drain_seconds: int) -> None:
        """Let running jobs end, for so long; what is cut off is carried out at the next start.

        In a thread, because the jobs that it waits for run on this loop.
        """
        await asyncio.to_thread(
            DBOS.destroy, workflow_completion_timeout_sec=drain_seconds, destroy_registry=True
        )
        self._lock.release()

    def _config(self) -> DBOSConfig:
        return {
            "name": "d365bot",
            "system_database_url": f"sqlite:///{self._file}",
            "application_version": APPLICATION_VERSION,
            "executor_id": "d365bot",
            "serializer": DBOSPortableJSONSerializer(),
            "db_engine_kwargs": {"hide_parameters": True},
            "log_level": "WARNING",
            "enable_otlp": False,
        }


def refuse_old_sqlite() -> None:
    """DBOS picks its SQL by Python's version: from 3.12 on it needs SQLite 3.42."""
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise NotReady(
            f"Python {platform.python_version()} needs SQLite 3.42 or newer here; "
            f"this one brings {sqlite3.sqlite_version}.",
            "Use Python 3.11, or a Python that brings a newer SQLite.",
        )
