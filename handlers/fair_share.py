"""How much one person may send: a bucket that fills again, so that a flood starves nobody else.

Nothing is stored and nothing outlives the process: whoever is forgotten has a full bucket.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from connection.errors import TooMuch
from connection.people import Person
from connection.service import ConnectionService

BURST = 60
A_SECOND = 5.0
"""Two commands a second for minutes, and bursts of them, are a busy person; more is a program."""

UNFINISHED = 100
"""Things that a person asked for and that are not done yet."""

PEOPLE = 5000
"""Remembered at once, the ones who sent something last."""

FLOOD_ENDS_AFTER = 60.0
TELL_EVERY = 10.0
"""Seconds."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    refused_at: float = -math.inf
    told_at: float = -math.inf


class FairShare:
    """Asked once for everything that somebody sends, before anything is stored of it.

    `unfinished` counts what a person (in a workspace) asked for and what is not done yet.
    """

    def __init__(
        self,
        unfinished: Callable[[str, Person], int] = lambda _workspace, _person: 0,
        monotonic: Callable[[], float] = time.monotonic,
        people: int = PEOPLE,
    ) -> None:
        self._unfinished = unfinished
        self._monotonic = monotonic
        self._people = people
        self._buckets: OrderedDict[tuple[str, Person], _Bucket] = OrderedDict()

    def take(self, workspace: str, person: Person) -> None:
        """One of theirs. Raises `TooMuch` beyond their share."""
        now = self._monotonic()
        bucket = self._bucket(workspace, person, now)
        bucket.left = min(BURST, bucket.left + max(0.0, now - bucket.at) * A_SECOND)
        bucket.at = now
        if bucket.left < 1:
            raise self._too_fast(bucket, now)
        if self._unfinished(workspace, person) >= UNFINISHED:
            raise self._too_many(bucket, now)
        bucket.left -= 1

    def _bucket(self, workspace: str, person: Person, now: float) -> _Bucket:
        bucket = self._buckets.setdefault((workspace, person), _Bucket(BURST, now))
        self._buckets.move_to_end((workspace, person))
        if len(self._buckets) > self._people:
            self._buckets.popitem(last=False)
        return bucket

    def _too_fast(self, bucket: _Bucket, now: float) -> TooMuch:
        seconds = math.ceil((1 - bucket.left) / A_SECOND)
        wait = "a second" if seconds == 1 else f"{seconds} seconds"
        return _refused(
            bucket, now, "You sent more than I can take at once.", f"Wait {wait}, then try again."
        )

    def _too_many(self, bucket: _Bucket, now: float) -> TooMuch:
        return _refused(
            bucket,
            now,
            f"{UNFINISHED} things that you asked for are not done yet.",
            "Wait until some of them are answered, then try again.",
        )


async def take_share(
    share: FairShare, service: ConnectionService, workspace: str, person: Person, what: str
) -> None:
    """Raises `TooMuch`, of which the first in a flood is audited."""
    try:
        share.take(workspace, person)
    except TooMuch as flood:
        if flood.first:
            await service.limited(workspace, person, what)
        raise


def _refused(bucket: _Bucket, now: float, message: str, hint: str) -> TooMuch:
    first = now - bucket.refused_at >= FLOOD_ENDS_AFTER
    tell = now - bucket.told_at >= TELL_EVERY
    bucket.refused_at = now
    if tell:
        bucket.told_at = now
    return TooMuch(f"{message} Nothing of this was stored.", hint, first=first, tell=tell)
