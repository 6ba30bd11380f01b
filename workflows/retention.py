"""What nobody needs any more is deleted: finished asks, shown messages, ended jobs.

Revisions, reports and the audit record stay for good.
"""

from datetime import timedelta

from connection.ports import Clock, Jobs, Ledger

KEEP = timedelta(days=30)
KEEP_JOBS = timedelta(days=1)
EVERY_SECONDS = 6 * 3600.0


class Retention:
    """Swept at start, then every six hours."""

    def __init__(self, ledger: Ledger, jobs: Jobs, clock: Clock) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._clock = clock

    async def sweep(self) -> int:
        """How many rows of the database went."""
        now = self._clock.now()
        await self._jobs.forget(now - KEEP_JOBS)
        return await self._ledger.run(lambda tx: tx.forget(now - KEEP))
