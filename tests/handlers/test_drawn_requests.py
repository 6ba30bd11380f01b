"""The card of a request: within Slack's limits whatever it holds, and first what somebody does."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connection.asks import Place
from connection.changes.pictures import PolicyPicture, RequestPicture, RequestsPicture
from connection.changes.plan import Act, Impact, Plan, PlannedStep
from connection.changes.request import (
    Decision,
    Policy,
    Request,
    RequestState,
    StepRun,
    StepState,
    Verdict,
)
from connection.changes.table import STEPS
from connection.people import Person
from handlers.views.asked_alone import alone_message, requests_message, words_message
from handlers.views.blocks import Message
from handlers.views.policy import policy_message
from handlers.views.requests import request_message
from simulator.slack.blockkit import faults_in_blocks

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLGA, PAUL, ADA = (Person("T0EXAMPLE", f"U0{name}") for name in ("OLGA", "PAUL", "ADA"))
MANY = tuple(Person("T0EXAMPLE", f"U0EXAMPLE{number}") for number in range(60))
NASTY = "<!channel> <@U1SOMEBODY> <https://evil.example|x> & "
OURS = re.compile(r"<@U0[A-Z0-9]+>|<!date\^[^<>]*>")

texts = st.sampled_from(["", "short", NASTY, NASTY * 100, "https://a.example/" + "x" * 4000])
runs = st.builds(
    StepRun,
    step=st.just(""),
    state=st.sampled_from(StepState),
    said=texts,
    hint=texts,
    percent=st.floats(0, 100),
    reached=st.booleans(),
    words=texts,
)
decisions = st.builds(
    Decision, st.just("r1"), st.sampled_from(MANY), st.sampled_from(Verdict), st.just(NOW), texts
)


def _request(wanted: str = "yes", **changes: object) -> Request:
    steps = tuple(
        PlannedStep(step.id, {"One": "no"}, {"One": wanted, "Two": wanted}, note=wanted)
        for step in STEPS
    )
    plan = Plan(Act.ENABLE, 3, steps, administrator=True, impact=Impact(42, NOW, 11, NOW))
    made = Request(
        "r1", "T0EXAMPLE", 42, "c1", "x" * 40, plan, plan.hash, Policy(), (ADA, PAUL), OLGA,
        Place("C0EXAMPLE"), NOW, NOW + timedelta(hours=8),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def _stuck(state: StepState, **changes: object) -> tuple[StepRun, ...]:
    first, second, *rest = (StepRun(step.id) for step in STEPS)
    stuck = replace(second, state=state, **changes)  # type: ignore[arg-type]
    return (replace(first, state=StepState.DONE), stuck, *rest)


def _text(request: Request, *made: Decision, signed_in: Person | None = None) -> str:
    return request_message(RequestPicture(request, made, (), signed_in)).text


def _labels(request: Request) -> list[str]:
    blocks = request_message(RequestPicture(request, (), ())).as_dicts()
    rows = [one["elements"] for one in blocks if one["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]  # type: ignore[attr-defined]


def _fits(message: Message) -> None:
    blocks = message.as_dicts()
    assert faults_in_blocks(blocks, "message") == []
    assert len(blocks) == len(message.blocks)
    assert 0 < len(message.text) <= 4000
    for one in (message.text, *re.findall(r"'type': 'mrkdwn', 'text': '([^']*)'", str(blocks))):
        assert "<" not in OURS.sub("", one), one


@settings(max_examples=80)
@given(
    st.sampled_from(RequestState),
    texts,
    st.lists(runs, min_size=len(STEPS), max_size=len(STEPS)),
    st.lists(decisions, max_size=5),
    st.sampled_from([(), (ADA,), MANY]),
    st.sampled_from([None, ADA]),
)
def test_a_card_fits_and_calls_nobody(
    state: RequestState,
    text: str,
    steps: list[StepRun],
    made: list[Decision],
    roster: tuple[Person, ...],
    alone: Person | None,
) -> None:
    named = tuple(replace(one, step=step.id) for one, step in zip(steps, STEPS, strict=True))
    one = _request(
        text or "yes", state=state, reason=text[:500], said=text, steps=named, roster=roster,
        alone=alone, alone_reason=text[:500], policy=Policy(approvals=2),
    )  # fmt: skip
    short = [replace(decision, reason=decision.reason[:500]) for decision in made]
    picture = RequestPicture(one, short, (), alone)
    for message in (request_message(picture), alone_message(picture), words_message(picture)):
        _fits(message)


def test_lists_and_policies_fit() -> None:
    many = [_request(state=state) for state in RequestState] * 16
    _fits(requests_message(RequestsPicture(many, many[:20], many[:10])))
    _fits(policy_message(PolicyPicture("x" * 40, Policy(reminder_hours=0))))


@pytest.mark.parametrize("state", [StepState.FAILED, StepState.BY_HAND])
def test_what_somebody_has_to_do_stands_before_the_steps(state: StepState) -> None:
    over = RequestState.STOPPED if state is StepState.FAILED else RequestState.APPLYING
    steps = _stuck(state, said="no page can do it", hint="Open page 5330.")
    said = _text(_request(state=over, steps=steps))
    assert "no page can do it.\n*What to do:* Open page 5330." in said
    assert said.index("Open page 5330.") < said.index("Asked for by") < said.index("Checks")
    assert said.count("Open page 5330.") == 1


def test_nobody_is_told_to_do_something_about_what_is_over() -> None:
    steps = _stuck(StepState.FAILED, said="Sales did not answer.", hint="Resume it.")
    said = _text(_request(state=RequestState.LEFT, steps=steps))
    assert "failed. Sales did not answer." in said
    assert "Resume it." not in said


def test_why_it_waits_stands_first() -> None:
    waits = _request(state=RequestState.WAITING_FOR_SIGN_IN, said="A right is missing.")
    assert _text(waits).splitlines()[1] == "A right is missing."


def test_an_approval_that_cannot_be_enough_is_not_offered() -> None:
    assert _labels(_request()) == ["Approve", "Reject", "Withdraw"]
    few = _request(policy=Policy(approvals=3))
    assert _labels(few) == ["Reject", "Withdraw"]
    assert "*2 people could approve this*, and it needs 3" in _text(few)
    assert "/d365 approve" not in _text(few)
    assert _labels(_request(roster=())) == ["Withdraw"]


@pytest.mark.parametrize("state", [RequestState.REJECTED, RequestState.APPLIED])
def test_what_is_decided_says_no_more_whom_it_would_touch(state: RequestState) -> None:
    assert "Touches 42 people" in _text(_request())
    assert "Touches" not in _text(_request(state=state))


def test_the_card_says_whose_sign_in_it_took() -> None:
    said = _text(_request(state=RequestState.APPLIED), signed_in=OLGA)
    assert f"The administrator's sign-in was begun by <@{OLGA.user}>." in said


def test_whoever_is_passed_over_is_counted() -> None:
    picture = RequestPicture(_request(roster=MANY, alone_reason="orders wait"), (), ())
    assert "and 48 more could have approved it" in alone_message(picture).text


def test_a_policy_says_what_its_numbers_count() -> None:
    said = policy_message(PolicyPicture("adventure-prod", Policy())).text
    assert "*expiry* 8 hours" in said
    assert "*reminders* every 2 hours" in said
