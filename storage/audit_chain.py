"""The audit chain: each row's hash covers the row and the hash of the row before it.

hash = HMAC-SHA256(audit key, `[previous, n, at, workspace, actor, tag, connection, details]`) in
hex, where the list is JSON in ASCII without spaces and with sorted keys.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from connection.audit import AuditEntry, AuditTag, ChainHead
from storage.tables import audit
from storage.times import utc_text

_JSON = json.JSONEncoder(allow_nan=False, sort_keys=True, separators=(",", ":"))
_HEAD = select(audit.c.n, audit.c.hash).order_by(audit.c.n.desc()).limit(1)
_APPEND = insert(audit)


def canonical(value: object) -> str:
    """The one JSON text of a value. Raises `ValueError` or `TypeError` for what JSON lacks."""
    return _JSON.encode(value)


def row_hash(
    key: bytes,
    previous: str,
    n: int,
    at: str,
    workspace: str,
    actor: str,
    tag: str,
    connection: str,
    details: str,
) -> str:
    """`details` is its canonical text, so a stored row is checked byte by byte."""
    start = canonical([previous, n, at, workspace, actor, tag, connection])[:-1]
    covered = f"{start},{details}]".encode()
    return hmac.digest(key, covered, "sha256").hex()


def read_head(connection: Connection) -> ChainHead:
    """The newest row in the table."""
    row = connection.execute(_HEAD).first()
    return ChainHead(row.n, row.hash) if row else ChainHead(0, "")


def has_row(connection: Connection, head: ChainHead) -> bool:
    """Whether the chain in the table goes through this row."""
    found = connection.scalar(select(audit.c.hash).where(audit.c.n == head.n))
    return bool(found == head.hash) or head.n == 0


def _refuse_unstorable(told: str) -> None:
    """What no table takes fails here, alone, and not with everybody else's rows."""
    told.encode()
    if "\0" in told:
        raise ValueError("text with a zero in it cannot be stored")


class ChainWriter:
    """Appends in one transaction that holds the write lock.

    Rows wait in memory and are inserted together by `flush`, before anything reads the table and
    before the commit. `mark` and `back_to` go along with savepoints.
    """

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key
        self._first: ChainHead | None = None
        self._rows: list[dict[str, Any]] = []
        self._flushed = 0

    @property
    def appended(self) -> bool:
        """Whether the head has moved."""
        return bool(self._rows)

    @property
    def head(self) -> ChainHead:
        """The newest row, written or waiting."""
        if self._rows:
            return ChainHead(self._rows[-1]["n"], self._rows[-1]["hash"])
        if self._first is None:
            self._first = read_head(self._connection)
        return self._first

    def append(
        self,
        at: datetime,
        workspace: str,
        actor: str,
        tag: AuditTag,
        connection: str,
        details: Mapping[str, object],
    ) -> AuditEntry:
        """Add one row after the head."""
        _refuse_unstorable(workspace + actor + connection)
        head, told = self.head, canonical(dict(details))
        n, previous = head.n + 1, head.hash
        when = utc_text(at)
        mac = row_hash(self._key, previous, n, when, workspace, actor, tag.value, connection, told)
        row = {"n": n, "at": at, "workspace": workspace, "actor": actor, "tag": tag.value}
        row |= {"connection": connection, "details": told, "previous": previous, "hash": mac}
        self._rows.append(row)
        return AuditEntry(n, at, workspace, actor, tag, connection, details, previous, mac)

    def flush(self) -> None:
        """Insert what waits."""
        if waiting := self._rows[self._flushed :]:
            self._connection.execute(_APPEND, waiting)
            self._flushed = len(self._rows)

    def mark(self) -> tuple[int, int]:
        """Taken with a savepoint."""
        return len(self._rows), self._flushed

    def back_to(self, mark: tuple[int, int]) -> None:
        """The savepoint was rolled back; rows from before it that it had inserted wait again."""
        kept, self._flushed = mark
        del self._rows[kept:]
