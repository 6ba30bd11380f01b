"""Checking the audit chain, row by row, against its key and against what is known of its head."""

import hmac
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from connection.audit import ChainHead
from connection.errors import ChainBroken, NotReady
from storage.address import database_file, is_file, place
from storage.audit_chain import row_hash
from storage.audit_key import read_audit_key
from storage.engine import reader_engine
from storage.head_file import HeadFile, parse_head
from storage.migrating import is_current

_ROWS = (
    "SELECT n, at, workspace, actor, tag, connection, details, previous, hash FROM audit ORDER BY n"
)

_Row = tuple[int, str, str, str, str, str, str, str, str]


def verify(url: str, key_dir: Path, expected: ChainHead | None = None) -> ChainHead:
    """The newest row, if every row is as it was written and none is missing.

    `expected` is a head that somebody wrote down; `audit.head` is held against the table as well.
    Raises `ChainBroken` with the first bad row, and `NotReady` without a database or key.
    """
    if not is_current(url):
        raise _no_database(url, HeadFile(key_dir).text())
    key = read_audit_key(key_dir)
    marks = [(expected, "the head you gave")] if expected else []
    marks += _written_down(key_dir)
    engine = reader_engine(url)
    try:
        with engine.begin() as connection, closing(_rows(connection)) as rows:
            return _walk(rows, key, dict(_by_number(marks)))
    finally:
        engine.dispose()


def _no_database(url: str, remembered: str) -> NotReady:
    """A database of which the head is known was there: a new one would hide that it is gone."""
    there = not is_file(url) or database_file(url).exists()
    what = (
        f"The database at {place(url)} is damaged, or belongs to another version of d365bot."
        if there
        else f"There is no database at {place(url)}."
    )
    if not remembered:
        return NotReady(what, "Run d365bot migrate.")
    row = remembered.partition(":")[0][:20]
    besides = ", or use the version that it belongs to" if there else ", or name the right folder"
    return NotReady(
        f"{what} But audit.head remembers its row {row}.", f"Put back a backup{besides}."
    )


def _written_down(key_dir: Path) -> list[tuple[ChainHead, str]]:
    text = HeadFile(key_dir).text()
    if not text:
        return []
    try:
        return [(parse_head(text), "audit.head")]
    except ValueError as error:
        raise ChainBroken(
            0, "audit.head was changed: it does not hold a row's number and hash.", _ASK
        ) from error


_ASK = "Compare with a backup, and find out who can write to the bot's folders."


def _by_number(marks: list[tuple[ChainHead, str]]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    for number in sorted({head.n for head, _ in marks}):
        yield number, [(head.hash, name) for head, name in marks if head.n == number]


def _walk(rows: Iterator[_Row], key: bytes, marks: dict[int, list[tuple[str, str]]]) -> ChainHead:
    head = ChainHead(0, "")
    for row in rows:
        n, *covered, previous, mac = row
        _check_place(head, n, previous)
        right = row_hash(key, previous, n, *covered)
        if not hmac.compare_digest(right.encode(), mac.encode()):
            raise ChainBroken(n, _changed(n), _ASK)
        head = ChainHead(n, mac)
        for wanted, name in marks.pop(n, []):
            if wanted != mac:
                raise ChainBroken(
                    n,
                    f"Row {n} is not the row that {name} remembers: the rows from somewhere "
                    "before it on were written anew, or this is an older copy that went on.",
                    _ASK,
                )
    _check_end(head, marks)
    return head


def _check_place(head: ChainHead, n: int, previous: str) -> None:
    missing = head.n + 1
    if n != missing:
        raise ChainBroken(missing, f"Row {missing} is missing.", _ASK)
    if previous != head.hash:
        raise ChainBroken(n, f"Row {n} does not follow the row before it.", _ASK)


def _check_end(head: ChainHead, marks: dict[int, list[tuple[str, str]]]) -> None:
    if head.n == 0:
        raise ChainBroken(1, "The audit is empty, but every database begins with rows.", _ASK)
    if marks:
        number = max(marks)
        raise ChainBroken(
            head.n + 1,
            f"The rows from {head.n + 1} on are missing: {marks[number][0][1]} remembers row "
            f"{number}. They were cut off, or this is an older copy of the database.",
            _ASK,
        )


def _changed(n: int) -> str:
    if n == 1:
        return "Row 1 was changed, or audit.key is not the key of this database."
    return f"Row {n} was changed: its hash does not fit its content."


def _rows(connection: Connection) -> Generator[_Row, None, None]:
    """Straight from the driver: there may be millions."""
    driver: Any = connection.connection.driver_connection
    named = {} if connection.dialect.name == "sqlite" else {"name": "audit"}  # else all at once
    last = 0
    try:
        with closing(driver.cursor(**named)) as cursor:
            cursor.execute(_ROWS)
            for row in cursor:
                yield row
                last = row[0]
    except connection.dialect.loaded_dbapi.DatabaseError as error:
        raise ChainBroken(last + 1, f"Row {last + 1} cannot be read: {error}.", _ASK) from error
