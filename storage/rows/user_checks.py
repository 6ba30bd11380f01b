"""Checks of users: finished ones, running ones, the pages that were read, and the asker's list."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from connection.people import Person
from connection.users.check import SpooledPage, UserCheck, UserList
from connection.users.findings import Finding, Side
from connection.users.rule import Rule
from storage.upserting import insert_or_replace
from storage.user_tables import user_checks, user_lists, user_pages, user_progress

_KEEP_PROGRESS = insert_or_replace(user_progress, "id")
_DROP_PROGRESS = delete(user_progress).where(user_progress.c.id == bindparam("which"))
_PROGRESS = select(user_progress).where(user_progress.c.id == bindparam("which"))
_APPEND = insert(user_checks)
_FINISHED = select(user_checks).where(user_checks.c.id == bindparam("which"))
_LAST = (
    select(user_checks)
    .where(user_checks.c.connection_id == bindparam("which"))
    .order_by(user_checks.c.finished_at.desc(), user_checks.c.id.desc())
    .limit(1)
)
_KEEP_PAGE = insert_or_replace(user_pages, "check_id", "side", "number")
_PAGES = (
    select(user_pages)
    .where(user_pages.c.check_id == bindparam("which"), user_pages.c.side == bindparam("on"))
    .order_by(user_pages.c.number)
)
_DROP_PAGES = delete(user_pages).where(user_pages.c.check_id == bindparam("which"))
_DROP_SIDE = _DROP_PAGES.where(user_pages.c.side == bindparam("on"))
_KEEP_LIST = insert_or_replace(user_lists, "check_id")
_LIST = select(user_lists).where(user_lists.c.check_id == bindparam("which"))


def keep_progress(connection: Connection, check: UserCheck) -> None:
    """Insert or replace."""
    connection.execute(_KEEP_PROGRESS, _values(check))


def keep(connection: Connection, check: UserCheck) -> None:
    """Append a finished one, once, and drop its progress."""
    if connection.execute(_FINISHED, {"which": check.id}).first() is None:
        connection.execute(_APPEND, _values(check) | {"finished_at": check.finished_at})
    connection.execute(_DROP_PROGRESS, {"which": check.id})


def check(connection: Connection, check_id: str) -> UserCheck | None:
    """The finished one, or the progress of a running one."""
    row = (
        connection.execute(_FINISHED, {"which": check_id}).first()
        or connection.execute(_PROGRESS, {"which": check_id}).first()
    )
    return _check(row) if row else None


def last(connection: Connection, connection_id: str) -> UserCheck | None:
    """The newest finished one."""
    row = connection.execute(_LAST, {"which": connection_id}).first()
    return _check(row) if row else None


def keep_page(
    connection: Connection, check_id: str, side: Side, page: SpooledPage, at: datetime
) -> None:
    """Insert or replace."""
    values = {
        "check_id": check_id,
        "side": side.value,
        "number": page.number,
        "following": page.following,
        "packed": page.packed,
        "kept_at": at,
    }
    connection.execute(_KEEP_PAGE, values)


def pages(connection: Connection, check_id: str, side: Side) -> Sequence[SpooledPage]:
    """In the order in which they were read."""
    rows = connection.execute(_PAGES, {"which": check_id, "on": side.value})
    return [SpooledPage(row.number, row.following, row.packed) for row in rows]


def drop_pages(connection: Connection, check_id: str, side: Side | None) -> None:
    """Of one side, or of both."""
    if side is None:
        connection.execute(_DROP_PAGES, {"which": check_id})
    else:
        connection.execute(_DROP_SIDE, {"which": check_id, "on": side.value})


def keep_list(connection: Connection, found: UserList) -> None:
    """Insert or replace."""
    values = {
        "check_id": found.check_id,
        "names": json.dumps(found.names),
        "packed_file": found.packed_file,
        "kept_at": found.kept_at,
    }
    connection.execute(_KEEP_LIST, values)


def user_list(connection: Connection, check_id: str) -> UserList | None:
    """None once it is forgotten."""
    row = connection.execute(_LIST, {"which": check_id}).first()
    if row is None:
        return None
    names = {Finding(finding): some for finding, some in json.loads(row.names).items()}
    return UserList(row.check_id, names, row.packed_file, row.kept_at)


def _values(check: UserCheck) -> dict[str, object]:
    result = {
        "rule": check.rule,
        "read": check.read,
        "counts": check.counts,
        "rows": check.rows,
        "no_role": check.no_role,
        "failed": check.failed,
    }
    return {
        "id": check.id,
        "workspace": check.workspace,
        "connection_id": check.connection_id,
        "name": check.name,
        "revision": check.revision,
        "organisation": check.asked_by.organisation,
        "user_id": check.asked_by.user,
        "started_at": check.started_at,
        "result": json.dumps(result),
    }


def _check(row: Row[Any]) -> UserCheck:
    result = json.loads(row.result)
    return UserCheck(
        id=row.id,
        workspace=row.workspace,
        connection_id=row.connection_id,
        name=row.name,
        revision=row.revision,
        asked_by=Person(row.organisation, row.user_id),
        started_at=row.started_at,
        finished_at=row._mapping.get("finished_at"),
        rule=Rule(result["rule"]),
        read={Side(side): number for side, number in result["read"].items()},
        counts={Finding(finding): number for finding, number in result["counts"].items()},
        rows={Finding(finding): rows for finding, rows in result["rows"].items()},
        no_role=tuple(result["no_role"]),
        failed=result["failed"],
    )
