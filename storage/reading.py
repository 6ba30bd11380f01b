"""The port `Reading` over one connection; the work is in `storage.rows`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection as Database

from connection.asks import Answer, Ask, Showing
from connection.audit import AuditEntry, ChainHead
from connection.connection import Connection
from connection.handover import Handover
from connection.people import Grant
from connection.ports import Reading
from connection.report import Report
from connection.revisions import Draft, SavedSetup
from connection.secrets import SecretFacts
from connection.signing_in import SignIn
from storage import audit_chain
from storage.rows import (
    asks,
    audit,
    connections,
    grants,
    handovers,
    reports,
    secrets,
    setups,
    showings,
    sign_ins,
)


class SqlReading:
    """See `connection.ports.Reading`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def connection_named(self, workspace: str, name: str) -> Connection | None:
        return connections.named(self._database, workspace, name)

    def connection(self, connection_id: str) -> Connection | None:
        return connections.by_id(self._database, connection_id)

    def connections(self, workspace: str) -> Sequence[Connection]:
        return connections.of_workspace(self._database, workspace)

    def workspaces(self) -> Sequence[str]:
        return connections.workspaces(self._database)

    def setup(self, connection_id: str) -> SavedSetup:
        return setups.newest(self._database, connection_id)

    def revision(self, connection_id: str, revision: int) -> SavedSetup | None:
        return setups.revision(self._database, connection_id, revision)

    def draft(self, draft_id: str) -> Draft | None:
        return setups.draft(self._database, draft_id)

    def grants(self, workspace: str) -> Sequence[Grant]:
        return grants.of_workspace(self._database, workspace)

    def secret(self, secret_id: str) -> SecretFacts | None:
        return secrets.facts(self._database, secret_id)

    def handover(self, handover_id: str) -> Handover | None:
        return handovers.by_id(self._database, handover_id)

    def waiting_handovers(self, connection_id: str) -> Sequence[Handover]:
        return handovers.waiting(self._database, connection_id)

    def overdue_handovers(self, now: datetime) -> Sequence[Handover]:
        return handovers.overdue(self._database, now)

    def sign_in(self, sign_in_id: str) -> SignIn | None:
        return sign_ins.by_id(self._database, sign_in_id)

    def open_sign_ins(self) -> Sequence[SignIn]:
        return sign_ins.still_open(self._database)

    def secrets_by_key(self) -> Mapping[int, int]:
        return secrets.count_by_key(self._database)

    def report(self, report_id: str) -> Report | None:
        return reports.report(self._database, report_id)

    def last_report(self, connection_id: str) -> Report | None:
        return reports.last(self._database, connection_id)

    def ask(self, ask_id: str) -> Ask | None:
        return asks.ask(self._database, ask_id)

    def ask_is_open(self, ask_id: str) -> bool:
        return asks.is_open(self._database, ask_id)

    def open_asks(self) -> Sequence[Ask]:
        return asks.open_asks(self._database)

    def answer(self, ask_id: str) -> Answer | None:
        return asks.answer(self._database, ask_id)

    def showing(self, showing_id: str) -> Showing | None:
        return showings.showing(self._database, showing_id)

    def due_showings(self, now: datetime) -> Sequence[Showing]:
        return showings.due(self._database, now)

    def next_showing_at(self, now: datetime) -> datetime | None:
        return showings.next_at(self._database, now)

    def audit_entries(
        self, workspace: str, *, limit: int, connection: str | None = None
    ) -> Sequence[AuditEntry]:
        return audit.newest(self._database, workspace, limit, connection)

    def audit_head(self) -> ChainHead:
        return audit_chain.read_head(self._database)


_: type[Reading] = SqlReading
