"""Starts a job for every accepted ask, soon and, after a crash, once more."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from connection.asks import Ask
from connection.people import Person
from connection.ports import Jobs, Ledger
from workflows.underway import Underway, Waiting

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
SWEEP_SECONDS = 30.0


class Dispatcher:
    """Asks come in by `nudge`; what does not fit in memory, and what the nudge of an earlier
    process missed, comes from the inbox. `Underway` says whose turn it is."""

    def __init__(
        self,
        ledger: Ledger,
        jobs: Jobs,
        underway: Underway,
        *,
        sweep_seconds: float = SWEEP_SECONDS,
    ) -> None:
        self._sweep_seconds = sweep_seconds
        self._ledger = ledger
        self._jobs = jobs
        self._underway = underway
        self._more = False
        self._something = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._starting: set[asyncio.Task[None]] = set()
        underway.wake = self._something.set

    async def start(self) -> None:
        """Nothing is held by a process that is gone; every open ask is dispatched."""
        await self._ledger.run(lambda tx: tx.release_all())
        await self._read_inbox()
        self._loops = [
            asyncio.create_task(self._outliving(self._start_in_turn)),
            asyncio.create_task(self._outliving(self._sweep)),
        ]

    def nudge(self, ask: Ask) -> None:
        """This ask was accepted. Never blocks and never fails."""
        if not self._underway.put(ask, again=False):
            self._more = True
        self._something.set()

    def unfinished(self, workspace: str, person: Person) -> int:
        """How many of one person's asks wait here, or run."""
        return self._underway.unfinished(workspace, person)

    async def stop(self) -> None:
        """What is still waiting stands in the inbox."""
        tasks = [*self._loops, *self._starting]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _read_inbox(self) -> None:
        """Everybody's oldest ask first, as many as there is room for."""
        most = self._underway.look_at()
        asks = await self._ledger.read(lambda reading: reading.open_asks(most))
        self._more = len(asks) == most
        for ask in asks:
            self._more |= not self._underway.put(ask, again=True)

    async def _start_in_turn(self) -> None:
        while True:
            self._something.clear()
            if self._more and self._underway.has_room():
                await self._read_inbox()
            while (one := self._underway.next()) is not None:
                task = asyncio.create_task(self._start(one))
                self._starting.add(task)
                task.add_done_callback(self._starting.discard)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._underway.soonest()):
                    await self._something.wait()

    async def _start(self, one: Waiting) -> None:
        again = one.again
        while True:
            try:
                await self._jobs.start(one.id, again=again)
            except Exception:
                log.exception("a job could not be started; trying again", extra={"ask": one.id})
                await asyncio.sleep(RETRY_SECONDS)
                again = True
            else:
                self._underway.started(one.id)
                return

    async def _sweep(self) -> None:
        """An ask whose job ended without an answer, as behind a locked database, starts anew; a
        job whose end nobody noticed is forgotten once its ask is finished."""
        still_open: frozenset[str] = frozenset()
        still_running: frozenset[str] = frozenset()
        while True:
            await asyncio.sleep(self._sweep_seconds)
            running, most = frozenset(self._underway.with_job()), self._underway.look_at()
            asks, going = await self._ledger.read(
                lambda reading, ids=running, most=most: (  # type: ignore[misc]
                    reading.open_asks(most),
                    frozenset(one for one in ids if reading.ask_is_open(one)),
                )
            )
            for ask_id in (running & still_running) - going:
                self._underway.ended(ask_id)
            for ask in asks:
                if ask.id in still_open and ask.id in running:
                    await self._jobs.start(ask.id, again=True)
                elif ask.id in still_open:
                    self._more |= not self._underway.put(ask, again=True)
            self._something.set()
            still_open, still_running = frozenset(ask.id for ask in asks), running

    async def _outliving(self, loop: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await loop()
            except Exception:
                log.exception("the inbox could not be read; trying again")
                await asyncio.sleep(RETRY_SECONDS)
