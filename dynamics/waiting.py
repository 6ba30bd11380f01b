"""How long to wait before asking again, and when not to.

A call is repeated only if it may be, only by Retry-After, at most three times and 20 seconds in
all (service protection limits: "obey Retry-After"; the wait grows for clients that push).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from dynamics.calls import Answer, Call

TURNED_AWAY = 429
BUSY = (TURNED_AWAY, 502, 503, 504)
"""All but the first leave open what became of the call."""
REPEATS = 3
LONGEST = 20.0
UNSAID = 30.0
A_DAY = 86_400.0


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Seconds of the Retry-After header, given as a number or a date; None without a sound one."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return min(float(text), A_DAY)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max(0.0, (at - now).total_seconds()), A_DAY)


class Patience:
    """The patience left for one call."""

    def __init__(self, call: Call, now: Callable[[], datetime]) -> None:
        self._after = BUSY if call.repeatable else (TURNED_AWAY,) if call.once else ()
        self._repeats = REPEATS
        self._seconds = LONGEST
        self._now = now

    def pause(self, answer: Answer) -> float | None:
        """Seconds to wait before the next try; None if there shall be none."""
        if answer.status not in self._after or not self._repeats:
            return None
        seconds = retry_after(answer, self._now())
        if seconds is None or seconds > self._seconds:
            return None
        self._repeats -= 1
        self._seconds -= seconds
        return seconds

    def outlasts(self, seconds: float) -> bool:
        """Whether the call may wait that long before it is sent; if so, that patience is spent."""
        if seconds > self._seconds:
            return False
        self._seconds -= seconds
        return True
