"""The simulator's clock, which can be moved: what takes time in Sales or Slack goes by it."""

import asyncio
import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970: the machine's, and as far ahead as somebody moved it. Never back."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now, self._ahead = now, 0.0
        self._moved = asyncio.Event()

    def __call__(self) -> float:
        return self._now() + self._ahead

    def advance(self, seconds: float) -> None:
        """Raises ValueError for a step back."""
        if not seconds >= 0:
            raise ValueError(f"the clock cannot be moved by {seconds!r} seconds")
        self._ahead += seconds
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def reach(self, moment: float) -> None:
        """Waits until it is so late, by itself or because somebody moved the clock."""
        while (left := moment - self()) > 0:
            try:
                async with asyncio.timeout(left):
                    await self._moved.wait()
            except TimeoutError:
                continue
