"""A handover ends once, in time, and only in a way that its state allows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.asks import Place
from connection.errors import Mistake
from connection.handover import NEXT, WORD_LIFE, Handover, HandoverState
from connection.identities import SecretOrigin
from connection.people import Person

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def a_handover(state: HandoverState) -> Handover:
    return Handover(
        id="h",
        workspace="T1",
        connection_id="c1",
        field="bot_client_secret",
        origin=SecretOrigin("h", "t", "client_secret", "l"),
        person=Person("T1", "U1"),
        place=Place("C1"),
        state=state,
        created_at=NOW,
        ends_at=NOW + WORD_LIFE,
    )


@given(st.lists(st.tuples(st.sampled_from(HandoverState), st.integers(0, 40)), max_size=8))
def test_no_walk_leaves_an_end_or_is_late(steps: list[tuple[HandoverState, int]]) -> None:
    one = a_handover(HandoverState.OPEN)
    at = NOW
    for wanted, minutes in steps:
        at += timedelta(minutes=minutes)
        before = one
        late = at >= before.ends_at and wanted is not HandoverState.EXPIRED
        if late or wanted not in NEXT.get(before.state, frozenset()):
            with pytest.raises(Mistake):
                before.becomes(wanted, at)
            continue
        one = before.becomes(wanted, at)
        assert one.state is wanted


@pytest.mark.parametrize("state", [one for one in HandoverState if one not in NEXT])
def test_an_end_is_an_end(state: HandoverState) -> None:
    assert not a_handover(state).waits
    for wanted in HandoverState:
        with pytest.raises(Mistake, match=r"cannot be done any more|Nothing was given"):
            a_handover(state).becomes(wanted, NOW)


def test_nothing_is_kept_that_was_not_given() -> None:
    with pytest.raises(Mistake, match="Nothing was given yet"):
        a_handover(HandoverState.OPEN).becomes(HandoverState.KEPT, NOW)
