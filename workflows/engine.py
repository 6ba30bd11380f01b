"""The port `Jobs` carried out by DBOS, on a file or in a schema of its own.

What the engine keeps is a job's id and state only: no argument holds more than the id of an ask,
so all of it may be deleted without losing a promise; open asks are started again from the inbox.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID
from dbos._error import DBOSInitializationError

from connection.errors import NotReady

APPLICATION_VERSION = "1"
"""Constant: with a changing version DBOS strands the work of the one before."""

_ENDED = {"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}

CarryOut = Callable[[str], Awaitable[None]]


class EnginePlace(Protocol):
    """Where the engine keeps its rows."""

    def config(self) -> DBOSConfig: ...

    def take(self) -> None: ...

    def release(self) -> None: ...


class DbosJobs:
    """Starts one workflow an ask, under the ask's id. One instance a process: DBOS is a singleton.

    `carry_out` is awaited with the ask's id, at least once.
    """

    def __init__(self, place: EnginePlace, carry_out: CarryOut) -> None:
        self._place = place
        logging.getLogger("dbos").setLevel(logging.WARNING)
        DBOS(config=self._config())

        @DBOS.workflow(name="ask")
        async def workflow(ask_id: str) -> None:
            await carry_out(ask_id)

        self._workflow = workflow

    def launch(self) -> None:
        """Call it inside the running loop: recovered jobs run on the loop that is running then.

        Raises `NotReady` while another process has the place, and if it was not migrated.
        """
        self._place.take()
        try:
            DBOS.launch()
        except DBOSInitializationError as error:
            self._place.release()
            raise NotReady(
                "The engine's tables are missing, or belong to an older version of d365bot.",
                "Run d365bot migrate.",
            ) from error

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
        self._place.release()

    def _config(self) -> DBOSConfig:
        own: DBOSConfig = {
            "name": "d365bot",
            "application_version": APPLICATION_VERSION,
            "executor_id": "d365bot",
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
            "enable_otlp": False,
        }
        return {**own, **self._place.config()}
