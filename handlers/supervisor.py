"""Background tasks with an owner: referenced while they run, logged when they fail, drained."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)

LAST_MOMENT = 0.1
"""The share of the time to drain that is left for cancelling."""


class Supervisor:
    """The event loop itself keeps only weak references to tasks."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def drain(self, seconds: float) -> None:
        """Wait for running tasks, then cancel what is left, all within so many seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds * (1 - LAST_MOMENT))
        await self.cancel(seconds * LAST_MOMENT)

    async def cancel(self, seconds: float) -> None:
        """End what runs; what does not let itself be ended in time is left behind."""
        left = list(self._tasks)
        for task in left:
            task.cancel()
        if left:
            _, stuck = await asyncio.wait(left, timeout=seconds)
            for task in stuck:
                log.error("a background task does not end", extra={"task": task.get_name()})

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a background task failed", exc_info=error)
