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
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from connection.errors import NotReady
from workflows.lock import ProcessLock

APPLICATION_VERSION = "1"
"""Constant: with a changing version DBOS strands the work of the one before."""

POOL = 4
"""Connections to the engine's file: more of them only wait for each other's write lock."""

_ENDED = {"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}

CarryOut = Callable[[str], Awaitable[None]]


class _EngineConnection(sqlite3.Connection):
    """WAL without a disk flush a commit: a power cut may lose the newest jobs, and the inbox,
    which is flushed, starts them again."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.execute("PRAGMA synchronous=NORMAL")


class DbosJobs:
    """Starts one workflow an ask, under the ask's id. One instance a process: DBOS is a singleton.

    `folder` holds `engine.sqlite`; `carry_out` is awaited with the ask's id, at least once.
    """

    def __init__(self, folder: Path, carry_out: CarryOut) -> None:
        refuse_old_sqlite()
        self._file = folder / "engine.sqlite"
        self._lock = ProcessLock(
            folder / "engine.lock",
            f"Another d365bot is running on {folder}.",
            "Stop it first, or give this one another D365BOT_DATA_DIR.",
        )
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

    async def start(self, ask_id: str, *, again: bool = False) -> None:
        """Starting twice is harmless.

        With `again` the ask may have had a job before; one that ended and left its ask open is
        forgotten and starts afresh.
        """
        if again:
            status = await DBOS.get_workflow_status_async(ask_id)
            if status is not None and status.status in _ENDED:
                await DBOS.delete_workflows_async([ask_id])
        with SetWorkflowID(ask_id):
            await DBOS.start_workflow_async(self._workflow, ask_id)

    async def forget(self, before: datetime) -> None:
        """Delete what the engine keeps of jobs that ended before then, a thousand at a time."""
        while ended := await DBOS.list_workflows_async(
            completed_before=before.isoformat(), limit=1000, load_input=False, load_output=False
        ):
            await DBOS.delete_workflows_async([one.workflow_id for one in ended])

    async def stop(self, drain_seconds: int) -> None:
        """Let running jobs end, for so long; what is cut off is carried out at the next start.

        In a thread, because the jobs that it waits for run on this loop.
        """
        await asyncio.to_thread(
            DBOS.destroy, workflow_completion_timeout_sec=drain_seconds, destroy_registry=True
        )
        # DBOS made its own thread pool the loop's default one, and has now shut it down.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        self._lock.release()

    def _config(self) -> DBOSConfig:
        return {
            "name": "d365bot",
            "system_database_url": f"sqlite:///{self._file}",
            "application_version": APPLICATION_VERSION,
            "executor_id": "d365bot",
            "serializer": DBOSPortableJSONSerializer(),
            "sys_db_pool_size": POOL,
            "db_engine_kwargs": {
                "hide_parameters": True,
                "pool_pre_ping": False,
                "connect_args": {"factory": _EngineConnection},
            },
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
