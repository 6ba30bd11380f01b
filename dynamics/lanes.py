"""One lane for each caller: how many of its calls run at once, and until when none may.

The services limit calls per user. Dataverse: 52 at once (pa/api-limits). Business Central: 5
(operational-limits-online). A 429 with Retry-After counts for all calls of that user: the wait
grows for clients that keep pushing, so the others wait too, or are not sent at all.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

from dynamics.calls import Call, Service

LONGEST_SHUT = 600.0
"""Seconds. Dataverse looks at five minutes; a longer Retry-After is told, and then tried again."""
WIDTHS = {Service.ENTRA: 10, Service.SALES: 52, Service.BUSINESS_CENTRAL: 5}
_Key = tuple[Service, str]


@dataclass(eq=False, slots=True, weakref_slot=True)
class Lane:
    """`room` is held while a call runs; `shut_until` is in the past where it is open."""

    room: asyncio.Semaphore
    shut_until: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    def shut_for(self, now: datetime) -> float:
        """Seconds until the service takes calls again."""
        return max(0.0, (self.shut_until - now).total_seconds())


class Lanes:
    """Lanes live as long as somebody is in them or they are shut."""

    def __init__(self) -> None:
        self._lanes: WeakValueDictionary[_Key, Lane] = WeakValueDictionary()
        self._shut: dict[_Key, Lane] = {}
        self._refused: dict[_Key, int] = {}

    def lane(self, call: Call) -> Lane:
        """The lane of the call's caller."""
        key = (call.service, call.lane)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = Lane(asyncio.Semaphore(WIDTHS[call.service]))
        return lane

    def shut(self, call: Call, seconds: float, now: datetime) -> None:
        """After a 429. A caller that nobody named has no lane of its own to shut, and Entra ID's
        limits are not those of a user."""
        for key in [key for key, lane in self._shut.items() if not lane.shut_for(now)]:
            del self._shut[key]
        if not call.lane or call.service is Service.ENTRA:
            return
        lane = self.lane(call)
        shut = timedelta(seconds=min(seconds, LONGEST_SHUT))
        lane.shut_until = max(lane.shut_until, now + shut)
        self._shut[call.service, call.lane] = lane
        self._refused[call.service, call.lane] = self.refused(call.service, call.lane) + 1

    def refused(self, service: Service, lane: str) -> int:
        """How many calls of this caller were answered with 429 since the bot started."""
        return self._refused.get((service, lane), 0)
