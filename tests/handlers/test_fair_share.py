"""Nobody gets more than their share, whenever they send, and others lose nothing by it."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from connection.errors import TooMuch
from connection.people import Person
from handlers.fair_share import (
    A_SECOND,
    BURST,
    FLOOD_ENDS_AFTER,
    TELL_EVERY,
    UNFINISHED,
    FairShare,
)

ADA, BERT = Person("T1", "U0ADA"), Person("T1", "U0BERT")


class Stopwatch:
    """Moved by a test."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(share: FairShare, person: Person, workspace: str = "T1") -> bool:
    return refusal(share, person, workspace) is None


def refusal(share: FairShare, person: Person, workspace: str = "T1") -> TooMuch | None:
    try:
        share.take(workspace, person)
    except TooMuch as flood:
        return flood
    return None


def flooded(share: FairShare, person: Person = ADA) -> TooMuch:
    """The first refusal of somebody who does not stop."""
    for _ in range(BURST + 1):
        if (flood := refusal(share, person)) is not None:
            return flood
    raise AssertionError("nothing was refused")


@given(st.lists(st.floats(0, 3), max_size=300))
def test_in_no_time_more_than_a_burst_and_the_rate_goes_through(pauses: list[float]) -> None:
    watch = Stopwatch()
    share = FairShare(monotonic=watch)
    went: deque[float] = deque()
    for pause in pauses:
        watch.now += pause
        if taken(share, ADA):
            went.append(watch.now)
    for first in range(len(went)):
        for last in range(first, len(went)):
            most = BURST + (went[last] - went[first]) * A_SECOND
            assert last - first + 1 <= most + 1e-6


@given(st.lists(st.floats(1 / A_SECOND, 10), max_size=300))
def test_who_stays_below_the_rate_is_never_refused(pauses: list[float]) -> None:
    watch = Stopwatch()
    share = FairShare(monotonic=watch)
    for pause in pauses:
        watch.now += pause
        assert taken(share, ADA)


@given(st.lists(st.booleans(), max_size=400))
def test_a_flood_takes_nothing_from_anybody_else(adas: list[bool]) -> None:
    watch = Stopwatch()
    share, alone = FairShare(monotonic=watch), FairShare(monotonic=watch)
    for is_ada in adas:
        watch.now += 0.05
        if is_ada:
            taken(share, ADA)
        else:
            assert taken(share, BERT) == taken(alone, BERT)


def test_a_crowd_of_a_hundred_is_taken_for_a_minute() -> None:
    watch = Stopwatch()
    share = FairShare(monotonic=watch)
    crowd = [Person("T1", f"U{number}") for number in range(100)]
    for _ in range(120):
        watch.now += 0.5
        assert all(taken(share, person) for person in crowd)


def test_the_same_user_id_elsewhere_is_somebody_else() -> None:
    share = FairShare(monotonic=Stopwatch())
    flooded(share)
    assert taken(share, ADA, workspace="T2")
    assert taken(share, Person("T9", ADA.user))


def test_the_wait_that_is_named_is_enough() -> None:
    watch = Stopwatch()
    share = FairShare(monotonic=watch)
    assert "Wait a second" in flooded(share).hint
    watch.now += 1
    assert taken(share, ADA)


def test_only_the_first_refusal_of_a_flood_is_remembered() -> None:
    watch = Stopwatch()
    share = FairShare(monotonic=watch)
    assert flooded(share).first
    for _ in range(20):
        watch.now += FLOOD_ENDS_AFTER - 1
        assert not flooded(share).first
    watch.now += FLOOD_ENDS_AFTER
    assert flooded(share).first


def test_a_flooding_person_is_told_now_and_then() -> None:
    watch = Stopwatch()
    share = FairShare(monotonic=watch)
    assert flooded(share).tell
    watch.now += TELL_EVERY - 0.5
    assert not flooded(share).tell
    watch.now += 0.5
    assert flooded(share).tell


def test_who_waits_for_many_answers_may_not_ask_for_more() -> None:
    waiting = {ADA: UNFINISHED, BERT: UNFINISHED - 1}
    share = FairShare(lambda _workspace, person: waiting[person], Stopwatch())
    flood = refusal(share, ADA)
    assert flood is not None
    assert "not done yet" in flood.message
    assert taken(share, BERT)
    waiting[ADA] -= 1
    assert taken(share, ADA)


def test_a_clock_that_goes_back_gives_and_takes_nothing() -> None:
    watch = Stopwatch()
    share = FairShare(monotonic=watch)
    flooded(share)
    watch.now -= 500
    assert not taken(share, ADA)


def test_only_so_many_people_are_remembered_and_the_forgotten_start_afresh() -> None:
    share = FairShare(monotonic=Stopwatch(), people=2)
    flooded(share, BERT)
    for number in range(2):
        assert taken(share, Person("T1", f"U{number}"))
    assert len(share._buckets) == 2
    assert taken(share, BERT)


def test_who_sends_on_is_not_forgotten_for_others() -> None:
    share = FairShare(monotonic=Stopwatch(), people=2)
    flooded(share)
    for number in range(20):
        assert taken(share, Person("T1", f"U{number}"))
        assert not taken(share, ADA)
