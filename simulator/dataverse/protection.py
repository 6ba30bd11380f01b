"""Service protection limits, counted for each calling user (pa/api-limits.md).

A window of 300 seconds slides by the clock of the world: how many requests, how many seconds of
execution, and how many at once. Execution takes the machine's time: to move the clock makes no call
longer. Whoever keeps pushing waits longer.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.dataverse.errors import DataverseError
from simulator.dataverse.session import Session
from simulator.world import World

WINDOW = 300.0
LIMITS = {"requests": 6000, "seconds": 1200, "concurrent": 52}
REQUESTS, TIME, CONCURRENT = "0x80072322", "0x80072321", "0x80072326"
PUSH = 5
"""Seconds by which one refused call lengthens the wait (that it grows is documented, not how)."""


@dataclass(frozen=True)
class Excess:
    """A limit that is passed: its code, its words, and the seconds until there is room."""

    code: str
    text: str
    wait: float


@dataclass
class Usage:
    """Of one user: when each call came and how long it took, and until when it has to wait."""

    calls: deque[tuple[float, float]] = field(default_factory=deque)
    seconds: float = 0.0
    running: int = 0
    pushes: int = 0
    barred_until: float = 0.0
    barred_for: Excess | None = None

    def slide(self, now: float) -> None:
        while self.calls and self.calls[0][0] <= now - WINDOW:
            self.seconds -= self.calls.popleft()[1]

    def began(self) -> int:
        return len(self.calls) + self.running


class Protection:
    def __init__(self, world: World, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._stopwatch = stopwatch
        self._world, self._clock = world, world.clock
        self._life = world.lives
        self._users: dict[tuple[str, str], Usage] = {}

    @contextmanager
    def counted(self, session: Session) -> Iterator[Callable[[], dict[str, str]]]:
        """Counts one request while it runs, or refuses it; gives the headers of what remains."""
        usage, limits = self._usage(session), limits_of(session.organisation)
        began = self._clock()
        usage.slide(began)
        refuse_excess(usage, limits, began)
        usage.running += 1
        started = self._stopwatch()
        try:
            yield lambda: remaining(usage, limits)
        finally:
            usage.running -= 1
            took = self._stopwatch() - started
            usage.calls.append((began, took))
            usage.seconds += took

    def _usage(self, session: Session) -> Usage:
        """A world that became another has forgotten the calls."""
        if self._life != self._world.lives:
            self._life = self._world.lives
            self._users.clear()
        place = session.organisation["id"], session.caller["systemuserid"]
        return self._users.setdefault(place, Usage())


def limits_of(organisation: dict[str, Any]) -> dict[str, float]:
    given: dict[str, float] = organisation.get("limits") or {}
    return {**LIMITS, **given}


def remaining(usage: Usage, limits: dict[str, float]) -> dict[str, str]:
    requests = max(0, int(limits["requests"]) - usage.began())
    seconds = max(0.0, limits["seconds"] - usage.seconds)
    return {
        "x-ms-ratelimit-burst-remaining-xrm-requests": str(requests),
        "x-ms-ratelimit-time-remaining-xrm-requests": f"{seconds:,.2f}",
    }


def refuse_excess(usage: Usage, limits: dict[str, float], now: float) -> None:
    """Raises 429. Whoever calls before the wait is over waits PUSH seconds longer."""
    excess = _excess(usage, limits, now)
    early = usage.barred_until > now
    if excess is None and early:
        excess = usage.barred_for
    if excess is None:
        usage.pushes = 0
        return
    wait = max(excess.wait, usage.barred_until - now) + (PUSH if early else 0)
    if excess.code == CONCURRENT:
        wait = excess.wait + usage.pushes
    else:
        usage.barred_until, usage.barred_for = now + min(wait, WINDOW), replace(excess, wait=0)
    usage.pushes += 1
    told = {"Retry-After": str(max(1, math.ceil(min(wait, WINDOW)))), **remaining(usage, limits)}
    raise DataverseError(429, excess.code, excess.text, told)


def _excess(usage: Usage, limits: dict[str, float], now: float) -> Excess | None:
    """The first limit that is passed, with the wait until all are kept."""
    passed = list(_excesses(usage, limits, now))
    return replace(passed[0], wait=max(each.wait for each in passed)) if passed else None


def _excesses(usage: Usage, limits: dict[str, float], now: float) -> Iterator[Excess]:
    if usage.running >= limits["concurrent"]:
        limit = f"{limits['concurrent']:.0f}"
        text = f"Number of concurrent requests exceeded the limit of {limit}."
        yield Excess(CONCURRENT, text, 1)
    if usage.began() >= limits["requests"]:
        text = (
            f"Number of requests exceeded the limit of {limits['requests']:.0f} over time window "
            f"of {WINDOW:.0f} seconds."
        )
        yield Excess(REQUESTS, text, _until_room(usage, limits["requests"], now))
    if usage.seconds >= limits["seconds"]:
        text = (
            "Combined execution time of incoming requests exceeded limit of "
            f"{limits['seconds'] * 1000:,.0f} milliseconds over time window of {WINDOW:.0f} "
            "seconds. Decrease number of concurrent requests or reduce the duration of requests "
            "and try again later."
        )
        yield Excess(TIME, text, _until_time(usage, limits["seconds"], now))


def _until_room(usage: Usage, limit: float, now: float) -> float:
    """Until so many calls are out of the window that one more fits."""
    last = usage.began() - int(limit)
    return usage.calls[last][0] + WINDOW - now if last < len(usage.calls) else WINDOW


def _until_time(usage: Usage, limit: float, now: float) -> float:
    left = usage.seconds
    for began, took in usage.calls:
        left -= took
        if left < limit:
            return began + WINDOW - now
    return WINDOW
