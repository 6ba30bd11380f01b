"""Roles that wait for a second admin, and what became of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from connection.access_requests import AccessRequest, AccessState
from connection.asks import Place
from connection.people import Grant, Person, Role
from storage.rows.grants import holder_columns, holder_of
from storage.tables import access_requests
from storage.upserting import insert_or_replace

_KEEP = insert_or_replace(access_requests, "id")
_BY_ID = select(access_requests).where(access_requests.c.id == bindparam("which"))
_WAITING = (
    select(access_requests)
    .where(
        access_requests.c.workspace == bindparam("in_workspace"),
        access_requests.c.state == AccessState.WAITING.value,
    )
    .order_by(access_requests.c.number)
)
_WORKSPACES = (
    select(access_requests.c.workspace)
    .where(access_requests.c.state == AccessState.WAITING.value)
    .distinct()
)
_LAST = select(func.max(access_requests.c.number)).where(
    access_requests.c.workspace == bindparam("in_workspace")
)


def keep(connection: Connection, one: AccessRequest) -> None:
    """Insert or replace."""
    organisation, holder = holder_columns(one.grant.holder)
    values = {
        "id": one.id,
        "workspace": one.grant.workspace,
        "number": one.number,
        "holder_organisation": organisation,
        "holder": holder,
        "role": one.grant.role.value,
        "connection_id": one.grant.connection_id,
        "organisation": one.asked_by.organisation,
        "user_id": one.asked_by.user,
        "channel": one.place.channel,
        "response_url": one.place.response_url,
        "state": one.state.value,
        "asked_at": one.asked_at,
        "ends_at": one.ends_at,
        "decided_by": one.decided_by,
    }
    connection.execute(_KEEP, values)


def by_id(connection: Connection, request_id: str) -> AccessRequest | None:
    """In whatever state."""
    row = connection.execute(_BY_ID, {"which": request_id}).first()
    return _request(row) if row else None


def waiting(connection: Connection, workspace: str) -> Sequence[AccessRequest]:
    """Oldest first."""
    return [_request(row) for row in connection.execute(_WAITING, {"in_workspace": workspace})]


def workspaces(connection: Connection) -> Sequence[str]:
    """Where some wait."""
    return list(connection.scalars(_WORKSPACES))


def next_number(connection: Connection, workspace: str) -> int:
    """Counted within a workspace."""
    last: int | None = connection.scalar(_LAST, {"in_workspace": workspace})
    return (last or 0) + 1


def _request(row: Row[Any]) -> AccessRequest:
    return AccessRequest(
        id=row.id,
        number=row.number,
        grant=Grant(
            workspace=row.workspace,
            holder=holder_of(row.holder_organisation, row.holder),
            role=Role(row.role),
            connection_id=row.connection_id,
        ),
        asked_by=Person(row.organisation, row.user_id),
        place=Place(row.channel, row.response_url),
        state=AccessState(row.state),
        asked_at=row.asked_at,
        ends_at=row.ends_at,
        decided_by=row.decided_by,
    )
