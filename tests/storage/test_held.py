"""Secrets that are held in memory: for their place, for their time, and never on disk."""

from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest

from connection.errors import SealBroken
from connection.identities import SecretOrigin
from storage.held import MOST, HeldSecrets
from tests.storage.samples import NOW, ORIGIN, a_ref

SECRET = "held-and-never-stored"
UNTIL = NOW + timedelta(minutes=30)


class Time:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    """Noon."""
    return Time()


@pytest.fixture
def held(time: Time) -> HeldSecrets:
    """Nothing in it."""
    return HeldSecrets(b"k" * 32, time)


def test_what_is_held_opens_for_its_place_and_origin_until_its_time_is_over(
    held: HeldSecrets, time: Time
) -> None:
    ending = held.hold(a_ref(), SECRET, UNTIL)
    assert len(ending) == 4
    assert held.open(a_ref(), ORIGIN) == SECRET
    assert held.value("secret-1") == SECRET
    time.now = UNTIL
    assert held.open(a_ref(), ORIGIN) is None
    assert held.value("secret-1") is None


@pytest.mark.parametrize("part", [part.name for part in fields(SecretOrigin)])
def test_what_is_held_does_not_open_for_another_origin(held: HeldSecrets, part: str) -> None:
    held.hold(a_ref(), SECRET, UNTIL)
    with pytest.raises(SealBroken) as caught:
        held.open(a_ref(), replace(ORIGIN, **{part: "other"}))
    assert SECRET not in repr(caught.value)


def test_what_is_held_does_not_open_in_another_place(held: HeldSecrets) -> None:
    held.hold(a_ref(), SECRET, UNTIL)
    with pytest.raises(SealBroken):
        held.open(replace(a_ref(), connection_id="another"), ORIGIN)


def test_what_is_dropped_is_gone_and_dropping_twice_is_harmless(held: HeldSecrets) -> None:
    held.hold(a_ref(), SECRET, UNTIL)
    held.drop("secret-1")
    held.drop("secret-1")
    assert held.value("secret-1") is None


def test_a_flood_of_values_does_not_fill_the_memory(held: HeldSecrets) -> None:
    for number in range(MOST + 10):
        held.hold(a_ref(number), SECRET, UNTIL)
    assert held.value("secret-9") is None
    assert held.value(f"secret-{MOST + 9}") == SECRET


def test_nothing_of_it_shows_in_a_repr(held: HeldSecrets) -> None:
    held.hold(a_ref(), SECRET, UNTIL)
    assert SECRET not in repr(held) + repr(vars(held))
