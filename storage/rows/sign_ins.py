"""Administrators' sign-ins: neither codes nor tokens."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from connection.asks import Place
from connection.people import Person
from connection.signing_in import OPEN, SignIn, SignInState
from storage.tables import sign_ins
from storage.upserting import insert_or_replace

_KEEP = insert_or_replace(sign_ins, "id")
_BY_ID = select(sign_ins).where(sign_ins.c.id == bindparam("which"))
_OPEN = (
    select(sign_ins)
    .where(sign_ins.c.state.in_([state.value for state in OPEN]))
    .order_by(sign_ins.c.started_at.desc())
)


def keep(connection: Connection, one: SignIn) -> None:
    """Insert or replace."""
    values = {
        "id": one.id,
        "workspace": one.workspace,
        "connection_id": one.connection_id,
        "organisation": one.person.organisation,
        "user_id": one.person.user,
        "channel": one.place.channel,
        "response_url": one.place.response_url,
        "state": one.state.value,
        "started_at": one.started_at,
        "ends_at": one.ends_at,
        "account": one.account,
        "detail": one.detail,
    }
    connection.execute(_KEEP, values)


def by_id(connection: Connection, sign_in_id: str) -> SignIn | None:
    """In whatever state."""
    row = connection.execute(_BY_ID, {"which": sign_in_id}).first()
    return _sign_in(row) if row else None


def still_open(connection: Connection) -> Sequence[SignIn]:
    """Those that wait or hold, newest first."""
    return [_sign_in(row) for row in connection.execute(_OPEN)]


def _sign_in(row: Row[Any]) -> SignIn:
    return SignIn(
        id=row.id,
        workspace=row.workspace,
        connection_id=row.connection_id,
        person=Person(row.organisation, row.user_id),
        place=Place(row.channel, row.response_url),
        state=SignInState(row.state),
        started_at=row.started_at,
        ends_at=row.ends_at,
        account=row.account,
        detail=row.detail,
    )
