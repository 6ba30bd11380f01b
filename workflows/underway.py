"""Which asks wait for their job and which have one: everybody's turn comes round, some at once."""

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from connection.asks import Ask
from connection.people import Person

AT_ONCE = 8
"""Jobs that have a place."""

EACH_AT_ONCE = 4
"""Jobs of one person, with a place or without."""

PLACE_SECONDS = 0.5
"""A job that takes longer, as behind a silent Slack or Microsoft, runs on without its place."""

ROOM = 2000
"""Asks that wait in memory; more of them wait in the inbox."""

Asker = tuple[str, Person]
CarryOut = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """`again` where it may have had a job before."""

    id: str
    asker: Asker
    again: bool


@dataclass(slots=True)
class _Job:
    asker: Asker
    place_until: float | None = None  # None while it starts


class Underway:
    """Asked by one loop; `monotonic` is its clock. `ended` wakes it."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        room: int = ROOM,
    ) -> None:
        self._monotonic = monotonic
        self._room = room
        self.wake: Callable[[], None] = lambda: None
        self._lines: OrderedDict[Asker, deque[Waiting]] = OrderedDict()
        self._waiting: set[str] = set()
        self._jobs: dict[str, _Job] = {}
        self._placed: dict[str, None] = {}
        self._running: Counter[Asker] = Counter()

    def put(self, ask: Ask, *, again: bool) -> bool:
        """False where there is no room. What is here already stays where it is."""
        if ask.id in self._waiting or ask.id in self._jobs:
            return True
        if len(self._waiting) >= self._room:
            return False
        one = Waiting(ask.id, (ask.workspace, ask.person), again)
        self._lines.setdefault(one.asker, deque()).append(one)
        self._waiting.add(one.id)
        return True

    def has_room(self) -> bool:
        """Enough to look into the inbox for more."""
        return len(self._waiting) * 2 <= self._room

    def look_at(self) -> int:
        """How many open asks fill the room, with those that are here already."""
        return self._room + len(self._jobs)

    def next(self) -> Waiting | None:
        """The next that may start now: one of each person in turn."""
        self._give_places_back()
        if len(self._placed) >= AT_ONCE:
            return None
        for _ in range(len(self._lines)):
            asker, line = next(iter(self._lines.items()))
            self._lines.move_to_end(asker)
            if self._running[asker] < EACH_AT_ONCE:
                return self._begin(line)
        return None

    def started(self, ask_id: str) -> None:
        """Its time begins."""
        job = self._jobs.get(ask_id)
        if job is not None:
            job.place_until = self._monotonic() + PLACE_SECONDS

    def ended(self, ask_id: str) -> None:
        """Its job is over, whoever started it."""
        job = self._jobs.pop(ask_id, None)
        if job is None:
            return
        self._placed.pop(ask_id, None)
        self._running[job.asker] -= 1
        if not self._running[job.asker]:
            del self._running[job.asker]
        self.wake()

    def soonest(self) -> float | None:
        """Seconds until a place is given back, where somebody waits for one."""
        times = [self._jobs[one].place_until for one in self._placed] if self._waiting else []
        known = [until for until in times if until is not None]
        return max(0.0, min(known) - self._monotonic()) if known else None

    def unfinished(self, workspace: str, person: Person) -> int:
        """How many of one person's asks wait or run."""
        asker = (workspace, person)
        return len(self._lines.get(asker, ())) + self._running[asker]

    def with_job(self) -> Sequence[str]:
        """The ids of asks whose job starts or runs."""
        return tuple(self._jobs)

    def watched(self, carry_out: CarryOut) -> CarryOut:
        """The body of every job, whose end is noticed here."""

        async def watched(ask_id: str) -> None:
            try:
                await carry_out(ask_id)
            finally:
                self.ended(ask_id)

        return watched

    def _begin(self, line: deque[Waiting]) -> Waiting:
        one = line.popleft()
        if not line:
            del self._lines[one.asker]
        self._waiting.discard(one.id)
        self._jobs[one.id] = _Job(one.asker)
        self._placed[one.id] = None
        self._running[one.asker] += 1
        return one

    def _give_places_back(self) -> None:
        now = self._monotonic()
        for ask_id in list(self._placed):
            until = self._jobs[ask_id].place_until
            if until is not None and until <= now:
                del self._placed[ask_id]
