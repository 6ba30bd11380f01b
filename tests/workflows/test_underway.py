"""Whose job starts next: nobody waits for everybody else's, and nobody's place is lost."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from connection.asks import Ask
from connection.people import Person
from tests.storage.samples import an_ask
from workflows.underway import AT_ONCE, EACH_AT_ONCE, PLACE_SECONDS, Underway

ADA, BERT = "U0ADA", "U0BERT"


class Stopwatch:
    """Moved by a test."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def ask(number: int, user: str = ADA) -> Ask:
    return replace(an_ask(number), person=Person("T1", user))


def begun(underway: Underway) -> list[str]:
    """All that may start now; each has started."""
    ids: list[str] = []
    while (one := underway.next()) is not None:
        underway.started(one.id)
        ids.append(one.id)
    return ids


def test_one_of_each_person_in_turn() -> None:
    underway = Underway(Stopwatch())
    for number in range(5):
        underway.put(ask(number), again=False)
    underway.put(ask(10, BERT), again=False)
    underway.put(ask(11, "U0EVE"), again=False)
    assert begun(underway)[:4] == ["ask-0", "ask-10", "ask-11", "ask-1"]


def test_one_person_has_only_so_many_jobs_and_another_starts_all_the_same() -> None:
    underway = Underway(Stopwatch())
    for number in range(3 * EACH_AT_ONCE):
        underway.put(ask(number), again=False)
    assert len(begun(underway)) == EACH_AT_ONCE
    underway.put(ask(1000, BERT), again=False)
    assert begun(underway) == ["ask-1000"]
    underway.ended("ask-0")
    assert begun(underway) == [f"ask-{EACH_AT_ONCE}"]


def test_jobs_that_wait_long_hold_nobody_up() -> None:
    watch = Stopwatch()
    underway = Underway(watch)
    for number in range(AT_ONCE + 1):
        underway.put(ask(number, f"U{number}"), again=False)
    assert len(begun(underway)) == AT_ONCE
    assert underway.soonest() == PLACE_SECONDS
    watch.now += PLACE_SECONDS
    assert begun(underway) == [f"ask-{AT_ONCE}"]
    assert underway.soonest() is None


def test_a_job_that_does_not_even_start_keeps_its_place() -> None:
    watch = Stopwatch()
    underway = Underway(watch)
    for number in range(AT_ONCE + 1):
        underway.put(ask(number, f"U{number}"), again=False)
    while underway.next() is not None:
        pass
    watch.now += 100 * PLACE_SECONDS
    assert underway.next() is None


def test_what_is_here_already_is_not_taken_twice() -> None:
    underway = Underway(Stopwatch())
    for _ in range(2):
        assert underway.put(ask(1), again=True)
    assert begun(underway) == ["ask-1"]
    assert underway.put(ask(1), again=True)
    assert begun(underway) == []
    assert underway.unfinished("T1", Person("T1", ADA)) == 1
    underway.ended("ask-1")
    assert underway.unfinished("T1", Person("T1", ADA)) == 0


async def test_a_job_that_breaks_has_ended_too() -> None:
    underway = Underway(Stopwatch())
    woken: list[bool] = []
    underway.wake = lambda: woken.append(True)

    async def broken(_ask_id: str) -> None:
        raise ZeroDivisionError

    underway.put(ask(1), again=False)
    begun(underway)
    try:
        await underway.watched(broken)("ask-1")
    except ZeroDivisionError:
        woken.append(False)
    assert woken == [True, False]
    assert not underway.with_job()


def test_beyond_its_room_nothing_is_taken_and_half_of_it_makes_room() -> None:
    underway = Underway(Stopwatch(), room=4)
    taken = [underway.put(ask(number, f"U{number}"), again=False) for number in range(5)]
    assert taken == [True] * 4 + [False]
    assert not underway.has_room()
    for _ in range(2):
        underway.next()
    assert underway.has_room()


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("put"), st.integers(0, 4)),
            st.tuples(st.sampled_from(["next", "end", "wait"]), st.integers(0, 50)),
        ),
        max_size=300,
    )
)
def test_whatever_happens_everything_starts_once_in_its_persons_order(
    steps: list[tuple[str, int]],
) -> None:
    watch = Stopwatch()
    underway = Underway(watch, room=10_000)
    put: list[Ask] = []
    started: list[str] = []
    running: list[str] = []

    def start() -> None:
        while (one := underway.next()) is not None:
            underway.started(one.id)
            started.append(one.id)
            running.append(one.id)
            each = Counter(of[one] for one in running)
            assert max(each.values()) <= EACH_AT_ONCE

    of: dict[str, str] = {}
    for act, number in steps:
        if act == "put":
            put.append(ask(len(put), f"U{number}"))
            of[put[-1].id] = f"U{number}"
            underway.put(put[-1], again=False)
        elif act == "next":
            start()
        elif act == "end" and running:
            underway.ended(running.pop(number % len(running)))
        elif act == "wait":
            watch.now += number / 10
    while running or len(started) < len(put):
        start()
        underway.ended(running.pop())
    assert sorted(started) == sorted(of)
    for user in set(of.values()):
        theirs = [one for one in started if of[one] == user]
        assert theirs == [one.id for one in put if of[one.id] == user]
    assert underway.unfinished("T1", Person("T1", "U0")) == 0
