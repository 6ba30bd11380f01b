"""What the card of a request says about who has to decide."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connection.asks import Place
from connection.changes.pictures import RequestPicture
from connection.changes.plan import Act, Plan, PlannedStep
from connection.changes.request import Decision, Policy, Request, RequestState, Verdict
from connection.people import Person
from handlers.views.note import note_message
from handlers.views.requests import request_message

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CAL, DOT, EVE = (Person("T1", user) for user in ("U0CAL", "U0DOT", "U0EVE"))
STEP = PlannedStep("enabled", {"Enabled": "no"}, {"Enabled": "yes"})
REQUEST = Request(
    id="ask-1",
    workspace="T1",
    number=1,
    connection_id="T1-contoso",
    name="contoso",
    plan=Plan(Act.ENABLE, 1, (STEP,)),
    plan_hash="",
    policy=Policy(approvals=2),
    roster=(CAL, DOT, EVE),
    asked_by=Person("T1", "U0ANN"),
    place=Place("C1"),
    asked_at=NOW,
    ends_at=NOW + timedelta(hours=8),
)


def needs(request: Request, *decisions: Decision) -> str:
    """The line that says who decides."""
    text = request_message(RequestPicture(request, decisions, ())).text
    return next(line for line in text.splitlines() if "Needs" in line or "could approve" in line)


def test_it_names_who_is_missing_and_not_who_has_approved() -> None:
    before = needs(REQUEST)
    assert "U0CAL" in before
    assert "given" not in before
    after = needs(REQUEST, Decision("ask-1", CAL, Verdict.APPROVE, NOW))
    assert "(1 given)" in after
    assert "U0CAL" not in after
    assert "U0DOT" in after


def test_more_people_than_are_named_are_counted() -> None:
    many = tuple(Person("T1", f"U1{number:03}") for number in range(15))
    assert "and 3 more" in needs(replace(REQUEST, roster=many))


def test_where_nobody_could_approve_it_says_which_role_is_missing() -> None:
    said = needs(replace(REQUEST, roster=()))
    assert "Nobody could approve this" in said
    assert "the role approver" in said
    assert "An admin may apply it alone" in said


def test_a_note_names_its_person_and_says_how_it_stands() -> None:
    approved = Decision("ask-1", CAL, Verdict.APPROVE, NOW)
    waits = note_message(RequestPicture(REQUEST, (approved,), ()), "U0DOT").text
    assert waits.startswith("<@U0DOT> R1 Enable contoso: waits for approval until")
    assert "it needs 2 approvals, 1 given. Decide on the card above." in waits
    alone = replace(
        REQUEST, state=RequestState.APPLYING, alone=EVE, alone_reason="The <shop> is closed."
    )
    without = note_message(RequestPicture(alone, (), ()), "U0DOT").text
    assert "<@U0EVE> applies it without the approvers: The &lt;shop&gt; is closed." in without
    done = replace(REQUEST, state=RequestState.APPLIED)
    over = note_message(RequestPicture(done, (), ()), "U0DOT").text
    assert over == "R1 Enable contoso: done. There is nothing left for you to decide."


def test_a_policy_needs_an_admin_and_is_never_applied_alone() -> None:
    said = needs(replace(REQUEST, roster=(), plan=Plan(Act.POLICY, 1, (STEP,))))
    assert "the role admin" in said
    assert "alone" not in said
