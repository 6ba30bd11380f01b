"""The port `Messenger`: one loop that starts what is due in the outbox and may go now.

What is due stays in the database, however much it is: a page of it is read at a time, in which
everybody's oldest message comes before anybody's next one.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

from connection.asks import Showing
from connection.ports import Ports
from handlers.pacing import Pace
from handlers.posting import Poster
from handlers.showing_one import Presenter
from handlers.supervisor import Supervisor

log = logging.getLogger(__name__)

AT_ONCE = 8
PAGE = 32
"""Showings that are read and started, and wait at most for the ones that are on their way."""

READING_SHARE = 5
"""Reading the outbox takes at most this part of the time, however much stands in it."""

SWEEP_SECONDS = 30.0
RETRY_SECONDS = 1.0
LAST_MOMENT = 0.1
"""The share of the time to stop that is left for ending what did not end by itself."""


async def woken(by: asyncio.Event, seconds: float) -> None:
    """By the event, or after so many seconds. A cancellation is never swallowed."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await by.wait()


class SlackMessenger:
    """Different messages are posted side by side; `Pace` says which may go."""

    def __init__(
        self,
        poster: Poster,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        until: Callable[[asyncio.Event, float], Awaitable[None]] = woken,
    ) -> None:
        self._monotonic = monotonic
        self._pace = Pace(monotonic)
        self._read_again_at = 0.0
        self._presenter = Presenter(poster, self._pace)
        self._until = until
        self._something = asyncio.Event()
        self._in_flight: set[str] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._supervisor = Supervisor()
        self._loop: asyncio.Task[None] | None = None
        self._begun = False
        self._stopping = False
        self._trouble = ""

    def nudge(self) -> None:
        """There is something to show."""
        self._something.set()

    def state(self) -> str:
        """`ok`, or what is wrong."""
        if self._loop is None or self._loop.done():
            return "does not run"
        return "is stopping" if self._stopping else self._trouble or "ok"

    def start(self, ports: Ports) -> None:
        """What an earlier process left unshown comes first, and at once."""
        self._loop = asyncio.create_task(self._run(ports))

    async def stop(self, seconds: float) -> None:
        """Show what is due now, for so long; the rest stands in the outbox."""
        self._stopping = True
        self.nudge()
        at_last = seconds * LAST_MOMENT / 2
        if self._loop:
            await asyncio.wait({self._loop}, timeout=seconds * (1 - LAST_MOMENT))
            self._loop.cancel()
            await asyncio.wait({self._loop}, timeout=at_last)
        await self._supervisor.cancel(at_last)

    async def _run(self, ports: Ports) -> None:
        while True:
            self._something.clear()
            try:
                wait = await self._show_due(ports)
                self._trouble = ""
            except Exception:
                if not self._trouble:
                    log.exception("the outbox could not be read; trying again")
                self._trouble = "cannot read the outbox"
                wait = RETRY_SECONDS
            if self._stopping and not self._in_flight and not self._trouble:
                return
            await self._until(self._something, wait)

    async def _show_due(self, ports: Ports) -> float:
        """Seconds until somebody has to look again; what ends in between wakes the loop."""
        if not self._begun:
            await ports.ledger.run(lambda tx: tx.show_now(ports.clock.now()))
            self._begun = True
        began = self._monotonic()
        if began < self._read_again_at and not self._stopping:
            return self._read_again_at - began
        busy = frozenset(self._in_flight)
        due, wait = await self._read(ports, PAGE + len(self._pace.resting()))
        ended = self._monotonic()
        self._read_again_at = ended + (ended - began) * (READING_SHARE - 1)
        for showing in self._pace.in_turn(due):
            if showing.id in busy:  # what was read of it may be old
                continue
            if len(self._in_flight) >= PAGE:  # the next that ends wakes the loop
                break
            delay = self._pace.take(showing)
            if delay == 0:
                self._in_flight.add(showing.id)
                self._supervisor.spawn(self._show(ports, showing))
            elif delay is not None:
                wait = min(wait, delay)
        return wait

    async def _read(self, ports: Ports, limit: int) -> tuple[Sequence[Showing], float]:
        """What is due and may go, and the seconds until more may."""
        now = ports.clock.now()
        closed, opens = self._pace.closed()
        due, later = await ports.ledger.read(
            lambda reading: (
                reading.due_showings(now, limit, closed),
                reading.next_showing_at(now),
            )
        )
        wait = SWEEP_SECONDS if later is None else (later - now).total_seconds()
        return due, min(wait, SWEEP_SECONDS, SWEEP_SECONDS if opens is None else opens)

    async def _show(self, ports: Ports, showing: Showing) -> None:
        try:
            async with self._slots:
                if not self._pace.paused(showing.workspace):
                    await self._presenter.show(ports, showing.id)
        finally:
            self._pace.give_back(showing)
            self._in_flight.discard(showing.id)
            self.nudge()
