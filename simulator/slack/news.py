"""The event counter: every change of what somebody sees raises it, and long polls wait on it."""

import asyncio


class News:
    def __init__(self) -> None:
        self.event = 0
        self._closed = False
        self._heard = asyncio.Condition()

    def note(self) -> int:
        """Count a change; `tell` wakes those who wait, after the request that made it."""
        self.event += 1
        return self.event

    async def tell(self) -> None:
        async with self._heard:
            self._heard.notify_all()

    async def wait_beyond(self, event: int, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds), self._heard:
                await self._heard.wait_for(lambda: self._closed or self.event > event)
        except TimeoutError:
            return

    async def close(self) -> None:
        self._closed = True
        await self.tell()
