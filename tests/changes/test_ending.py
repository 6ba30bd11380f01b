"""Requests end by themselves and people are reminded, also when nobody was there for days."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from connection.asks import Showing, What
from connection.audit import AuditTag
from connection.changes import ending
from connection.changes.record import MOST_TOLD, below, card_id
from connection.changes.request import RequestState, Verdict
from connection.people import Person
from tests.changes.request_machine import WORKSPACE, Requests


@pytest.fixture
def people() -> Iterator[Requests]:
    """The people of the state machine, with a request of Ann's that waits."""
    people = Requests()
    people.ask_to_enable(name="ANN", approvals=2)
    yield people
    people.teardown()


def end_overdue(people: Requests, hours: float) -> None:
    """The bot looks after so many hours, and once more right after."""
    people.clock.move(timedelta(hours=hours))
    for _ in range(2):
        people.do(ending.end_overdue(people.ports))


def told(people: Requests, tag: AuditTag) -> int:
    """How often it stands in the record."""
    since = people.clock.now() - timedelta(days=99)
    found = people.do(
        people.ports.ledger.read(lambda reading: reading.acts_since(WORKSPACE, tag, since))
    )
    return len(found)


def copies(people: Requests) -> list[str]:
    """Who has a copy of the card or a note below it, by the names of these."""
    now = people.clock.now()
    found = people.do(people.ports.ledger.read(lambda reading: reading.due_showings(now)))
    return [one.id for one in found if one.what in (What.REQUEST, What.NOTE)]


def test_after_days_without_a_bot_it_expires_once(people: Requests) -> None:
    end_overdue(people, 72)
    assert people.state() is RequestState.EXPIRED
    assert told(people, AuditTag.REQUEST_EXPIRED) == 1
    assert told(people, AuditTag.REQUEST_REMINDED) == 0


def test_after_hours_without_a_bot_one_reminder_comes(people: Requests) -> None:
    end_overdue(people, 5)
    assert people.state() is RequestState.PENDING
    assert told(people, AuditTag.REQUEST_REMINDED) == 1
    reminded = [one for one in copies(people) if ":reminder-1:" in one]
    assert len(reminded) == 3


def test_a_reminder_stands_below_the_card_and_who_got_no_card_gets_one(people: Requests) -> None:
    request = people.newest()
    assert request is not None
    late = Person(WORKSPACE, "U0LATE")
    more = replace(request, roster=(*request.roster, late))
    people.do(people.ports.ledger.run(lambda tx: tx.keep_request(more)))
    card = card_id(request.id, "asked", "U0CAL")
    people.do(
        people.ports.ledger.run(lambda tx: tx.shown(card, wanted=1, ts="1.5", posted_in="D1"))
    )
    end_overdue(people, 2)

    def found(user: str) -> Showing:
        name = card_id(request.id, "reminder-1", user)
        showing = people.do(people.ports.ledger.read(lambda reading: reading.showing(name)))
        assert isinstance(showing, Showing)
        placed = people.do(people.ports.ledger.read(lambda reading: below(reading, showing)))
        assert isinstance(placed, Showing)
        return placed

    assert (found("U0CAL").what, found("U0CAL").below) == (What.NOTE, "1.5")
    assert (found("U0LATE").what, found("U0LATE").below) == (What.REQUEST, "")


def test_who_has_decided_is_not_reminded(people: Requests) -> None:
    people.say("CAL", Verdict.APPROVE)
    end_overdue(people, 2)
    reminded = {one.rpartition(":")[2] for one in copies(people) if ":reminder-" in one}
    assert reminded == {"U0DOT", "U0EVE"}


def test_the_record_names_those_who_were_reminded_and_nobody_else(people: Requests) -> None:
    """A direct message goes to some of very many; the record claims no more."""
    request = people.newest()
    assert request is not None
    many = (*request.roster, *(Person(WORKSPACE, f"U1{number:03}") for number in range(MOST_TOLD)))
    people.do(people.ports.ledger.run(lambda tx: tx.keep_request(replace(request, roster=many))))
    end_overdue(people, 2)
    reminded = {one.rpartition(":")[2] for one in copies(people) if ":reminder-" in one}
    rows = people.do(people.ports.ledger.read(lambda r: r.audit_entries(WORKSPACE, limit=99)))
    (row,) = (one for one in rows if one.tag is AuditTag.REQUEST_REMINDED)
    named = row.details["reminded"]
    assert isinstance(named, list)
    assert {Person.parse(str(one)).user for one in named} == reminded
    assert len(named) == MOST_TOLD


def test_reminders_go_on_until_it_ends(people: Requests) -> None:
    for _ in range(3):
        end_overdue(people, 2)
    assert told(people, AuditTag.REQUEST_REMINDED) == 3
    end_overdue(people, 2)
    assert told(people, AuditTag.REQUEST_REMINDED) == 3
    assert people.state() is RequestState.EXPIRED


def test_a_click_after_its_time_decides_nothing_though_nobody_has_looked(people: Requests) -> None:
    people.clock.move(timedelta(hours=9))
    people.say("CAL", Verdict.APPROVE)
    assert people.state() is RequestState.EXPIRED


def test_a_request_that_nobody_planned_to_its_end_hinders_nobody(people: Requests) -> None:
    """Its job ended in a way that told nobody, as where the asker lost the role meanwhile."""
    waiting = people.newest()
    assert waiting is not None
    stuck = replace(waiting, state=RequestState.PLANNING)
    people.do(people.ports.ledger.run(lambda tx: tx.keep_request(stuck)))
    people.seen.clear()
    people.ask_to_enable(name="BEN", approvals=1)
    newest = people.newest()
    assert newest is not None
    assert (newest.asked_by.user, newest.state) == ("U0BEN", RequestState.PENDING)


def test_a_question_back_leaves_no_trace_on_the_card(people: Requests) -> None:
    people.go_on("EVE", "alone it burns")
    people.clock.move(timedelta(hours=9))
    people.do(ending.end_overdue(people.ports))
    request = people.newest()
    assert request is not None
    assert (request.state, request.said) == (RequestState.EXPIRED, "")
