"""Inserts that meet an existing row.

SQLAlchemy's construct of PostgreSQL is what SQLite takes word for word as well.
"""

from typing import Any

from sqlalchemy import Table, bindparam, case
from sqlalchemy.dialects.postgresql import Insert, insert


def insert_or_ignore(table: Table, *key: str) -> Insert:
    """Insert, or do nothing if a row with this key stands there; `rowcount` tells which."""
    statement = insert(table).on_conflict_do_nothing(index_elements=key)
    return statement.execution_options(preserve_rowcount=True)


def insert_or_replace(table: Table, *key: str) -> Insert:
    """Insert, or overwrite every other column of the row with this key."""
    statement = insert(table)
    others = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


def insert_or_renew(table: Table, *key: str) -> Insert:
    """Insert what was read at `read_at`, or overwrite what was read earlier; `changed_at` stays,
    and what was read before that is not taken.

    It takes `too_late` besides the columns, a moment after `read_at` that no
    clock can have told by right: what stands there from later than that is overwritten too.
    """
    statement = insert(table)
    new: dict[str, Any] = {
        c.name: statement.excluded[c.name]
        for c in table.columns
        if c.name not in (*key, "changed_at")
    }
    late = bindparam("too_late", type_=table.c.read_at.type)
    new["changed_at"] = case((table.c.changed_at > late, None), else_=table.c.changed_at)
    earlier = (
        table.c.read_at.is_(None)
        | (table.c.read_at <= statement.excluded.read_at)
        | (table.c.read_at > late)
    )
    since = (
        table.c.changed_at.is_(None)
        | (table.c.changed_at < statement.excluded.read_at)
        | (table.c.changed_at > late)
    )
    return statement.on_conflict_do_update(index_elements=key, set_=new, where=earlier & since)
