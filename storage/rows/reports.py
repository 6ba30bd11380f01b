"""Finished test reports, each kept for good, and the progress of running tests."""

import dataclasses
import json
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from connection.identities import Identity
from connection.people import Person
from connection.report import CheckResult, Outcome, Report
from storage.tables import progress, reports
from storage.upserting import insert_or_replace

_RESULT_FIELDS = tuple(attribute.name for attribute in dataclasses.fields(CheckResult))

_KEEP_PROGRESS = insert_or_replace(progress, "id")
_DROP_PROGRESS = delete(progress).where(progress.c.id == bindparam("which"))
_PROGRESS = select(progress).where(progress.c.id == bindparam("which"))
_APPEND = insert(reports)
_FINISHED = select(reports).where(reports.c.id == bindparam("which"))
_LAST = (
    select(reports)
    .where(reports.c.connection_id == bindparam("which"))
    .order_by(reports.c.finished_at.desc(), reports.c.id.desc())
    .limit(1)
)


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
    row = connection.execute(_LAST, {"which": connection_id}).first()
    return _report(row) if row else None


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
    return CheckResult(**known)
