"""The port `Transaction` over one connection that holds the write lock."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection as Database

from connection.access_requests import AccessRequest
from connection.asks import Answer, Ask, Showing, What
from connection.audit import AuditEntry, AuditTag, ChainHead
from connection.changes.request import Decision, Policy, Request
from connection.connection import Connection, Health, Observed, Run, Wanted
from connection.directory import Channel, Profile, Roster
from connection.exchanges import Exchange
from connection.handover import Handover
from connection.home import homes_due
from connection.identities import SecretRef
from connection.people import Grant, Person
from connection.ports import Transaction
from connection.report import Report
from connection.revisions import Draft, SavedSetup
from connection.secrets import SecretFacts
from connection.setup import ConnectionSetup
from connection.signing_in import SignIn
from connection.users.check import SpooledPage, UserCheck, UserList
from connection.users.findings import Side
from storage.audit_chain import ChainWriter
from storage.known_keys import remember_all
from storage.reading import SqlReading
from storage.rewrapping import Progress, rewrap_some
from storage.rows import (
    access_requests,
    asks,
    connections,
    directory,
    forgetting,
    grants,
    handovers,
    reports,
    requests,
    setups,
    showings,
    sign_ins,
    user_checks,
)
from storage.rows import secrets as secret_rows
from storage.sealing import fingerprint_end
from storage.vault import Sealer


class SqlTransaction(SqlReading):
    """See `connection.ports.Transaction`."""

    def __init__(self, database: Database, chain: ChainWriter, sealer: Sealer) -> None:
        super().__init__(database)
        self._chain = chain
        self._sealer = sealer

    def accept(self, ask: Ask, *, held: bool = False) -> bool:
        return asks.accept(self._database, ask, held)

    def settle(self, ask: Ask) -> None:
        asks.settle(self._database, ask)

    def release(self, ask_id: str) -> None:
        asks.release(self._database, ask_id)

    def release_all(self) -> None:
        asks.release_all(self._database)

    def finish(self, ask_id: str, at: datetime) -> None:
        asks.finish(self._database, ask_id, at)

    def keep_answer(self, ask_id: str, answer: Answer) -> None:
        asks.keep_answer(self._database, ask_id, answer)

    def create_connection(self, connection: Connection) -> None:
        connections.create(self._database, connection)

    def make_default(self, workspace: str, connection_id: str) -> None:
        connections.make_default(self._database, workspace, connection_id)

    def set_health(self, connection_id: str, health: Health) -> None:
        connections.set_health(self._database, connection_id, health)

    def set_observed(
        self,
        connection_id: str,
        observed: Observed,
        at: datetime,
        disable_reason: str | None = None,
    ) -> None:
        connections.set_observed(self._database, connection_id, observed, at, disable_reason)

    def set_wanted(self, connection_id: str, wanted: Wanted) -> None:
        connections.set_wanted(self._database, connection_id, wanted)

    def set_run(self, connection_id: str, run: Run) -> None:
        connections.set_run(self._database, connection_id, run)

    def rename_connection(self, connection_id: str, name: str) -> None:
        connections.rename(self._database, connection_id, name)

    def save_setup(
        self, connection_id: str, setup: ConnectionSetup, person: Person, at: datetime
    ) -> SavedSetup:
        return setups.save(self._database, connection_id, setup, person, at)

    def keep_draft(self, draft: Draft) -> None:
        setups.keep_draft(self._database, draft)

    def grant(self, grant: Grant, by: Person, at: datetime) -> bool:
        return grants.grant(self._database, grant, by, at)

    def revoke(self, grant: Grant) -> bool:
        return grants.revoke(self._database, grant)

    def keep_profile(self, profile: Profile) -> None:
        directory.keep_profile(self._database, profile)

    def keep_channel(self, channel: Channel) -> None:
        directory.keep_channel(self._database, channel)

    def keep_roster(self, roster: Roster) -> None:
        directory.keep_roster(self._database, roster)

    def directory_asked(self, workspace: str, name: str) -> None:
        directory.expect(self._database, workspace, name)

    def directory_changed(self, name: str, at: datetime, *, members: bool = False) -> None:
        directory.changed(self._database, name, at, members)
        showings.touch_homes_of(self._database, name)

    def keep_access_request(self, request: AccessRequest) -> None:
        access_requests.keep(self._database, request)

    def next_access_request(self, workspace: str) -> int:
        return access_requests.next_number(self._database, workspace)

    def keep_request(self, request: Request) -> None:
        requests.keep(self._database, request)

    def next_request(self, workspace: str) -> int:
        return requests.next_number(self._database, workspace)

    def add_decision(self, decision: Decision) -> bool:
        return requests.add_decision(self._database, decision)

    def keep_policy(self, connection_id: str, policy: Policy) -> None:
        requests.keep_policy(self._database, connection_id, policy)

    def seal_secret(
        self,
        ref: SecretRef,
        value: str,
        person: Person,
        at: datetime,
        *,
        expires_at: datetime | None = None,
        public_part: str = "",
    ) -> SecretFacts:
        ending = fingerprint_end(self._sealer.fingerprint_key, value)
        facts = SecretFacts(ref, ending, person, at, expires_at, public_part)
        self._sealer.seal(self._database, facts, value)
        return facts

    def erase_secret(self, secret_id: str) -> None:
        secret_rows.erase(self._database, secret_id)

    def keep_handover(self, handover: Handover) -> None:
        handovers.keep(self._database, handover)

    def keep_sign_in(self, sign_in: SignIn) -> None:
        sign_ins.keep(self._database, sign_in)

    def remember_keys(self) -> Mapping[int, int]:
        """Beyond the port, for the start; see `storage.known_keys`."""
        return remember_all(self._database, self._sealer.keys)

    def knows_newest_key(self) -> bool:
        """Beyond the port, for rotation. Raises `SealBroken` if it is not the known one."""
        return secret_rows.check_key(self._database, self._sealer.keys.newest())

    def newest_known_key(self) -> int:
        """Beyond the port, for new keys: the greatest number that any bot was started with."""
        return secret_rows.newest_known_key(self._database)

    def rewrap_some(self, progress: Progress) -> Progress:
        """Beyond the port, for rotation; see `storage.rewrapping`."""
        return rewrap_some(self._database, self._sealer.keys, progress)

    def keep_progress(self, report: Report) -> None:
        reports.keep_progress(self._database, report)

    def keep_report(self, report: Report) -> None:
        reports.keep(self._database, report)

    def keep_exchanges(
        self, report_id: str, check: str, exchanges: Sequence[Exchange], at: datetime
    ) -> None:
        reports.keep_exchanges(self._database, report_id, check, exchanges, at)

    def keep_user_progress(self, check: UserCheck) -> None:
        user_checks.keep_progress(self._database, check)

    def keep_user_check(self, check: UserCheck) -> None:
        user_checks.keep(self._database, check)

    def keep_user_page(self, check_id: str, side: Side, page: SpooledPage, at: datetime) -> None:
        user_checks.keep_page(self._database, check_id, side, page, at)

    def drop_user_pages(self, check_id: str, side: Side | None = None) -> None:
        user_checks.drop_pages(self._database, check_id, side)

    def keep_user_list(self, found: UserList) -> None:
        user_checks.keep_list(self._database, found)

    def show(self, showing: Showing) -> None:
        showings.show(self._database, showing)

    def open_home(self, showing: Showing) -> None:
        showings.open_home(self._database, showing)

    def touch(self, what: What, subject: str, *, final: bool) -> None:
        showings.touch(self._database, what, subject, final)

    def shown(self, showing_id: str, *, wanted: int, ts: str, posted_in: str) -> None:
        showings.shown(self._database, showing_id, wanted, ts, posted_in)

    def show_now(self, now: datetime) -> None:
        showings.show_now(self._database, now)

    def show_later(self, showing_id: str, not_before: datetime, *, attempt: bool) -> None:
        showings.show_later(self._database, showing_id, not_before, attempt)

    def give_up_showing(self, showing_id: str, reason: str) -> None:
        showings.give_up(self._database, showing_id, reason)

    def forget(self, before: datetime) -> int:
        return forgetting.forget(self._database, before)

    def record(
        self,
        *,
        at: datetime,
        workspace: str,
        actor: Person,
        tag: AuditTag,
        connection: str = "",
        details: Mapping[str, object] | None = None,
    ) -> AuditEntry:
        since = homes_due(tag, at)
        if since is not None:
            showings.touch_homes(self._database, workspace, since)
        return self._chain.append(at, workspace, str(actor), tag, connection, details or {})

    def audit_entries(
        self, workspace: str, *, limit: int, connection: str | None = None
    ) -> Sequence[AuditEntry]:
        self._chain.flush()
        return super().audit_entries(workspace, limit=limit, connection=connection)

    def acts_since(self, workspace: str, tag: AuditTag, since: datetime) -> Sequence[AuditEntry]:
        self._chain.flush()
        return super().acts_since(workspace, tag, since)

    def audit_head(self) -> ChainHead:
        return self._chain.head


_: type[Transaction] = SqlTransaction
