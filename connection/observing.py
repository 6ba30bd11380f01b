"""What a test saw of a connection on Business Central's setup page, if that still counts."""

from connection.checks.looking import Findings
from connection.connection import Observed
from connection.ports import Transaction
from connection.report import Report
from connection.setup import ConnectionSetup, Hosting


def observed_in(findings: Findings) -> Observed | None:
    """None where the page was not read."""
    if findings.connection_enabled is None:
        return None
    return Observed.ENABLED if findings.connection_enabled else Observed.DISABLED


def observe(tx: Transaction, report: Report, findings: Findings) -> None:
    """Remember it, unless the setup names another company by now, or something newer was seen.

    The reason of an automatic disable comes once and stays until the connection is seen enabled.
    """
    observed, at = observed_in(findings), findings.enabled_at
    connection = tx.connection(report.connection_id)
    tested = tx.revision(report.connection_id, report.revision)
    if observed is None or at is None or connection is None or tested is None:
        return
    if not same_company(tested.setup, tx.setup(connection.id).setup):
        return
    if connection.observed_at is None or connection.observed_at <= at:
        reason = findings.disable_reason if observed is Observed.DISABLED else ""
        tx.set_observed(connection.id, observed, at, reason)


def same_company(one: ConnectionSetup, other: ConnectionSetup) -> bool:
    """Whether both name the same company of the same Business Central, which has one record of the
    connection."""
    return _company(one) == _company(other)


def _company(setup: ConnectionSetup) -> tuple[str, ...]:
    if setup.hosting == Hosting.ON_PREMISES:
        return setup.hosting, setup.bc_url, setup.bc_company
    return setup.hosting, setup.tenant.lower(), setup.bc_environment, setup.bc_company
