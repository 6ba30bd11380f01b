"""What the core needs from the outside: each port is carried out by one adapter in a side room."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from connection.asks import Answer, Ask, Showing, What
from connection.audit import AuditEntry, AuditTag, ChainHead
from connection.connection import Connection, Health
from connection.identities import Access, SecretOrigin, SecretRef
from connection.people import Admins, Grant, Person
from connection.remote import (
    Company,
    Organisation,
    PublishedService,
    Reached,
    SalesRole,
    SalesUser,
    SignedIn,
)
from connection.report import Report
from connection.secrets import SecretFacts
from connection.setup import ConnectionSetup, Draft, SavedSetup

T = TypeVar("T")


class Reading(Protocol):
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
    def secret(self, secret_id: str) -> SecretFacts | None: ...
    def report(self, report_id: str) -> Report | None:
        """The finished report, or the progress of a running one."""
        ...

    def last_report(self, connection_id: str) -> Report | None:
        """The newest finished one."""
        ...

    def ask(self, ask_id: str) -> Ask | None: ...
    def ask_is_open(self, ask_id: str) -> bool:
        """Accepted and not finished yet."""
        ...

    def open_asks(self) -> Sequence[Ask]:
        """Accepted, not finished and not held, oldest first."""
        ...

    def answer(self, ask_id: str) -> Answer | None: ...
    def showing(self, showing_id: str) -> Showing | None: ...
    def due_showings(self, now: datetime) -> Sequence[Showing]:
        """Copies whose `wanted` differs from `shown` and whose time has come, oldest first."""
        ...

    def next_showing_at(self, now: datetime) -> datetime | None:
        """When the next copy that is not due yet becomes due."""
        ...

    def audit_entries(
        self, workspace: str, *, limit: int, connection: str | None = None
    ) -> Sequence[AuditEntry]:
        """The newest rows of a workspace, newest first; of one connection's name if given."""
        ...

    def audit_head(self) -> ChainHead: ...


class Transaction(Reading, Protocol):
    """What can be changed. Everything done in one closure commits together or not at all."""

    def accept(self, ask: Ask, *, held: bool = False) -> bool:
        """Insert one inbox row; False, and nothing inserted, if its `dedupe_key` was seen before.

        A held ask is not dispatched until `release`, or until the bot starts again.
        """
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

    def seal_secret(self, ref: SecretRef, value: str, person: Person, at: datetime) -> SecretFacts:
        """Seal and store. Raises `EncryptionOff` when no key exists."""
        ...

    def erase_secret(self, secret_id: str) -> None: ...

    def keep_progress(self, report: Report) -> None:
        """Insert or replace the progress of a running test."""
        ...

    def keep_report(self, report: Report) -> None:
        """Append a finished report and drop its progress; the same id twice is harmless."""
        ...

    def show(self, showing: Showing) -> None:
        """Insert into the outbox; the same id twice is harmless."""
        ...

    def touch(self, what: What, subject: str, *, final: bool) -> None:
        """The subject changed: every copy of it is due again."""
        ...

    def shown(self, showing_id: str, *, wanted: int, ts: str, posted_in: str) -> None:
        """People have now seen the copy as of `wanted`."""
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


class Ledger(Protocol):
    """The database. Closures are sync, short and call nothing outside."""

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Commit what `work` did, or nothing if it raised; its exception is raised here."""
        ...

    async def read(self, query: Callable[[Reading], T]) -> T:
        """A consistent view of what is committed."""
        ...


class Vault(Protocol):
    """Opens stored secrets, for the adapters that send them."""

    async def open(self, ref: SecretRef, origin: SecretOrigin) -> str:
        """Raises `SecretMissing` if it is gone, `SealBroken` if it was not given for `origin`."""
        ...


class Jobs(Protocol):
    """Durable jobs: an accepted ask is carried out, after any crash."""

    async def start(self, ask_id: str, *, again: bool = False) -> None:
        """Start the job of this ask; starting it twice is harmless.

        `again` where it may have been started before: after a crash, or after a failed try.
        """
        ...

    async def forget(self, before: datetime) -> None:
        """Delete what the engine keeps of jobs that ended before then."""
        ...


class Messenger(Protocol):
    """Shows what stands in the outbox."""

    def nudge(self) -> None:
        """There is something to show. Never blocks and never fails."""
        ...


class Clock(Protocol):
    """The time, aware and in UTC."""

    def now(self) -> datetime: ...


class Sales(Protocol):
    """Dynamics 365 Sales through Dataverse's Web API. Every method raises `RemoteFault`."""

    async def allowed(self, sales_url: str) -> str:
        """The rule by which the host may be called, such as `*.dynamics.com`.

        Raises `HostNotAllowed`. Calls nothing.
        """
        ...

    async def reach(self, sales_url: str) -> Reached:
        """DNS, TCP and TLS without signing in."""
        ...

    async def sign_in(self, access: Access) -> SignedIn:
        """A fresh token from Entra ID for this organisation, not one from memory."""
        ...

    async def who_am_i(self, access: Access) -> str:
        """The id of the identity's own systemuser row."""
        ...

    async def version(self, access: Access) -> str:
        """`RetrieveVersion`, such as 9.2.24101.00157."""
        ...

    async def organisation(self, access: Access) -> Organisation: ...

    async def users_with_email(self, access: Access, email: str) -> Sequence[SalesUser]:
        """By `internalemailaddress`, compared without case."""
        ...

    async def users_with_domain_name(self, access: Access, name: str) -> Sequence[SalesUser]:
        """By `domainname`, compared without case."""
        ...

    async def roles_of(self, access: Access, user_id: str) -> Sequence[SalesRole]: ...

    async def deployed_roles(self, access: Access, ids: Sequence[str]) -> Sequence[SalesRole]:
        """Which of these role ids exist in the organisation."""
        ...

    async def currency_code(self, access: Access, currency_id: str) -> str:
        """`isocurrencycode` of a transactioncurrency."""
        ...


class BusinessCentral(Protocol):
    """Business Central online. Every method raises `RemoteFault`; none opens page 5330 or 7200."""

    async def companies(self, access: Access) -> Sequence[Company]: ...

    async def services(self, access: Access) -> Sequence[PublishedService]:
        """The published OData V4 services, read from `$metadata`."""
        ...

    async def general_ledger_setup(self, access: Access, service: str) -> Mapping[str, object]:
        """The one row of page 118, published under the name `service`."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything that a use case may use, wired once in `bot/wiring.py`.

    `admins` are the people named by the operator; `encryption_on` tells whether secrets can be
    stored.
    """

    ledger: Ledger
    sales: Sales
    business_central: BusinessCentral
    messenger: Messenger
    clock: Clock
    admins: Admins
    encryption_on: Callable[[], bool]
