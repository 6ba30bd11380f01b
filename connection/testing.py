"""Testing a connection: the checks one after the other, shown while they run, kept for good."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from connection.asks import Ask, Audience, Showing, What
from connection.audit import AuditTag
from connection.checks.looking import Findings, Found
from connection.checks.making import (
    RUNNING,
    WAITING,
    Made,
    Subject,
    make,
    result_of,
    subject_of,
    unmet,
)
from connection.checks.table import CHECKS
from connection.connection import Health
from connection.identities import SecretRef
from connection.naming import asked_about, the_connection
from connection.observing import observe, observed_in
from connection.people import Person
from connection.ports import Ports, Transaction
from connection.report import Outcome, Report


@dataclass(frozen=True, slots=True)
class _Test:
    """One test of a connection. `ask` is None at the command line, where nothing is shown."""

    id: str
    subject: Subject
    person: Person
    ask: Ask | None
    lent: bool = False


async def test(ports: Ports, ask: Ask) -> None:
    """Run every check of `CHECKS` and keep the report; the channel sees it grow."""
    await test_with(ports, ask, {})


async def test_with(ports: Ports, ask: Ask, lent: Mapping[str, SecretRef]) -> None:
    """The same, reading only. `lent` maps fields to secrets that are used for this one test and
    are not kept.

    Carried out again after a crash it starts over under the same report id.
    """
    subject = await ports.ledger.read(
        lambda reading: subject_of(reading, asked_about(reading, ask), lent)
    )
    await _run(ports, _Test(ask.id, subject, ask.person, ask, bool(lent)))


async def test_alone(
    ports: Ports, report_id: str, workspace: str, name: str, person: Person
) -> Report:
    """From the command line: the same checks, kept and recorded, and shown nowhere in Slack.

    Raises `UnknownConnection`.
    """
    subject = await ports.ledger.read(
        lambda reading: subject_of(reading, the_connection(reading, workspace, name), {})
    )
    return await _run(ports, _Test(report_id, subject, person, None))


async def _run(ports: Ports, test: _Test) -> Report:
    setup = test.subject.saved.setup
    report = await _begin(ports, test)
    findings = Findings()
    for position, check in enumerate(CHECKS):
        because = unmet(check, report, setup)
        if because:
            made = Made(result_of(check, Found(Outcome.SKIPPED, f"{because}."), setup))
        else:
            running = Made(result_of(check, RUNNING, setup))
            report = await _progress(ports, report, position, running, findings)
            made = await make(ports, check, test.subject, findings)
        report = await _progress(ports, report, position, made, findings)
    return await _finish(ports, test, report, findings)


async def _begin(ports: Ports, test: _Test) -> Report:
    subject, ask = test.subject, test.ask
    now = ports.clock.now()
    setup = subject.saved.setup
    report = Report(
        id=test.id,
        workspace=subject.connection.workspace,
        connection_id=subject.connection.id,
        name=subject.connection.name,
        revision=subject.saved.revision,
        asked_by=test.person,
        started_at=now,
        finished_at=None,
        results=tuple(result_of(check, WAITING, setup) for check in CHECKS),
    )

    def work(tx: Transaction) -> None:
        tx.keep_progress(report)
        _record(tx, report, AuditTag.TEST_STARTED, {"report": report.id})
        if ask is not None:
            tx.show(_showing(ask, report))

    await ports.ledger.run(work)
    ports.messenger.nudge()
    return report


def _showing(ask: Ask, report: Report) -> Showing:
    """Of its own: an apology that comes later has the ask's id."""
    return Showing(
        id=f"{ask.id}:{What.REPORT.value}",
        workspace=ask.workspace,
        what=What.REPORT,
        subject=report.id,
        audience=Audience.CHANNEL,
        person=ask.person,
        place=ask.place,
        created_at=report.started_at,
        final=False,
    )


async def _progress(
    ports: Ports, report: Report, position: int, made: Made, findings: Findings
) -> Report:
    """What was seen is remembered at once: Business Central tells only once why it disabled a
    connection, and the bot may die before the test ends."""
    results = (*report.results[:position], made.result, *report.results[position + 1 :])
    report = replace(report, results=results)
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        tx.keep_progress(report)
        if made.exchanges:
            tx.keep_exchanges(report.id, made.result.check, made.exchanges, now)
        observe(tx, report, findings)
        tx.touch(What.REPORT, report.id, final=False)

    await ports.ledger.run(work)
    ports.messenger.nudge()
    return report


async def _finish(ports: Ports, test: _Test, running: Report, findings: Findings) -> Report:
    """What was tested with a secret that is not kept says nothing of the connection's health."""
    now = ports.clock.now()
    report = replace(running, finished_at=now)
    ask = test.ask

    def work(tx: Transaction) -> None:
        if ask is not None and not tx.ask_is_open(ask.id):
            return
        tx.keep_report(report)
        if not test.lent and tx.setup(report.connection_id).revision == report.revision:
            tx.set_health(report.connection_id, health_of(report))
        outcomes = {result.check: result.outcome.value for result in report.results}
        details = {"report": report.id, "outcome": report.outcome.value, "checks": outcomes}
        seen = observed_in(findings)
        details |= {"observed": seen.value} if seen else {}
        _record(tx, report, AuditTag.TEST_FINISHED, details)
        tx.touch(What.REPORT, report.id, final=True)
        if ask is not None:
            tx.finish(ask.id, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()
    return report


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
