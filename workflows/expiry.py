"""What people did not decide in time is ended: every half minute, and at start."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

EVERY_SECONDS = 30.0


class Expiry:
    """`end_overdue` ends what is over; what fails is tried again the next time."""

    def __init__(
        self,
        end_overdue: Callable[[], Awaitable[None]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._end_overdue = end_overdue
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
                await self._end_overdue()
            except Exception:
                log.exception("what is over could not be ended; trying again")
            await self._pause(EVERY_SECONDS)
