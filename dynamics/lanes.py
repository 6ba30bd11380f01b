"""How many calls run at once: the services limit it per user, so each caller has a lane.

Dataverse: 52 at once (pa/api-limits). Business Central: 5 (operational-limits-online).
"""

import asyncio
from weakref import WeakValueDictionary

from dynamics.calls import Call, Service

WIDTHS = {Service.ENTRA: 10, Service.SALES: 52, Service.BUSINESS_CENTRAL: 5}


class Lanes:
    """Lanes live as long as somebody is in them."""

    def __init__(self) -> None:
        self._lanes: WeakValueDictionary[tuple[Service, str], asyncio.Semaphore] = (
            WeakValueDictionary()
        )

    def lane(self, call: Call) -> asyncio.Semaphore:
        """The semaphore to hold while the call runs."""
        key = (call.service, call.lane)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = asyncio.Semaphore(WIDTHS[call.service])
        return lane
