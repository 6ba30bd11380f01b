"""Operational limits for one user of an environment, by the simulator's clock.

bc/administration/operational-limits-online.md: requests in a sliding window, running and queued
ones, the time in the queue and of an operation. The numbers are facts of the environment.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from simulator.bc.errors import BusinessCentralError
from simulator.clock import Clock

LIMITS = {
    "requests": 6000,
    "seconds": 300,
    "running": 5,
    "queued": 95,
    "queue_seconds": 480,
    "operation_seconds": 480,
    "rows": 20_000,
    "operations": 100,
}
"""The fact `limits`: `requests` in `seconds`, `rows` of a page, `operations` of a batch."""

LATER = 30


@dataclass
class _User:
    came: deque[float] = field(default_factory=deque)
    running: int = 0
    queue: deque[asyncio.Future[None]] = field(default_factory=deque)


class Traffic:
    """`lives`: how often the world became another, which forgets the calls that came before."""

    def __init__(self, clock: Clock, lives: Callable[[], int] = lambda: 0) -> None:
        self._clock, self._lives = clock, lives
        self._life = lives()
        self._users: dict[str, _User] = {}

    @asynccontextmanager
    async def admitted(
        self, user: str, limits: Mapping[str, int], takes: float
    ) -> AsyncIterator[None]:
        """Counts the call and waits for its turn. Raises 429, 503 and 408."""
        if self._life != self._lives():
            self._life = self._lives()
            self._users = {}
        who = self._users.setdefault(user, _User())
        self._count(who, limits)
        await self._turn(who, limits)
        try:
            await self._work(limits["operation_seconds"], takes)
            yield
        finally:
            _leave(who)

    def _count(self, who: _User, limits: Mapping[str, int]) -> None:
        now = self._clock()
        while who.came and who.came[0] <= now - limits["seconds"]:
            who.came.popleft()
        crowded = len(who.queue) >= limits["queued"] and who.running >= limits["running"]
        if len(who.came) >= limits["requests"] or crowded:
            raise BusinessCentralError(429, "Application_TooManyRequests", "Too many requests.")
        who.came.append(now)

    async def _turn(self, who: _User, limits: Mapping[str, int]) -> None:
        if who.running < limits["running"]:
            who.running += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        who.queue.append(turn)
        late = asyncio.ensure_future(self._clock.reach(self._clock() + limits["queue_seconds"]))
        try:
            await asyncio.wait({turn, late}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if turn.done():
                _leave(who)
            raise
        finally:
            late.cancel()
            if not turn.done():
                who.queue.remove(turn)
        if not turn.done():
            text = "The request waited in the queue for too long."
            raise BusinessCentralError(503, "Internal_ServerError", text, LATER)

    async def _work(self, most: float, takes: float) -> None:
        """An operation that takes no time is not waited for."""
        if takes:
            await self._clock.reach(self._clock() + min(takes, most))
        if takes > most:
            text = "The operation took too long."
            raise BusinessCentralError(408, "Internal_ServerError", text)


def _leave(who: _User) -> None:
    """The first in the queue takes over the place."""
    while who.queue:
        turn = who.queue.popleft()
        if not turn.done():
            turn.set_result(None)
            return
    who.running -= 1
