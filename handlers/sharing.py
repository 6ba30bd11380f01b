"""What several ask for at the same time is done once, and outlives the one who asked first."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Sharing:
    """Work in flight, by key."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[Any]] = {}

    async def once(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """The outcome of the work that runs under this key, or of new work."""
        task = self._running.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(_awaited(work))
            self._running[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        outcome: T = await asyncio.shield(task)
        return outcome

    async def stop(self) -> None:
        """End what runs."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    def _ended(self, key: Hashable, task: "asyncio.Task[Any]") -> None:
        self._running.pop(key, None)
        if not task.cancelled():
            task.exception()  # whoever waited has it; nobody may be left


async def _awaited(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
