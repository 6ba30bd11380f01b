"""What messages about past tests are drawn from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connection.exchanges import Exchange
from connection.names import names_in, veiled
from connection.people import Person
from connection.ports import Reading
from connection.report import CheckResult, Outcome, Report
from connection.setup import LABELS, SECRET_FIELDS, changed_fields

SHOWN = 10
"""Tests in a history."""

_MOST_REVISIONS = 20
_AMISS = (Outcome.FAIL, Outcome.WARN)
_TIME = re.compile(r"\b(?:an?|[0-9][0-9.,]*)\s*(?:ms|s|seconds?|minutes?|days?)\b")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Checks of one test with what they asked and were answered.

    `asked_for` is true where somebody named the check; else those stand here that failed or
    warned. `kept` is false where what was asked is not kept any more.
    """

    report: Report
    checks: tuple[tuple[CheckResult, tuple[Exchange, ...]], ...]
    asked_for: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Edit:
    """A revision of the setup that came after the last test that worked; labels of fields."""

    revision: int
    saved_by: Person
    saved_at: datetime
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A check that comes out otherwise than when it last worked; `before` is None if it is new."""

    title: str
    before: CheckResult | None
    now: CheckResult


@dataclass(frozen=True, slots=True)
class History:
    """The newest tests of a connection. `worked` is the last one in which nothing failed, if the
    newest one is not it; `edits` and `differences` are what changed since."""

    name: str
    number: int
    newest: Sequence[Report]
    worked: Report | None
    edits: Sequence[Edit]
    differences: Sequence[Difference]


def explanation(reading: Reading, subject: str) -> Explanation | None:
    """`subject` is `<report id>:<check id, or nothing>`. None if the report is gone."""
    report_id, _, check = subject.partition(":")
    report = reading.report(report_id)
    if report is None:
        return None
    kept = reading.exchanges(report.id)
    found = tuple(
        (result, tuple(kept.get(result.check, ())))
        for result in report.results
        if (result.check == check if check else result.outcome in _AMISS)
    )
    return Explanation(report, found, bool(check), bool(kept))


def history(reading: Reading, connection_id: str) -> History | None:
    """As a channel reads it: without names. None if the connection is gone."""
    connection = reading.connection(connection_id)
    if connection is None:
        return None
    newest = reading.reports(connection_id, SHOWN)
    worked = None
    if newest and newest[0].outcome is Outcome.FAIL and newest[0].finished_at:
        worked = reading.last_report_that_worked(connection_id, newest[0].finished_at)
    return History(
        connection.name,
        reading.count_reports(connection_id),
        newest,
        worked,
        _edits(reading, worked, newest[0]) if worked else (),
        _differences(reading, worked, newest[0]) if worked else (),
    )


def _edits(reading: Reading, worked: Report, newest: Report) -> list[Edit]:
    edits: list[Edit] = []
    first = max(worked.revision, newest.revision - _MOST_REVISIONS)
    before = reading.revision(worked.connection_id, first)
    for number in range(first + 1, newest.revision + 1):
        saved = reading.revision(worked.connection_id, number)
        if before is None or saved is None:
            continue
        changed = tuple(_label(name) for name in changed_fields(before.setup, saved.setup))
        edits.append(Edit(number, saved.saved_by, saved.saved_at, changed))
        before = saved
    return edits


_SECRETS = {about.name for about in SECRET_FIELDS}


def _label(field: str) -> str:
    return f"the secret {LABELS[field]}" if field in _SECRETS else LABELS[field]


def _differences(reading: Reading, worked: Report, newest: Report) -> list[Difference]:
    names = {
        name
        for report in (worked, newest)
        if (saved := reading.revision(report.connection_id, report.revision))
        for name in names_in(saved.setup)
    }
    before = {result.check: result for result in worked.results}
    found = [
        Difference(now.title, before.get(now.check), now)
        for now in newest.results
        if _differs(before.get(now.check), now)
    ]
    return [_without_names(one, sorted(names)) for one in found]


def _differs(before: CheckResult | None, now: CheckResult) -> bool:
    """Skipped ones say nothing of their own; how long something took is never the same."""
    if now.outcome is Outcome.SKIPPED:
        return False
    if before is None:
        return now.outcome in _AMISS
    return before.outcome is not now.outcome or _timeless(before) != _timeless(now)


def _timeless(result: CheckResult) -> str:
    return _TIME.sub("", result.sentence)


def _without_names(one: Difference, names: Sequence[str]) -> Difference:
    def clean(result: CheckResult) -> CheckResult:
        return CheckResult(
            result.check,
            result.title,
            result.identity,
            result.outcome,
            veiled(result.sentence, names),
            veiled(result.remedy, names),
        )

    return Difference(one.title, clean(one.before) if one.before else None, clean(one.now))
