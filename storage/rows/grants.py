"""Roles given to people, user groups and channels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from connection.people import Circle, Grant, Person, Role
from storage.tables import grants
from storage.upserting import insert_or_ignore

_KEY = ("workspace", "organisation", "holder", "role", "connection_id")
_GRANT = insert_or_ignore(grants, *_KEY)
_REVOKE = delete(grants).where(*(grants.c[name] == bindparam(f"the_{name}") for name in _KEY))
_ALL = (
    select(grants)
    .where(grants.c.workspace == bindparam("in_workspace"))
    .order_by(grants.c.granted_at, *(grants.c[name] for name in _KEY))
)
_OF_USER = _ALL.where((grants.c.holder == bindparam("user")) | (grants.c.organisation == ""))
_CIRCLES = select(grants.c.workspace, grants.c.holder).where(grants.c.organisation == "").distinct()


def grant(connection: Connection, given: Grant, by: Person, at: datetime) -> bool:
    """False if it was there already."""
    values = _key(given) | {"granted_by": str(by), "granted_at": at}
    return connection.execute(_GRANT, values).rowcount == 1


def revoke(connection: Connection, taken: Grant) -> bool:
    """False if there was none."""
    values = {f"the_{name}": value for name, value in _key(taken).items()}
    return connection.execute(_REVOKE, values).rowcount == 1


def of_workspace(connection: Connection, workspace: str) -> Sequence[Grant]:
    """Oldest first."""
    return [_grant(row) for row in connection.execute(_ALL, {"in_workspace": workspace})]


def of_user(connection: Connection, workspace: str, user: str) -> Sequence[Grant]:
    """Those to the user id, and to every group and channel."""
    values = {"in_workspace": workspace, "user": user}
    return [_grant(row) for row in connection.execute(_OF_USER, values)]


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        workspace=row.workspace,
        holder=holder_of(row.organisation, row.holder),
        role=Role(row.role),
        connection_id=row.connection_id,
    )


def circles(connection: Connection) -> Sequence[tuple[str, Circle]]:
    """Workspace and group or channel."""
    return [(row.workspace, Circle(row.holder)) for row in connection.execute(_CIRCLES)]


def holder_of(organisation: str, holder: str) -> Person | Circle:
    """A circle has no organisation."""
    return Person(organisation, holder) if organisation else Circle(holder)


def holder_columns(holder: Person | Circle) -> tuple[str, str]:
    """Organisation and id."""
    if isinstance(holder, Circle):
        return "", holder.id
    return holder.organisation, holder.user


def _key(grant: Grant) -> dict[str, object]:
    organisation, holder = holder_columns(grant.holder)
    return {
        "workspace": grant.workspace,
        "organisation": organisation,
        "holder": holder,
        "role": grant.role.value,
        "connection_id": grant.connection_id,
    }
