"""Connections: their names, the default one, and their state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from connection.connection import Connection, Health, Observed, Run, Wanted
from connection.errors import Mistake
from storage.tables import connections

_ONE = connections.c.id == bindparam("which")
_OF_WORKSPACE = connections.c.workspace == bindparam("in_workspace")

_CREATE = insert(connections)
_BY_ID = select(connections).where(_ONE)
_BY_NAME = select(connections).where(_OF_WORKSPACE, connections.c.name == bindparam("named"))
_ALL = select(connections).where(_OF_WORKSPACE).order_by(connections.c.name)
_WORKSPACES = select(connections.c.workspace).distinct().order_by(connections.c.workspace)
_NO_DEFAULT = (
    update(connections).where(_OF_WORKSPACE, connections.c.is_default == 1).values(is_default=0)
)
_DEFAULT = update(connections).where(_OF_WORKSPACE, _ONE).values(is_default=1)
_HEALTH = update(connections).where(_ONE).values(health=bindparam("seen"))
_OBSERVED = (
    update(connections)
    .where(_ONE, connections.c.observed != bindparam("seen"))
    .values(observed=bindparam("seen"), observed_at=bindparam("seen_at"))
)
_REASON = update(connections).where(_ONE).values(disable_reason=bindparam("reason"))
_WANTED = update(connections).where(_ONE).values(wanted=bindparam("chosen"))
_RUN = update(connections).where(_ONE).values(run=bindparam("under_way"))
_RENAME = update(connections).where(_ONE).values(name=bindparam("new_name"))


def create(database: Database, connection: Connection) -> None:
    """Raises `Mistake` if the name is taken in its workspace."""
    values = {
        "id": connection.id,
        "workspace": connection.workspace,
        "name": connection.name,
        "is_default": int(connection.is_default),
        "wanted": connection.wanted.value,
        "observed": connection.observed.value,
        "observed_at": connection.observed_at,
        "run": connection.run.value,
        "health": connection.health.value,
        "disable_reason": connection.disable_reason,
        "created_at": connection.created_at,
    }
    if named(database, connection.workspace, connection.name):
        raise _taken(connection.name)
    database.execute(_CREATE, values)


def rename(database: Database, connection_id: str, name: str) -> None:
    """Raises `Mistake` if the name is taken in its workspace."""
    try:
        database.execute(_RENAME, {"which": connection_id, "new_name": name})
    except IntegrityError as error:
        raise _taken(name) from error


def make_default(database: Database, workspace: str, connection_id: str) -> None:
    """The only default one of its workspace. Raises `LookupError` for an unknown one."""
    database.execute(_NO_DEFAULT, {"in_workspace": workspace})
    changed = database.execute(_DEFAULT, {"in_workspace": workspace, "which": connection_id})
    if changed.rowcount != 1:
        raise LookupError(f"no connection {connection_id} in this workspace")


def set_health(database: Database, connection_id: str, health: Health) -> None:
    """What the last finished test came to."""
    database.execute(_HEALTH, {"which": connection_id, "seen": health.value})


def set_observed(
    database: Database,
    connection_id: str,
    observed: Observed,
    at: datetime,
    disable_reason: str | None,
) -> None:
    """Since when changes only with what is seen; None leaves the reason, '' clears it."""
    database.execute(_OBSERVED, {"which": connection_id, "seen": observed.value, "seen_at": at})
    if disable_reason is not None:
        database.execute(_REASON, {"which": connection_id, "reason": disable_reason})


def set_wanted(database: Database, connection_id: str, wanted: Wanted) -> None:
    """What was decided."""
    database.execute(_WANTED, {"which": connection_id, "chosen": wanted.value})


def set_run(database: Database, connection_id: str, run: Run) -> None:
    """Whether a change is under way."""
    database.execute(_RUN, {"which": connection_id, "under_way": run.value})


def named(database: Database, workspace: str, name: str) -> Connection | None:
    """By name."""
    row = database.execute(_BY_NAME, {"in_workspace": workspace, "named": name}).first()
    return _connection(row) if row else None


def by_id(database: Database, connection_id: str) -> Connection | None:
    """By id."""
    row = database.execute(_BY_ID, {"which": connection_id}).first()
    return _connection(row) if row else None


def of_workspace(database: Database, workspace: str) -> Sequence[Connection]:
    """Ordered by name."""
    return [_connection(row) for row in database.execute(_ALL, {"in_workspace": workspace})]


def workspaces(database: Database) -> Sequence[str]:
    """Every workspace that has a connection."""
    return list(database.scalars(_WORKSPACES))


def _taken(name: str) -> Mistake:
    return Mistake(f"There is a connection {name} already.", "Choose another name.")


def _connection(row: Row[Any]) -> Connection:
    return Connection(
        id=row.id,
        workspace=row.workspace,
        name=row.name,
        is_default=bool(row.is_default),
        wanted=Wanted(row.wanted),
        observed=Observed(row.observed),
        observed_at=row.observed_at,
        run=Run(row.run),
        health=Health(row.health),
        disable_reason=row.disable_reason,
        created_at=row.created_at,
    )
