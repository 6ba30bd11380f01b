"""Requests for changes, what people decided about them, and the policies.

A request is kept whole, as JSON; what is searched for stands in columns of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, func, insert, select

from connection.changes.request import Decision, Policy, Request, RequestState, Verdict
from connection.people import Person
from storage.request_tables import decisions, policies, requests
from storage.upserting import insert_or_replace

_KEEP = insert_or_replace(requests, "id")
_BODY = select(requests.c.body)
_OF_WORKSPACE = requests.c.workspace == bindparam("in_workspace")
_BY_ID = _BODY.where(requests.c.id == bindparam("which"))
_NUMBERED = _BODY.where(_OF_WORKSPACE, requests.c.number == bindparam("named"))
_OPEN = _BODY.where(requests.c.connection_id == bindparam("of"), requests.c.is_open == 1)
_NEWEST = _BODY.where(_OF_WORKSPACE).order_by(requests.c.number.desc()).limit(bindparam("most"))
_DUE = _BODY.where(requests.c.due_at <= bindparam("by")).order_by(requests.c.due_at)
_LAST = select(func.max(requests.c.number)).where(_OF_WORKSPACE)
_ADD = insert(decisions)
_DECIDED = (
    select(decisions)
    .where(decisions.c.request_id == bindparam("which"))
    .order_by(decisions.c.at, decisions.c.user_id)
)
_SAID = select(decisions.c.at).where(
    decisions.c.request_id == bindparam("which"),
    decisions.c.user_id == bindparam("who"),
    decisions.c.verdict == bindparam("what"),
)
_KEEP_POLICY = insert_or_replace(policies, "connection_id")
_POLICY = select(policies.c.body).where(policies.c.connection_id == bindparam("of"))


def keep(connection: Connection, one: Request) -> None:
    """Insert or replace."""
    values = {
        "id": one.id,
        "workspace": one.workspace,
        "number": one.number,
        "connection_id": one.connection_id,
        "state": one.state.value,
        "is_open": int(one.is_open),
        "due_at": _due_at(one),
        "body": msgspec.json.encode(one).decode(),
    }
    connection.execute(_KEEP, values)


def _due_at(one: Request) -> datetime | None:
    if one.state is not RequestState.PENDING:
        return None
    return min(one.ends_at, one.remind_at) if one.remind_at else one.ends_at


def by_id(connection: Connection, request_id: str) -> Request | None:
    """In whatever state."""
    return _request(connection.scalar(_BY_ID, {"which": request_id}))


def numbered(connection: Connection, workspace: str, number: int) -> Request | None:
    """By what people type behind R."""
    return _request(connection.scalar(_NUMBERED, {"in_workspace": workspace, "named": number}))


def open_one(connection: Connection, connection_id: str) -> Request | None:
    """There is one at most."""
    return _request(connection.scalar(_OPEN, {"of": connection_id}))


def newest(connection: Connection, workspace: str, limit: int) -> Sequence[Request]:
    """By number, downwards."""
    found = connection.scalars(_NEWEST, {"in_workspace": workspace, "most": limit})
    return [msgspec.json.decode(body, type=Request) for body in found]


def due(connection: Connection, now: datetime) -> Sequence[Request]:
    """Pending ones whose time has come, for a reminder or for their end."""
    found = connection.scalars(_DUE, {"by": now})
    return [msgspec.json.decode(body, type=Request) for body in found]


def next_number(connection: Connection, workspace: str) -> int:
    """Requests are never deleted, so no number comes twice."""
    last: int | None = connection.scalar(_LAST, {"in_workspace": workspace})
    return (last or 0) + 1


def add_decision(connection: Connection, one: Decision) -> bool:
    """False if the person said so before."""
    said = {"which": one.request_id, "who": one.person.user, "what": one.verdict.value}
    if connection.execute(_SAID, said).first() is not None:
        return False
    values = {
        "request_id": one.request_id,
        "user_id": one.person.user,
        "verdict": one.verdict.value,
        "organisation": one.person.organisation,
        "at": one.at,
        "reason": one.reason,
    }
    connection.execute(_ADD, values)
    return True


def decided(connection: Connection, request_id: str) -> Sequence[Decision]:
    """The oldest first."""
    return [_decision(row) for row in connection.execute(_DECIDED, {"which": request_id})]


def policy(connection: Connection, connection_id: str) -> Policy:
    """The default one where none was set."""
    body = connection.scalar(_POLICY, {"of": connection_id})
    return msgspec.json.decode(body, type=Policy) if body else Policy()


def keep_policy(connection: Connection, connection_id: str, wanted: Policy) -> None:
    """Insert or replace."""
    body = msgspec.json.encode(wanted).decode()
    connection.execute(_KEEP_POLICY, {"connection_id": connection_id, "body": body})


def _request(body: str | None) -> Request | None:
    return msgspec.json.decode(body, type=Request) if body else None


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        request_id=row.request_id,
        person=Person(row.organisation, row.user_id),
        verdict=Verdict(row.verdict),
        at=row.at,
        reason=row.reason,
    )
