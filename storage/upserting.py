"""Inserts that meet an existing row: the one place that is written for a dialect."""

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
