"""Inbox and answers: what was asked, and what was said to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from connection.asks import About, Answer, Ask, Place, Tone
from connection.people import BOTS, Person
from storage.tables import answers, inbox
from storage.upserting import insert_or_ignore, insert_or_replace

_ACCEPT = insert_or_ignore(inbox, "workspace", "dedupe_key")
_TURN = func.row_number().over(
    partition_by=(inbox.c.workspace, inbox.c.organisation, inbox.c.user_id),
    order_by=(inbox.c.received_at, inbox.c.id),
)
_PAGE = (
    select(inbox.c.id, _TURN.label("turn"))
    .where(inbox.c.finished_at.is_(None), inbox.c.held == 0)
    .order_by("turn", inbox.c.received_at, inbox.c.id)
    .limit(bindparam("most"))
    .subquery()
)
_OPEN = (
    select(inbox)
    .join(_PAGE, _PAGE.c.id == inbox.c.id)
    .order_by(_PAGE.c.turn, inbox.c.received_at, inbox.c.id)
)
_RECENT = (
    select(inbox.c.workspace, inbox.c.user_id)
    .where(inbox.c.received_at >= bindparam("since"), inbox.c.organisation != BOTS)
    .distinct()
)
_BY_ID = select(inbox).where(inbox.c.id == bindparam("ask"))
_KNOWN = select(inbox.c.id).where(
    inbox.c.workspace == bindparam("place"), inbox.c.dedupe_key == bindparam("key")
)
_FINISH = (
    update(inbox)
    .where(inbox.c.id == bindparam("ask"), inbox.c.finished_at.is_(None))
    .values(finished_at=bindparam("at"))
)
_SETTLE = (
    update(inbox)
    .where(inbox.c.id == bindparam("ask"))
    .values(
        connection=bindparam("named"),
        rest=bindparam("words"),
        subject=bindparam("about"),
        unsettled="",
    )
)
_RELEASE = update(inbox).where(inbox.c.id == bindparam("ask")).values(held=0)
_RELEASE_ALL = update(inbox).where(inbox.c.held == 1, inbox.c.finished_at.is_(None)).values(held=0)
_ANSWER = select(answers).where(answers.c.ask_id == bindparam("ask"))
_KEEP_ANSWER = insert_or_replace(answers, "ask_id")


def accept(connection: Connection, ask: Ask, held: bool) -> bool:
    """False, and nothing inserted, if its `dedupe_key` was seen before."""
    values = {
        "id": ask.id,
        "workspace": ask.workspace,
        "organisation": ask.person.organisation,
        "user_id": ask.person.user,
        "act": ask.act,
        "channel": ask.place.channel,
        "response_url": ask.place.response_url,
        "received_at": ask.received_at,
        "dedupe_key": ask.dedupe_key,
        "connection": ask.connection,
        "rest": ask.rest,
        "subject": ask.subject,
        "unsettled": ask.unsettled.value if ask.unsettled else "",
        "held": int(held),
        "finished_at": None,
    }
    return connection.execute(_ACCEPT, values).rowcount == 1


def settle(connection: Connection, ask: Ask) -> None:
    """As it counts, now that it is known who asks."""
    values = {"ask": ask.id, "named": ask.connection, "words": ask.rest, "about": ask.subject}
    connection.execute(_SETTLE, values)


def was_asked(connection: Connection, workspace: str, dedupe_key: str) -> bool:
    """Accepted before."""
    values = {"place": workspace, "key": dedupe_key}
    return connection.scalar(_KNOWN, values) is not None


def release(connection: Connection, ask_id: str) -> None:
    """Dispatch it like any other."""
    connection.execute(_RELEASE, {"ask": ask_id})


def release_all(connection: Connection) -> None:
    """Nothing is held any more."""
    connection.execute(_RELEASE_ALL)


def finish(connection: Connection, ask_id: str, at: datetime) -> None:
    """The first time stays."""
    connection.execute(_FINISH, {"ask": ask_id, "at": at})


def ask(connection: Connection, ask_id: str) -> Ask | None:
    """By id."""
    row = connection.execute(_BY_ID, {"ask": ask_id}).first()
    return _ask(row) if row else None


def is_open(connection: Connection, ask_id: str) -> bool:
    """Accepted and not finished."""
    row = connection.execute(_BY_ID, {"ask": ask_id}).first()
    return row is not None and row.finished_at is None


def open_asks(connection: Connection, limit: int) -> Sequence[Ask]:
    """Neither finished nor held; everybody's oldest first, then their next."""
    return [_ask(row) for row in connection.execute(_OPEN, {"most": limit})]


def recent_people(connection: Connection, since: datetime) -> Sequence[tuple[str, str]]:
    """Workspace and user id."""
    return [(row.workspace, row.user_id) for row in connection.execute(_RECENT, {"since": since})]


def keep_answer(connection: Connection, ask_id: str, answer: Answer) -> None:
    """The last one stays."""
    said = {"message": _storable(answer.message), "hint": _storable(answer.hint)}
    connection.execute(_KEEP_ANSWER, {"ask_id": ask_id, "tone": answer.tone.value, **said})


def _storable(text: str) -> str:
    """Other systems' words are in it, and PostgreSQL has no U+0000 in a text."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def answer(connection: Connection, ask_id: str) -> Answer | None:
    """What was said to an ask."""
    row = connection.execute(_ANSWER, {"ask": ask_id}).first()
    return Answer(Tone(row.tone), row.message, row.hint) if row else None


def _ask(row: Row[Any]) -> Ask:
    return Ask(
        id=row.id,
        workspace=row.workspace,
        person=Person(row.organisation, row.user_id),
        act=row.act,
        place=Place(row.channel, row.response_url),
        received_at=row.received_at,
        dedupe_key=row.dedupe_key,
        connection=row.connection,
        rest=row.rest,
        subject=row.subject,
        unsettled=About(row.unsettled) if row.unsettled else None,
    )
