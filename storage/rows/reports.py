"""Finished test reports, each kept for good; the progress of running tests; and for a while what
the checks asked and were answered."""

import dataclasses
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select

from connection.exchanges import Exchange
from connection.identities import Identity
from connection.people import Person
from connection.report import CheckResult, Outcome, Report, Topic
from storage.tables import exchanges, progress, reports
from storage.upserting import insert_or_replace

_RESULT_FIELDS = tuple(attribute.name for attribute in dataclasses.fields(CheckResult))

_KEEP_PROGRESS = insert_or_replace(progress, "id")
_DROP_PROGRESS = delete(progress).where(progress.c.id == bindparam("which"))
_PROGRESS = select(progress).where(progress.c.id == bindparam("which"))
_KEEP_EXCHANGES = insert_or_replace(exchanges, "report_id", "check_id")
_EXCHANGES = select(exchanges).where(exchanges.c.report_id == bindparam("which"))
_APPEND = insert(reports)
_FINISHED = select(reports).where(reports.c.id == bindparam("which"))
_NEWEST = (
    select(reports)
    .where(reports.c.connection_id == bindparam("which"))
    .order_by(reports.c.finished_at.desc(), reports.c.id.desc())
    .limit(bindparam("most"))
)
_FAILED = '"outcome": "fail"'
"""As `json.dumps` writes it; inside of a text the quotation marks would be escaped."""
_WORKED = _NEWEST.where(
    reports.c.finished_at < bindparam("before"), ~reports.c.results.contains(_FAILED)
)
_COUNT = select(func.count()).where(reports.c.connection_id == bindparam("which"))


def keep_progress(connection: Connection, report: Report) -> None:
    """Insert or replace."""
    connection.execute(_KEEP_PROGRESS, _values(report))


def keep(connection: Connection, report: Report) -> None:
    """Append a finished one, once, and drop its progress."""
    if connection.execute(_FINISHED, {"which": report.id}).first() is None:
        connection.execute(_APPEND, _values(report) | {"finished_at": report.finished_at})
    connection.execute(_DROP_PROGRESS, {"which": report.id})


def report(connection: Connection, report_id: str) -> Report | None:
    """The finished one, or the progress of a running one."""
    row = (
        connection.execute(_FINISHED, {"which": report_id}).first()
        or connection.execute(_PROGRESS, {"which": report_id}).first()
    )
    return _report(row) if row else None


def last(connection: Connection, connection_id: str) -> Report | None:
    """The newest finished one."""
    return next(iter(newest(connection, connection_id, 1)), None)


def newest(connection: Connection, connection_id: str, limit: int) -> list[Report]:
    """Finished ones, the newest first."""
    rows = connection.execute(_NEWEST, {"which": connection_id, "most": limit})
    return [_report(row) for row in rows]


def last_that_worked(connection: Connection, connection_id: str, before: datetime) -> Report | None:
    """The newest in which nothing failed."""
    values = {"which": connection_id, "before": before, "most": 1}
    row = connection.execute(_WORKED, values).first()
    return _report(row) if row else None


def count(connection: Connection, connection_id: str) -> int:
    """Finished ones."""
    return connection.execute(_COUNT, {"which": connection_id}).scalar_one()


def keep_exchanges(
    connection: Connection, report_id: str, check: str, made: Sequence[Exchange], at: datetime
) -> None:
    """Insert or replace those of one check."""
    values = {
        "report_id": report_id,
        "check_id": check,
        "made": json.dumps([dataclasses.asdict(one) for one in made]),
        "kept_at": at,
    }
    connection.execute(_KEEP_EXCHANGES, values)


def exchanges_of(connection: Connection, report_id: str) -> dict[str, tuple[Exchange, ...]]:
    """By check."""
    rows = connection.execute(_EXCHANGES, {"which": report_id})
    return {
        row.check_id: tuple(Exchange(**stored) for stored in json.loads(row.made)) for row in rows
    }


def _values(report: Report) -> dict[str, object]:
    return {
        "id": report.id,
        "workspace": report.workspace,
        "connection_id": report.connection_id,
        "name": report.name,
        "revision": report.revision,
        "organisation": report.asked_by.organisation,
        "user_id": report.asked_by.user,
        "started_at": report.started_at,
        "results": json.dumps(
            [{name: getattr(result, name) for name in _RESULT_FIELDS} for result in report.results]
        ),
    }


def _report(row: Row[Any]) -> Report:
    return Report(
        id=row.id,
        workspace=row.workspace,
        connection_id=row.connection_id,
        name=row.name,
        revision=row.revision,
        asked_by=Person(row.organisation, row.user_id),
        started_at=row.started_at,
        finished_at=row._mapping.get("finished_at"),
        results=tuple(_result(stored) for stored in json.loads(row.results)),
    )


def _result(stored: dict[str, Any]) -> CheckResult:
    """A field that came later has its default; one that is gone is left out."""
    known = {name: stored[name] for name in _RESULT_FIELDS if name in stored}
    known["identity"] = Identity(known["identity"])
    known["outcome"] = Outcome(known["outcome"])
    known["topic"] = Topic(known.get("topic", ""))
    return CheckResult(**known)
