"""When a workspace may be called: a 429 pauses it, edits go one by one, live ones 1.5 s apart.

Slack allows about 50 edits a minute a workspace, for all messages together, and apart from them
about 100 publications of Homes.
"""

from collections.abc import Callable, Iterable, Sequence

from connection.asks import Closed, Showing, What

LIVE_SECONDS = 1.5
HOME_SECONDS = 1.0
LONGEST_WAIT = 60.0


def wait_after(tries: int) -> float:
    """Seconds until the next try; twice as long each time, up to a minute."""
    return min(LONGEST_WAIT, 2.0 ** min(tries, 6))


class Pace:
    """Asked by one loop; `monotonic` is its clock."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._paused_until: dict[str, float] = {}
        self._last_edit: dict[str, float] = {}
        self._last_home: dict[str, float] = {}
        self._editing: set[str] = set()
        self._live: dict[str, float] = {}
        self._resting: dict[str, tuple[int, float]] = {}

    def pause(self, workspace: str, seconds: float) -> None:
        """Slack asked for it."""
        until = self._monotonic() + seconds
        self._paused_until[workspace] = max(until, self._paused_until.get(workspace, 0.0))

    def paused(self, workspace: str) -> float:
        """For so many seconds yet."""
        return max(0.0, self._paused_until.get(workspace, 0.0) - self._monotonic())

    def rest(self, showing_id: str) -> None:
        """The database could not even note that it failed."""
        tries, _ = self._resting.get(showing_id, (0, 0.0))
        self._resting[showing_id] = (tries + 1, self._monotonic() + wait_after(tries))

    def rested(self, showing_id: str) -> None:
        """It was noted."""
        self._resting.pop(showing_id, None)

    def closed(self) -> tuple[Closed, float | None]:
        """What need not be read from the outbox now, and the seconds until something of it goes
        that time alone keeps from going: both by one look at the clock, or what opens in between
        would be waited for by nobody."""
        now = self._monotonic()
        paused = {one: until for one, until in self._paused_until.items() if until > now}
        live = {
            one: last + LIVE_SECONDS
            for one, last in self._last_edit.items()
            if last + LIVE_SECONDS > now
        }
        homes = {
            one: last + HOME_SECONDS
            for one, last in self._last_home.items()
            if last + HOME_SECONDS > now
        }
        editing = frozenset(self._editing)
        closed = Closed(frozenset(paused), editing, frozenset(live), frozenset(homes))
        times = [*paused.values(), *live.values(), *homes.values()]
        return closed, min((until - now for until in times), default=None)

    def resting(self) -> frozenset[str]:
        """Showings that rest."""
        return frozenset(self._resting)

    def in_turn(self, showings: Iterable[Showing]) -> Sequence[Showing]:
        """Live edits last, and among them the one that waits longest first."""
        return sorted(
            showings, key=lambda one: self._live.get(one.id, 0.0) if _is_live(one) else -1.0
        )

    def take(self, showing: Showing) -> float | None:
        """0 where it goes now and its turn is taken, else the seconds to wait.

        None while another edit of its workspace runs: `give_back` ends that.
        """
        now = self._monotonic()
        _, rests_until = self._resting.get(showing.id, (0, 0.0))
        wait = max(self.paused(showing.workspace), rests_until - now)
        if showing.what is What.HOME:
            return self._take_home(showing, now, wait)
        if _is_live(showing):
            last = self._last_edit.get(showing.workspace)
            wait = max(wait, last + LIVE_SECONDS - now if last is not None else 0.0)
        if wait > 0:
            return wait
        if showing.ts:
            if showing.workspace in self._editing:
                return None
            self._editing.add(showing.workspace)
            self._last_edit[showing.workspace] = now
        if _is_live(showing):
            self._live[showing.id] = now
        return 0.0

    def _take_home(self, showing: Showing, now: float, wait: float) -> float:
        """In a lane of its own: no edit of a message waits for it, and it waits for none. Who opens
        it sees it at once."""
        last = self._last_home.get(showing.workspace)
        if last is not None and not showing.final:
            wait = max(wait, last + HOME_SECONDS - now)
        if wait > 0:
            return wait
        self._last_home[showing.workspace] = now
        return 0.0

    def give_back(self, showing: Showing) -> None:
        """Its turn is over."""
        if showing.what is What.HOME:
            return
        if showing.ts:
            self._editing.discard(showing.workspace)
        if showing.final:
            self._live.pop(showing.id, None)


def _is_live(showing: Showing) -> bool:
    return bool(showing.ts) and not showing.final
