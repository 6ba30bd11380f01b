"""The state of a connection: its word, since when, and what to do where something is amiss."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.connection import (
    Connection,
    Observed,
    Run,
    Wanted,
    seen_since,
    state_details,
    state_word,
)
from tests.parity.room import NAME, a_connection

SEEN = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _seen(wanted: Wanted, observed: Observed, run: Run = Run.NONE, reason: str = "") -> Connection:
    one = a_connection(observed, reason)
    return replace(one, wanted=wanted, run=run, observed_at=SEEN)


states = st.builds(
    _seen, st.sampled_from(Wanted), st.sampled_from(Observed), st.sampled_from(Run),
    st.sampled_from(["", "ABC"]),
)  # fmt: skip


@given(states)
def test_what_to_do_is_said_just_where_the_word_says_that_something_is_amiss(
    one: Connection,
) -> None:
    amiss, to_do = state_details(one)
    assert bool(amiss) == bool(to_do)
    assert bool(amiss) == (state_word(one) in ("mismatch", "disabled by Business Central"))
    assert not amiss or NAME in to_do


@given(states)
def test_since_is_said_of_what_was_seen_only(one: Connection) -> None:
    shown = one.run is Run.NONE and one.observed is not Observed.UNKNOWN
    assert seen_since(one) == (SEEN if shown else None)


@pytest.mark.parametrize(
    ("wanted", "observed", "again", "instead"),
    [
        (Wanted.ENABLED, Observed.DISABLED, "enable", "disable"),
        (Wanted.DISABLED, Observed.ENABLED, "disable", "enable"),
    ],
)
def test_a_mismatch_names_both_ways_out(
    wanted: Wanted, observed: Observed, again: str, instead: str
) -> None:
    amiss, to_do = state_details(_seen(wanted, observed))
    assert f"was to be {wanted.value}, and Business Central shows it {observed.value}" in amiss
    assert to_do.startswith(f"/d365 {again} {NAME} makes it so again; /d365 {instead} {NAME} ")
