"""The pure rules: what is typed behind a command, what a policy is, what a hash covers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from connection.changes.plan import Act, Impact, Plan, PlannedStep, differences, satisfied
from connection.changes.policies import parsed, told
from connection.changes.request import Policy
from connection.changes.words import KNOWN, LONGEST_REASON, taken_apart
from connection.errors import Mistake

STEP = PlannedStep("enabled", {"Enabled": "no"}, {"Enabled": "yes"})
PLAN = Plan(Act.ENABLE, 3, (STEP,))


@given(some.sampled_from(sorted(Act)), some.text(max_size=LONGEST_REASON))
def test_whatever_is_typed_is_a_word_and_a_reason_or_a_mistake(act: Act, typed: str) -> None:
    needed = act in (Act.SALES_ORDERS, Act.AVAILABILITY)
    first = typed.partition(" ")[0].lower()
    if needed and first not in KNOWN[act]:
        with pytest.raises(Mistake, match="on or off"):
            taken_apart(act, typed)
        return
    word, reason = taken_apart(act, typed)
    assert word in ("", *KNOWN.get(act, ()))
    assert reason in typed


def test_words_come_first_and_are_no_reason() -> None:
    assert taken_apart(Act.ENABLE, "defaults quarter begins") == ("defaults", "quarter begins")
    assert taken_apart(Act.ENABLE, "the defaults please") == ("", "the defaults please")
    assert taken_apart(Act.SALES_ORDERS, "OFF because") == ("off", "because")


@pytest.mark.parametrize("typed", ["", "maybe", "x" * (LONGEST_REASON + 1)])
def test_what_is_missing_or_too_long_is_said(typed: str) -> None:
    with pytest.raises(Mistake):
        taken_apart(Act.SALES_ORDERS, typed)


@given(
    some.builds(
        Policy,
        approvals=some.integers(1, 5),
        reason_required=some.booleans(),
        expiry_hours=some.integers(1, 72),
        reminder_hours=some.integers(0, 24),
    )
)
def test_a_policy_is_typed_as_it_is_told(policy: Policy) -> None:
    words = [word for pair in told(policy).items() for word in pair]
    assert parsed(Policy(), words) == policy


@pytest.mark.parametrize(
    "words",
    [
        ["approvals"],
        ["approvals", "0"],
        ["approvals", "6"],
        ["approvals", "many"],
        ["expiry", "73"],
        ["reason", "perhaps"],
        ["approvers", "viewer"],
        ["colour", "blue"],
    ],
)
def test_what_no_policy_has_is_refused_with_the_usage(words: list[str]) -> None:
    with pytest.raises(Mistake) as refused:
        parsed(Policy(), words)
    assert "access policy" in refused.value.hint


def test_the_hash_covers_what_is_approved() -> None:
    others = [
        replace(PLAN, act=Act.DISABLE),
        replace(PLAN, revision=4),
        replace(PLAN, steps=(replace(STEP, wanted={"Enabled": "no"}),)),
        replace(PLAN, steps=(STEP, replace(STEP, step="features"))),
        replace(PLAN, steps=()),
    ]
    assert len({PLAN.hash, *(one.hash for one in others)}) == len(others) + 1


def test_the_hash_leaves_out_what_may_differ_from_hour_to_hour() -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    same = [
        replace(PLAN, impact=Impact(users=9, users_at=now, jobs=4, jobs_at=now)),
        replace(PLAN, administrator=True),
        replace(PLAN, steps=(replace(STEP, before={"Enabled": "yes"}, note="n", by_hand="b"),)),
    ]
    assert {PLAN.hash} == {one.hash for one in same}


@given(some.sampled_from(["no", "yes", "other"]))
def test_only_what_is_neither_before_nor_wanted_has_moved(current: str) -> None:
    assert bool(differences(STEP, {"Enabled": current})) == (current == "other")
    assert satisfied(STEP, {"Enabled": current}) == (current == "yes")


def test_what_nobody_can_read_never_has_moved() -> None:
    step = PlannedStep("x", {"Password": "?"}, {"Password": "held"}, again=("Password",))
    assert differences(step, {"Password": "anything"}) == ()
    assert satisfied(step, {})
