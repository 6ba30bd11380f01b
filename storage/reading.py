"""The port `Reading` over one connection; the work is in `storage.rows`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection as Database

from connection.access_requests import AccessRequest
from connection.asks import EVERYTHING_GOES, Answer, Ask, Closed, Showing
from connection.audit import AuditEntry, AuditTag, ChainHead
from connection.changes.request import Decision, Policy, Request
from connection.connection import Connection
from connection.directory import Channel, Profile, Roster
from connection.exchanges import Exchange
from connection.handover import Handover
from connection.people import Circle, Grant
from connection.ports import Reading
from connection.report import Report
from connection.revisions import Draft, SavedSetup
from connection.secrets import SecretFacts
from connection.signing_in import SignIn
from connection.users.check import SpooledPage, UserCheck, UserList
from connection.users.findings import Side
from storage import audit_chain
from storage.rows import (
    access_requests,
    asks,
    audit,
    connections,
    directory,
    grants,
    handovers,
    reports,
    requests,
    secrets,
    setups,
    showings,
    sign_ins,
    user_checks,
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

    def profile(self, workspace: str, user: str, since: datetime) -> Profile | None:
        return directory.profile(self._database, workspace, user, since)

    def channel(self, workspace: str, channel: str, since: datetime) -> Channel | None:
        return directory.channel(self._database, workspace, channel, since)

    def roster(self, workspace: str, holder: str, since: datetime) -> Roster | None:
        return directory.roster(self._database, workspace, holder, since)

    def belongs(self, workspace: str, holder: str, user: str, since: datetime) -> bool | None:
        return directory.belongs(self._database, workspace, holder, user, since)

    def last_roster(self, workspace: str, holder: str) -> Roster | None:
        return directory.last_roster(self._database, workspace, holder)

    def last_profile(self, workspace: str, user: str) -> Profile | None:
        return directory.last_profile(self._database, workspace, user)

    def grants_for(self, workspace: str, user: str) -> Sequence[Grant]:
        return grants.of_user(self._database, workspace, user)

    def was_asked(self, workspace: str, dedupe_key: str) -> bool:
        return asks.was_asked(self._database, workspace, dedupe_key)

    def recent_people(self, since: datetime) -> Sequence[tuple[str, str]]:
        return asks.recent_people(self._database, since)

    def circles(self) -> Sequence[tuple[str, Circle]]:
        return grants.circles(self._database)

    def access_request(self, request_id: str) -> AccessRequest | None:
        return access_requests.by_id(self._database, request_id)

    def access_requests(self, workspace: str) -> Sequence[AccessRequest]:
        return access_requests.waiting(self._database, workspace)

    def asking_workspaces(self) -> Sequence[str]:
        return access_requests.workspaces(self._database)

    def request(self, request_id: str) -> Request | None:
        return requests.by_id(self._database, request_id)

    def request_numbered(self, workspace: str, number: int) -> Request | None:
        return requests.numbered(self._database, workspace, number)

    def open_request(self, connection_id: str) -> Request | None:
        return requests.open_one(self._database, connection_id)

    def requests(self, workspace: str, limit: int) -> Sequence[Request]:
        return requests.newest(self._database, workspace, limit)

    def due_requests(self, now: datetime) -> Sequence[Request]:
        return requests.due(self._database, now)

    def decisions(self, request_id: str) -> Sequence[Decision]:
        return requests.decided(self._database, request_id)

    def policy(self, connection_id: str) -> Policy:
        return requests.policy(self._database, connection_id)

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

    def reports(self, connection_id: str, limit: int) -> Sequence[Report]:
        return reports.newest(self._database, connection_id, limit)

    def last_report_that_worked(self, connection_id: str, before: datetime) -> Report | None:
        return reports.last_that_worked(self._database, connection_id, before)

    def count_reports(self, connection_id: str) -> int:
        return reports.count(self._database, connection_id)

    def exchanges(self, report_id: str) -> Mapping[str, Sequence[Exchange]]:
        return reports.exchanges_of(self._database, report_id)

    def user_check(self, check_id: str) -> UserCheck | None:
        return user_checks.check(self._database, check_id)

    def last_user_check(self, connection_id: str) -> UserCheck | None:
        return user_checks.last(self._database, connection_id)

    def user_pages(self, check_id: str, side: Side) -> Sequence[SpooledPage]:
        return user_checks.pages(self._database, check_id, side)

    def user_list(self, check_id: str) -> UserList | None:
        return user_checks.user_list(self._database, check_id)

    def ask(self, ask_id: str) -> Ask | None:
        return asks.ask(self._database, ask_id)

    def ask_is_open(self, ask_id: str) -> bool:
        return asks.is_open(self._database, ask_id)

    def open_asks(self, limit: int = 1000) -> Sequence[Ask]:
        return asks.open_asks(self._database, limit)

    def answer(self, ask_id: str) -> Answer | None:
        return asks.answer(self._database, ask_id)

    def showing(self, showing_id: str) -> Showing | None:
        return showings.showing(self._database, showing_id)

    def due_showings(
        self, now: datetime, limit: int = 1000, closed: Closed = EVERYTHING_GOES
    ) -> Sequence[Showing]:
        return showings.due(self._database, now, limit, closed)

    def next_showing_at(self, now: datetime) -> datetime | None:
        return showings.next_at(self._database, now)

    def audit_entries(
        self, workspace: str, *, limit: int, connection: str | None = None
    ) -> Sequence[AuditEntry]:
        return audit.newest(self._database, workspace, limit, connection)

    def acts_since(self, workspace: str, tag: AuditTag, since: datetime) -> Sequence[AuditEntry]:
        return audit.acts_since(self._database, workspace, tag, since)

    def audit_head(self) -> ChainHead:
        return audit_chain.read_head(self._database)


_: type[Reading] = SqlReading
