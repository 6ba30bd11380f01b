"""What nobody needs any more is deleted: finished asks, shown messages, ended jobs.

Revisions, reports and the audit record stay for good.
"""

import asyncio
import contextlib
import logging
from datetime import timedelta

from connection.ports import Clock, Jobs, Ledger

log = logging.getLogger(__name__)

KEEP = timedelta(days=30)
KEEP_JOBS = timedelta(days=1)
EVERY_SECONDS = 6 * 3600.0


class Retention:
    """Once at start, then every six hours."""

    def __init__(self, ledger: Ledger, jobs: Jobs, clock: Clock) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._clock = clock
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

    async def sweep(self) -> int:
        """How many rows of the database went."""
        now = self._clock.now()
        await self._jobs.forget(now - KEEP_JOBS)
        return await self._ledger.run(lambda tx: tx.forget(now - KEEP))

    async def _run(self) -> None:
        while True:
            try:
                await self.sweep()
            except Exception:
                log.exception("what is old could not be deleted; trying again later")
            await asyncio.sleep(EVERY_SECONDS)
