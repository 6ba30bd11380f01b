"""Secrets on their way: rows without the secret itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from connection.asks import Place
from connection.handover import WAITING, Handover, HandoverState
from connection.identities import SecretOrigin
from connection.people import Person
from storage.tables import handovers
from storage.upserting import insert_or_replace

_WAITS = handovers.c.state.in_([state.value for state in WAITING])

_KEEP = insert_or_replace(handovers, "id")
_BY_ID = select(handovers).where(handovers.c.id == bindparam("which"))
_WAITING = (
    select(handovers)
    .where(handovers.c.connection_id == bindparam("which"), _WAITS)
    .order_by(handovers.c.created_at.desc())
)
_OVERDUE = select(handovers).where(_WAITS, handovers.c.ends_at <= bindparam("at"))


def keep(connection: Connection, one: Handover) -> None:
    """Insert or replace."""
    values = {
        "id": one.id,
        "workspace": one.workspace,
        "connection_id": one.connection_id,
        "field": one.field,
        "host": one.origin.host,
        "tenant": one.origin.tenant,
        "kind": one.origin.kind,
        "login": one.origin.login,
        "organisation": one.person.organisation,
        "user_id": one.person.user,
        "channel": one.place.channel,
        "response_url": one.place.response_url,
        "state": one.state.value,
        "created_at": one.created_at,
        "ends_at": one.ends_at,
        "secret_id": one.secret_id,
        "in_memory": int(one.in_memory),
        "fingerprint_end": one.fingerprint_end,
        "secret_expires_at": one.secret_expires_at,
    }
    connection.execute(_KEEP, values)


def by_id(connection: Connection, handover_id: str) -> Handover | None:
    """In whatever state."""
    row = connection.execute(_BY_ID, {"which": handover_id}).first()
    return _handover(row) if row else None


def waiting(connection: Connection, connection_id: str) -> Sequence[Handover]:
    """Those that nothing has come of yet, newest first."""
    return [_handover(row) for row in connection.execute(_WAITING, {"which": connection_id})]


def overdue(connection: Connection, at: datetime) -> Sequence[Handover]:
    """Those that waited for too long."""
    return [_handover(row) for row in connection.execute(_OVERDUE, {"at": at})]


def _handover(row: Row[Any]) -> Handover:
    return Handover(
        id=row.id,
        workspace=row.workspace,
        connection_id=row.connection_id,
        field=row.field,
        origin=SecretOrigin(row.host, row.tenant, row.kind, row.login),
        person=Person(row.organisation, row.user_id),
        place=Place(row.channel, row.response_url),
        state=HandoverState(row.state),
        created_at=row.created_at,
        ends_at=row.ends_at,
        secret_id=row.secret_id,
        in_memory=bool(row.in_memory),
        fingerprint_end=row.fingerprint_end,
        secret_expires_at=row.secret_expires_at,
    )
