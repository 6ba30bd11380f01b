"""The audit as text for other programs: JSON lines that can be verified, or CSV for a table."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, Text, select, type_coerce

from connection.errors import Mistake, NotReady
from connection.spreadsheets import csv_lines
from storage.engine import reader_engine
from storage.migrating import is_current
from storage.tables import audit

COLUMNS = tuple(column.name for column in audit.columns)


def export(
    url: str,
    fmt: str,
    since: datetime | None = None,
    *,
    workspace: str | None = None,
    connection: str | None = None,
) -> Iterator[str]:
    """Lines with their line ends, oldest first, as `jsonl` or `csv`. `connection` is a name.

    A JSON line's hash is HMAC-SHA256 with the audit key over the list `[previous, n, at,
    workspace, actor, tag, connection, details]`, as JSON in ASCII, without spaces, keys sorted.
    """
    if fmt not in _LINES:
        raise Mistake(f"{fmt} is not a format.", f"Formats: {', '.join(_LINES)}.")
    if not is_current(url):
        raise NotReady("There is no database of this version to export.", "Run d365bot migrate.")
    return _export(reader_engine(url), fmt, _query(since, workspace, connection))


def _export(engine: Engine, fmt: str, query: Select[Any]) -> Iterator[str]:
    if fmt == "csv":
        yield _csv_line(COLUMNS)
    try:
        with (
            engine.connect().execution_options(yield_per=1000) as database,
            database.execute(query) as rows,
        ):
            for row in rows:
                yield _LINES[fmt](tuple(row))
    finally:
        engine.dispose()


def _query(since: datetime | None, workspace: str | None, connection: str | None) -> Select[Any]:
    columns = [type_coerce(c, Text).label(c.name) if c is audit.c.at else c for c in audit.columns]
    query: Select[Any] = select(*columns).order_by(audit.c.n)
    if since is not None:
        query = query.where(audit.c.at >= since)
    if workspace is not None:
        query = query.where(audit.c.workspace == workspace)
    if connection is not None:
        query = query.where(audit.c.connection == connection)
    return query


def _json_line(row: Sequence[Any]) -> str:
    values = dict(zip(COLUMNS, row, strict=True))
    values["details"] = json.loads(values["details"])
    return json.dumps(values) + "\n"


def _csv_line(row: Sequence[Any]) -> str:
    return csv_lines([row])


_LINES: Mapping[str, Callable[[Sequence[Any]], str]] = {"jsonl": _json_line, "csv": _csv_line}
