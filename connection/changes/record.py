"""What is remembered of a request, and how every copy of its card is kept true."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from connection.asks import Audience, Place, Showing, What
from connection.audit import AuditTag
from connection.changes.request import Request
from connection.people import Person
from connection.ports import Reading, Transaction

MOST_TOLD = 20
"""So many approvers get a direct message; the card in the channel is for all."""


def keep(tx: Transaction, request: Request, now: datetime, *, final: bool = True) -> Request:
    """As it is now; every copy of its card is drawn anew. `final` is false for live progress."""
    kept = replace(request, changed_at=now)
    tx.keep_request(kept)
    tx.touch(What.REQUEST, request.id, final=final)
    if final and (request.reminders or request.alone):
        for person in request.roster:
            tx.touch(What.NOTE, f"{request.id}:{person.user}", final=True)
    return kept


def record(
    tx: Transaction,
    request: Request,
    tag: AuditTag,
    actor: Person,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> None:
    """A row of the record, with the request's number and what it is for."""
    tx.record(
        at=now,
        workspace=request.workspace,
        actor=actor,
        tag=tag,
        connection=request.connection_id,
        details={
            "connection": request.name,
            "request": request.title,
            "act": request.plan.act.value,
            **(details or {}),
        },
    )


def show_in_channel(tx: Transaction, request: Request, now: datetime) -> None:
    """The card, where it was asked for."""
    tx.show(
        _card(request, f"{request.id}:card", Audience.CHANNEL, request.asked_by, request.place, now)
    )


def show_to(tx: Transaction, request: Request, person: Person, why: str, now: datetime) -> None:
    """A copy in somebody's direct messages. `why` keeps copies apart."""
    place = replace(request.place, channel="", response_url="")
    name = card_id(request.id, why, person.user)
    tx.show(_card(request, name, Audience.DIRECT, person, place, now))


def note_to(tx: Transaction, request: Request, person: Person, why: str, now: datetime) -> None:
    """In the thread of the card that they got when it was asked, which a copy of it would only
    repeat; to whom got none, the card."""
    if tx.showing(card_id(request.id, "asked", person.user)) is None:
        show_to(tx, request, person, why, now)
        return
    place = replace(request.place, channel="", response_url="")
    name = card_id(request.id, why, person.user)
    note = _card(request, name, Audience.DIRECT, person, place, now)
    tx.show(replace(note, what=What.NOTE, subject=f"{request.id}:{person.user}"))


def card_id(request_id: str, why: str, user: str) -> str:
    """Of the copy in somebody's direct messages."""
    return f"{request_id}:{why}:{user}"


def below(reading: Reading, showing: Showing) -> Showing:
    """With the message in whose thread it stands, once that is posted."""
    if showing.what is not What.NOTE:
        return showing
    request_id, _, user = showing.subject.rpartition(":")
    card = reading.showing(card_id(request_id, "asked", user))
    return replace(showing, below=card.ts) if card else showing


def _card(
    request: Request,
    name: str,
    audience: Audience,
    person: Person,
    place: Place,
    now: datetime,
) -> Showing:
    return Showing(
        id=name,
        workspace=request.workspace,
        what=What.REQUEST,
        subject=request.id,
        audience=audience,
        person=person,
        place=place,
        created_at=now,
    )
