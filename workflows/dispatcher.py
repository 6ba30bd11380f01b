"""Starts a job for every accepted ask, at once and, after a crash, once more."""

import asyncio
import contextlib
import logging

from connection.ports import Jobs, Ledger

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
SWEEP_SECONDS = 30.0
AT_ONCE = 16


class Dispatcher:
    """Asks come in by `nudge`; what the nudge of an earlier process missed comes from the inbox."""

    def __init__(self, ledger: Ledger, jobs: Jobs, *, sweep_seconds: float = SWEEP_SECONDS) -> None:
        self._sweep_seconds = sweep_seconds
        self._ledger = ledger
        self._jobs = jobs
        self._waiting: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()
        self._starters: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Nothing is held by a process that is gone; every open ask is dispatched."""
        await self._ledger.run(lambda tx: tx.release_all())
        for ask in await self._ledger.read(lambda reading: reading.open_asks()):
            self._waiting.put_nowait((ask.id, True))
        self._starters = [asyncio.create_task(self._start_jobs()) for _ in range(AT_ONCE)]
        self._starters.append(asyncio.create_task(self._sweep()))

    def nudge(self, ask_id: str) -> None:
        """This ask was accepted. Never blocks and never fails."""
        self._waiting.put_nowait((ask_id, False))

    async def stop(self) -> None:
        """What is still waiting stands in the inbox."""
        for starter in self._starters:
            starter.cancel()
        for starter in self._starters:
            with contextlib.suppress(asyncio.CancelledError):
                await starter

    async def _sweep(self) -> None:
        """An ask whose job ended without an answer, as behind a locked database, starts anew."""
        still_open: frozenset[str] = frozenset()
        while True:
            await asyncio.sleep(self._sweep_seconds)
            try:
                asks = await self._ledger.read(lambda reading: reading.open_asks())
            except Exception:
                log.exception("the inbox could not be read; trying again")
                continue
            found = frozenset(ask.id for ask in asks)
            for ask_id in found & still_open:
                self._waiting.put_nowait((ask_id, True))
            still_open = found

    async def _start_jobs(self) -> None:
        while True:
            ask_id, again = await self._waiting.get()
            try:
                await self._jobs.start(ask_id, again=again)
            except Exception:
                log.exception("a job could not be started; trying again", extra={"ask": ask_id})
                await asyncio.sleep(RETRY_SECONDS)
                self._waiting.put_nowait((ask_id, True))
