"""Something that is done at start and then at intervals, whatever becomes of it each time."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

log = logging.getLogger(__name__)


class Regularly:
    """What fails is told under its `name`, and done again the next time."""

    def __init__(
        self,
        name: str,
        act: Callable[[], Awaitable[Any]],
        seconds: float,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._name = name
        self._act = act
        self._seconds = seconds
        self._pause = pause
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """In the background."""
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """At once."""
        if self._loop:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop

    async def _run(self) -> None:
        while True:
            try:
                await self._act()
            except Exception:
                log.exception("%s failed; trying again later", self._name)
            await self._pause(self._seconds)
