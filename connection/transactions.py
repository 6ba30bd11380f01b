"""What can be asked of the database, and what can be changed in it, inside a ledger's closure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from connection.access_requests import AccessRequest
from connection.asks import EVERYTHING_GOES, Answer, Ask, Closed, Showing, What
from connection.audit import AuditEntry, AuditTag, ChainHead
from connection.changes.kept import KeepsRequests, ReadsRequests
from connection.connection import Connection, Health, Observed, Run, Wanted
from connection.directory import Channel, Profile, Roster
from connection.handover import Handover
from connection.identities import SecretRef
from connection.kept_reports import KeepsReports, ReadsReports
from connection.people import Circle, Grant, Person
from connection.revisions import Draft, SavedSetup
from connection.secrets import SecretFacts
from connection.setup import ConnectionSetup
from connection.signing_in import SignIn
from connection.users.kept import KeepsUserChecks, ReadsUserChecks


class Reading(ReadsReports, ReadsRequests, ReadsUserChecks, Protocol):
    """What can be asked of the database. Sync and short; used inside `Ledger` closures only."""

    def connection_named(self, workspace: str, name: str) -> Connection | None: ...
    def connection(self, connection_id: str) -> Connection | None: ...
    def connections(self, workspace: str) -> Sequence[Connection]:
        """Ordered by name."""
        ...

    def workspaces(self) -> Sequence[str]:
        """Every workspace that has a connection."""
        ...

    def setup(self, connection_id: str) -> SavedSetup:
        """The newest revision; a connection always has one."""
        ...

    def revision(self, connection_id: str, revision: int) -> SavedSetup | None: ...
    def draft(self, draft_id: str) -> Draft | None: ...
    def grants(self, workspace: str) -> Sequence[Grant]: ...
    def grants_for(self, workspace: str, user: str) -> Sequence[Grant]:
        """Those to this user id, in whatever organisation, and to every group and channel."""
        ...

    def was_asked(self, workspace: str, dedupe_key: str) -> bool:
        """Whether `accept` would know it."""
        ...

    def profile(self, workspace: str, user: str, since: datetime) -> Profile | None:
        """None unless Slack was asked since then, and after the last change that it told."""
        ...

    def channel(self, workspace: str, channel: str, since: datetime) -> Channel | None:
        """The same for a conversation."""
        ...

    def roster(self, workspace: str, holder: str, since: datetime) -> Roster | None:
        """The same for the members of a user group or channel."""
        ...

    def belongs(self, workspace: str, holder: str, user: str, since: datetime) -> bool | None:
        """Whether a usable group or channel names the person; None unless `roster` is fresh."""
        ...

    def last_roster(self, workspace: str, holder: str) -> Roster | None:
        """As it was last read, however long ago: for showing, never for deciding who may."""
        ...

    def last_profile(self, workspace: str, user: str) -> Profile | None:
        """The same of a person, read at `EVER` where Slack told of a change since; None for whom
        Slack was never asked about."""
        ...

    def recent_people(self, since: datetime) -> Sequence[tuple[str, str]]:
        """Workspace and user id of everybody who asked for something since then."""
        ...

    def circles(self) -> Sequence[tuple[str, Circle]]:
        """Workspace and group or channel, of all that hold a role."""
        ...

    def access_request(self, request_id: str) -> AccessRequest | None: ...
    def access_requests(self, workspace: str) -> Sequence[AccessRequest]:
        """Those that wait for a second admin, oldest first."""
        ...

    def asking_workspaces(self) -> Sequence[str]:
        """Where some wait."""
        ...

    def secret(self, secret_id: str) -> SecretFacts | None: ...
    def handover(self, handover_id: str) -> Handover | None: ...
    def waiting_handovers(self, connection_id: str) -> Sequence[Handover]:
        """Those of a connection that nothing has come of yet, newest first."""
        ...

    def overdue_handovers(self, now: datetime) -> Sequence[Handover]:
        """Those whose time is over and that nothing has come of."""
        ...

    def sign_in(self, sign_in_id: str) -> SignIn | None: ...
    def open_sign_ins(self) -> Sequence[SignIn]:
        """Administrators' sign-ins that wait or hold, of all workspaces."""
        ...

    def secrets_by_key(self) -> Mapping[int, int]:
        """Encryption key number → how many secrets it seals, of all workspaces."""
        ...

    def ask(self, ask_id: str) -> Ask | None: ...
    def ask_is_open(self, ask_id: str) -> bool:
        """Accepted and not finished yet."""
        ...

    def open_asks(self, limit: int = 1000) -> Sequence[Ask]:
        """Accepted, not finished and not held; everybody's oldest first, then their next."""
        ...

    def answer(self, ask_id: str) -> Answer | None: ...
    def showing(self, showing_id: str) -> Showing | None: ...
    def due_showings(
        self, now: datetime, limit: int = 1000, closed: Closed = EVERYTHING_GOES
    ) -> Sequence[Showing]:
        """Copies whose `wanted` differs from `shown`, whose time has come and that may go;
        everybody's oldest first, then their next."""
        ...

    def next_showing_at(self, now: datetime) -> datetime | None:
        """When the next copy that is not due yet becomes due."""
        ...

    def audit_entries(
        self, workspace: str, *, limit: int, connection: str | None = None
    ) -> Sequence[AuditEntry]:
        """The newest rows of a workspace, newest first; of one connection's id if given."""
        ...

    def acts_since(self, workspace: str, tag: AuditTag, since: datetime) -> Sequence[AuditEntry]:
        """Rows of one tag, newest first."""
        ...

    def audit_head(self) -> ChainHead: ...


