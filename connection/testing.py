"""Testing a connection: the checks one after the other, shown while they run, kept for good."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from connection.asks import Ask, Audience, Showing, What
from connection.audit import AuditTag
from connection.checks.looking import Check, Findings, Found, Look
from connection.checks.table import CHECKS
from connection.connection import Connection, Health
from connection.errors import AdminError, RemoteFault, SignInFailed
from connection.identities import Access, Identity, SecretRef
from connection.naming import asked_about
from connection.origins import access_of
from connection.ports import Ports, Reading, Transaction
from connection.report import CheckResult, Outcome, Report
from connection.revisions import SavedSetup
from connection.setup import SECRET_FIELDS, ConnectionSetup

_NOT_MADE = (Outcome.SKIPPED, Outcome.UNTESTED)
_GOES_ON = (Outcome.PASS, Outcome.WARN)


@dataclass(frozen=True, slots=True)
class _Subject:
    connection: Connection
    saved: SavedSetup
    accesses: Mapping[Identity, Access]
    secret_ends: Mapping[str, datetime]


async def test(ports: Ports, ask: Ask) -> None:
    """Run every check of `CHECKS` and keep the report; the channel sees it grow."""
    await test_with(ports, ask, {})


async def test_with(ports: Ports, ask: Ask, lent: Mapping[str, SecretRef]) -> None:
    """The same, reading only. `lent` maps fields to secrets that are used for this one test and
    are not kept.

    Carried out again after a crash it starts over under the same report id.
    """
    subject = await ports.ledger.read(lambda reading: _subject(reading, ask, lent))
    report = await _begin(ports, ask, subject)
    findings = Findings()
    for position, check in enumerate(CHECKS):
        because = _unmet(check, report, subject)
        if because:
            result = _result(check, Found(Outcome.SKIPPED, f"{because}."), subject.saved.setup)
        else:
            running = _result(check, _RUNNING, subject.saved.setup)
            report = await _progress(ports, report, position, running)
            result = await _look(ports, check, subject, findings)
        report = await _progress(ports, report, position, result)
    await _finish(ports, ask, report, lent=bool(lent))


_RUNNING = Found(Outcome.RUNNING, "")


def _subject(reading: Reading, ask: Ask, lent: Mapping[str, SecretRef]) -> _Subject:
    connection = asked_about(reading, ask)
    saved = reading.setup(connection.id)

    def held(field: str) -> SecretRef | None:
        secret_id = getattr(saved.setup, field)
        facts = reading.secret(secret_id) if secret_id and field not in lent else None
        return lent.get(field) or (facts.ref if facts else None)

    accesses = {
        identity: access_of(identity, saved.setup, held)
        for identity in (Identity.BOT, Identity.INTEGRATION, Identity.BUSINESS_CENTRAL)
    }
    return _Subject(connection, saved, accesses, _ends(reading, saved, lent))


def _ends(
    reading: Reading, saved: SavedSetup, lent: Mapping[str, SecretRef]
) -> Mapping[str, datetime]:
    held = {
        about.name: reading.secret(getattr(saved.setup, about.name))
        for about in SECRET_FIELDS
        if getattr(saved.setup, about.name) and about.name not in lent
    }
    return {field: facts.expires_at for field, facts in held.items() if facts and facts.expires_at}


async def _begin(ports: Ports, ask: Ask, subject: _Subject) -> Report:
    now = ports.clock.now()
    report = Report(
        id=ask.id,
        workspace=ask.workspace,
        connection_id=subject.connection.id,
        name=subject.connection.name,
        revision=subject.saved.revision,
        asked_by=ask.person,
        started_at=now,
        finished_at=None,
        results=tuple(
            _result(check, Found(Outcome.WAITING, ""), subject.saved.setup) for check in CHECKS
        ),
    )

    def work(tx: Transaction) -> None:
        tx.keep_progress(report)
        _record(tx, report, AuditTag.TEST_STARTED, {"report": report.id})
        tx.show(
            Showing(
                id=ask.id,
                workspace=ask.workspace,
                what=What.REPORT,
                subject=report.id,
                audience=Audience.CHANNEL,
                person=ask.person,
                place=ask.place,
                created_at=now,
                final=False,
            )
        )

    await ports.ledger.run(work)
    ports.messenger.nudge()
    return report


async def _look(ports: Ports, check: Check, subject: _Subject, findings: Findings) -> CheckResult:
    correlation = str(uuid.uuid4())
    look = Look(
        setup=subject.saved.setup,
        accesses={
            identity: replace(access, correlation=correlation)
            for identity, access in subject.accesses.items()
        },
        sales=ports.sales,
        business_central=ports.business_central,
        findings=findings,
        now=ports.clock.now(),
        secret_ends=subject.secret_ends,
    )
    reference = ""
    started = time.perf_counter()
    try:
        found = await check.look(look)
    except AdminError as error:
        found = _fault_found(error)
        reference = error.reference if isinstance(error, RemoteFault) else ""
    ms = round((time.perf_counter() - started) * 1000)
    result = _result(check, found, subject.saved.setup)
    calls = result.identity is not Identity.NONE and found.outcome not in _NOT_MADE
    return replace(
        result,
        private=_private(result, look) if calls else result.private,
        ms=ms,
        correlation=correlation if calls else "",
        reference=reference,
    )


def _fault_found(error: AdminError) -> Found:
    """With Entra's number, which an administrator can look up; the service's own words apart,
    because they may name people."""
    if not isinstance(error, RemoteFault):
        return Found(Outcome.FAIL, error.message, error.hint)
    said = error.unquoted
    if isinstance(error, SignInFailed) and error.code.startswith("AADSTS"):
        said = f"{said} ({error.code})"
    own = f"The service's own words: {error.quoted}" if error.quoted else ""
    return Found(Outcome.FAIL, said, error.hint, own)


def _private(result: CheckResult, look: Look) -> str:
    """Where something is amiss, also whose account was tested."""
    access = look.accesses.get(result.identity)
    if result.outcome not in (Outcome.FAIL, Outcome.WARN) or not access or not access.user_name:
        return result.private
    return f"Tested as {access.user_name}. {result.private}".strip()


def _unmet(check: Check, report: Report, subject: _Subject) -> str:
    """Why a check cannot be made: the first one that it needs and that did not go through."""
    results = {result.check: result for result in report.results}
    for needed in check.needed_for(subject.saved.setup):
        result = results[needed]
        if result.outcome not in _GOES_ON:
            how = "was skipped" if result.outcome is Outcome.SKIPPED else "failed"
            return f"{result.title} {how}"
    return ""


def _result(check: Check, found: Found, setup: ConnectionSetup) -> CheckResult:
    identity = check.tested_as(setup)
    return CheckResult(
        check.id,
        check.title,
        identity,
        found.outcome,
        found.sentence,
        found.remedy,
        private=found.private,
    )


async def _progress(ports: Ports, report: Report, position: int, result: CheckResult) -> Report:
    results = (*report.results[:position], result, *report.results[position + 1 :])
    report = replace(report, results=results)

    def work(tx: Transaction) -> None:
        tx.keep_progress(report)
        tx.touch(What.REPORT, report.id, final=False)

    await ports.ledger.run(work)
    ports.messenger.nudge()
    return report


async def _finish(ports: Ports, ask: Ask, running: Report, *, lent: bool) -> None:
    """What was tested with a secret that is not kept says nothing of the connection's health."""
    now = ports.clock.now()
    report = replace(running, finished_at=now)

    def work(tx: Transaction) -> None:
        if not tx.ask_is_open(ask.id):
            return
        tx.keep_report(report)
        if not lent and tx.setup(report.connection_id).revision == report.revision:
            tx.set_health(report.connection_id, health_of(report))
        outcomes = {result.check: result.outcome.value for result in report.results}
        details = {"report": report.id, "outcome": report.outcome.value, "checks": outcomes}
        _record(tx, report, AuditTag.TEST_FINISHED, details)
        tx.touch(What.REPORT, report.id, final=True)
        tx.finish(ask.id, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def health_of(report: Report) -> Health:
    """What a finished report says of its connection."""
    if report.outcome is Outcome.FAIL:
        return Health.FAILING
    if report.outcome is Outcome.WARN:
        return Health.WARNING
    skipped = any(result.outcome is Outcome.SKIPPED for result in report.results)
    return Health.PARTLY if skipped else Health.HEALTHY


def _record(tx: Transaction, report: Report, tag: AuditTag, details: Mapping[str, object]) -> None:
    tx.record(
        at=report.finished_at or report.started_at,
        workspace=report.workspace,
        actor=report.asked_by,
        tag=tag,
        connection=report.connection_id,
        details={"connection": report.name, "revision": report.revision, **details},
    )
