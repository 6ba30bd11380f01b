"""Inserts that meet an existing row: the one place that is written for a dialect."""

from collections.abc import Iterable

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import Insert, insert


def insert_or_ignore(table: Table, *key: str) -> Insert:
    """Insert, or do nothing if a row with this key stands there; `rowcount` tells which."""
    return insert(table).on_conflict_do_nothing(index_elements=key)


def insert_or_replace(table: Table, *key: str) -> Insert:
    """Insert, or overwrite every other column of the row with this key."""
    statement = insert(table)
    others = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


def insert_or_set(
    table: Table, *key: str, columns: Iterable[str], older: str | None = None
) -> Insert:
    """Insert, or overwrite these columns; with `older` only where that column is not newer."""
    statement = insert(table)
    new = {name: statement.excluded[name] for name in columns}
    where = None
    if older is not None:
        where = table.c[older].is_(None) | (table.c[older] <= statement.excluded[older])
    return statement.on_conflict_do_update(index_elements=key, set_=new, where=where)