class Transaction(Reading, KeepsReports, KeepsRequests, KeepsUserChecks, Protocol):
    """What can be changed. Everything done in one closure commits together or not at all."""

    def accept(self, ask: Ask, *, held: bool = False) -> bool:
        """Insert one inbox row; False, and nothing inserted, if its `dedupe_key` was seen before.

        A held ask is not dispatched until `release`, or until the bot starts again.
        """
        ...

    def settle(self, ask: Ask) -> None:
        """Who asks is known by now: connection, rest and subject are as they count."""
        ...

    def release(self, ask_id: str) -> None: ...
    def release_all(self) -> None:
        """At start-up: nothing that was held is held by anybody any more."""
        ...

    def finish(self, ask_id: str, at: datetime) -> None:
        """Finishing twice is harmless; the first time stays."""
        ...

    def keep_answer(self, ask_id: str, answer: Answer) -> None: ...

    def create_connection(self, connection: Connection) -> None: ...
    def make_default(self, workspace: str, connection_id: str) -> None: ...
    def set_health(self, connection_id: str, health: Health) -> None: ...
    def set_observed(
        self,
        connection_id: str,
        observed: Observed,
        at: datetime,
        disable_reason: str | None = None,
    ) -> None:
        """What was seen last; since when changes with it only. Why Business Central disabled it
        stays where `disable_reason` is None, and '' clears it."""
        ...

    def set_wanted(self, connection_id: str, wanted: Wanted) -> None: ...
    def set_run(self, connection_id: str, run: Run) -> None: ...
    def rename_connection(self, connection_id: str, name: str) -> None: ...
    def save_setup(
        self, connection_id: str, setup: ConnectionSetup, person: Person, at: datetime
    ) -> SavedSetup:
        """Append the next revision."""
        ...

    def keep_draft(self, draft: Draft) -> None:
        """Insert or replace."""
        ...

    def grant(self, grant: Grant, by: Person, at: datetime) -> bool:
        """False if it was there already."""
        ...

    def revoke(self, grant: Grant) -> bool:
        """False if there was none."""
        ...

    def keep_profile(self, profile: Profile) -> None:
        """Unless something that was asked later is there, or Slack told of a change since."""
        ...

    def keep_channel(self, channel: Channel) -> None: ...
    def keep_roster(self, roster: Roster) -> None:
        """As `keep_profile`."""
        ...

    def directory_asked(self, workspace: str, name: str) -> None:
        """Slack is asked about this person, group or channel (by id): its changes are noted."""
        ...

    def directory_changed(self, name: str, at: datetime, *, members: bool = False) -> None:
        """Slack said that it changed, or only who is in it; in every workspace."""
        ...

    def keep_access_request(self, request: AccessRequest) -> None:
        """Insert or replace."""
        ...

    def next_access_request(self, workspace: str) -> int:
        """The number of the next one."""
        ...

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
        """Seal and store. Raises `EncryptionOff` when no key exists."""
        ...

    def erase_secret(self, secret_id: str) -> None: ...
    def keep_handover(self, handover: Handover) -> None:
        """Insert or replace."""
        ...

    def keep_sign_in(self, sign_in: SignIn) -> None:
        """Insert or replace."""
        ...

    def show(self, showing: Showing) -> None:
        """Insert into the outbox; the same id twice is harmless."""
        ...

    def open_home(self, showing: Showing) -> None:
        """A Home is due now, and again whenever something is recorded that `homes_due` names in
        `connection.home`, or its person changes in Slack."""
        ...

    def touch(self, what: What, subject: str, *, final: bool) -> None:
        """The subject changed: every copy of it is due again."""
        ...

    def shown(self, showing_id: str, *, wanted: int, ts: str, posted_in: str) -> None:
        """People have now seen the copy as of `wanted`."""
        ...

    def show_now(self, now: datetime) -> None:
        """At start-up: nothing waits for its time any more."""
        ...

    def show_later(self, showing_id: str, not_before: datetime, *, attempt: bool) -> None:
        """Not due before then; `attempt` counts a failed try."""
        ...

    def give_up_showing(self, showing_id: str, reason: str) -> None: ...

    def forget(self, before: datetime) -> int:
        """Delete finished asks, their answers, shown messages and drafts that are older.

        Revisions, reports and the audit record stay. How many rows went.
        """
        ...

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
        """Append to the chain."""
        ...
