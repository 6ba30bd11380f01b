"""Reading the audit rows for people; `storage.audit_chain` writes them."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from connection.audit import AuditEntry, AuditTag
from storage.tables import audit


def newest(
    connection: Connection, workspace: str, limit: int, named: str | None
) -> Sequence[AuditEntry]:
    """Newest first; of one connection's name if given."""
    return [_entry(row) for row in connection.execute(rows_of(workspace, named).limit(limit))]


def acts_since(
    connection: Connection, workspace: str, tag: AuditTag, since: datetime
) -> Sequence[AuditEntry]:
    """Rows of one tag, newest first."""
    query = rows_of(workspace, None).where(audit.c.tag == tag.value, audit.c.at >= since)
    return [_entry(row) for row in connection.execute(query)]


def rows_of(workspace: str, named: str | None) -> Select[Any]:
    """Every row of a workspace, newest first."""
    query: Select[Any] = select(audit).where(audit.c.workspace == workspace)
    if named is not None:
        query = query.where(audit.c.connection == named)
    return query.order_by(audit.c.n.desc())


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        n=row.n,
        at=row.at,
        workspace=row.workspace,
        actor=row.actor,
        tag=AuditTag(row.tag),
        connection=row.connection,
        details=json.loads(row.details),
        previous=row.previous,
        hash=row.hash,
    )
