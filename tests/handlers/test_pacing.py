"""When a workspace may be called, by a clock that goes on between two looks at it."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as some

from connection.asks import Audience, Place, Showing, What
from connection.people import Person
from handlers.pacing import LIVE_SECONDS, Pace

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class Ticking:
    """Every look at it takes a while."""

    def __init__(self, step: float) -> None:
        self._now, self._step = 0.0, step

    def __call__(self) -> float:
        self._now += self._step
        return self._now


def _edit(workspace: str) -> Showing:
    return Showing(
        id=workspace,
        workspace=workspace,
        what=What.REPORT,
        subject="",
        audience=Audience.CHANNEL,
        person=Person("T1", "U1"),
        place=Place("C1"),
        created_at=BEGAN,
        ts="1.0",
        final=False,
    )


@given(some.floats(0.001, LIVE_SECONDS), some.integers(1, 40))
def test_what_is_closed_is_never_without_the_time_at_which_it_opens(
    step: float, looks: int
) -> None:
    """Else nobody looks again before the outbox is swept."""
    pace = Pace(Ticking(step))
    showing = _edit("T1")
    assert pace.take(showing) == 0
    pace.give_back(showing)
    for _ in range(looks):
        closed, opens = pace.closed()
        assert (opens is not None) == bool(closed.live_edits)
        assert opens is None or 0 < opens <= LIVE_SECONDS


def _home(user: str, *, final: bool = False) -> Showing:
    person = Person("T1", user)
    return replace(
        _edit("T1"), id=user, what=What.HOME, audience=Audience.HOME, person=person, final=final
    )


def test_homes_take_no_turn_of_an_edit() -> None:
    pace = Pace(Ticking(0.001))
    homes = [_home(f"U{number}") for number in range(60)]
    assert pace.take(homes[0]) == 0
    assert pace.take(_edit("T1")) == 0
    assert pace.take(homes[1]) not in (0, None)
    pace.give_back(homes[0])
    assert pace.take(replace(_edit("T1"), id="another", final=True)) is None
    closed, opens = pace.closed()
    assert closed.homes == closed.edits == {"T1"}
    assert opens is not None


def test_who_opens_home_does_not_wait_for_others() -> None:
    pace = Pace(Ticking(0.001))
    assert pace.take(_home("U1")) == 0
    assert pace.take(_home("U2", final=True)) == 0


def test_a_pause_closes_its_workspace_alone() -> None:
    pace = Pace(Ticking(0.1))
    pace.pause("T1", 5)
    closed, opens = pace.closed()
    assert closed.all == {"T1"}
    assert opens is not None
    assert pace.take(_edit("T2")) == 0
