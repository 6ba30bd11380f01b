"""What the core needs from the outside: each port is carried out by one adapter in a side room."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from connection.asks import Ask
from connection.business_central import BusinessCentral as BusinessCentral
from connection.changes.ports import BusinessCentralChanges as BusinessCentralChanges
from connection.changes.ports import Packages as Packages
from connection.changes.ports import SalesChanges as SalesChanges
from connection.directory import Directory
from connection.errors import AdminError
from connection.exchanges import Exchanges
from connection.identities import Access
from connection.own_app import OwnApp
from connection.people import Admins
from connection.remote import (
    NavConnection,
    Organisation,
    Page,
    Reached,
    SalesRole,
    SalesUser,
    SignedIn,
    Solution,
    Tenancy,
)
from connection.secret_ports import Certificates as Certificates
from connection.secret_ports import Encryption as Encryption
from connection.secret_ports import Hold as Hold
from connection.secret_ports import Links as Links
from connection.secret_ports import Vault as Vault
from connection.signing_in import DeviceCode, SignedInAs
from connection.transactions import Reading as Reading
from connection.transactions import Transaction as Transaction

T = TypeVar("T")


class Ledger(Protocol):
    """The database. Closures are sync, short and call nothing outside."""

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Commit what `work` did, or nothing if it raised; its exception is raised here."""
        ...

    async def read(self, query: Callable[[Reading], T]) -> T:
        """A consistent view of what is committed."""
        ...


class SignIns(Protocol):
    """Administrators who sign in with a device code. Codes and tokens are in memory only."""

    async def begin(
        self, access: Access, ended: Callable[[SignedInAs | AdminError], Awaitable[None]]
    ) -> DeviceCode:
        """Ask Entra ID for a code for the sign-in `access.sign_in`. Raises `RemoteFault`.

        `ended` is awaited once, when Entra ID has answered for good or the code is over.
        """
        ...

    def watch(self, sign_in_id: str) -> None:
        """Ask Entra ID in the background, until somebody has entered the code."""
        ...

    def code(self, sign_in_id: str) -> DeviceCode | None:
        """The code to show; None once it is forgotten."""
        ...

    def forget(self, sign_in_id: str) -> None:
        """Code, flow and token are gone; nobody asks any more. `ended` is not called."""
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

    async def tenancy(self, access: Access) -> Tenancy:
        """What Entra ID says of the tenant in `access`; nobody signs in for it."""
        ...

    def throttled(self, access: Access) -> int:
        """How many calls as this identity Sales has refused with 429 since the bot started."""
        ...

    def forget(self, secret_id: str) -> None:
        """Tokens that were issued for this secret are forgotten; harmless without any."""
        ...

    async def who_am_i(self, access: Access) -> str:
        """The id of the identity's own systemuser row."""
        ...

    async def version(self, access: Access) -> str:
        """`RetrieveVersion`, such as 9.2.24101.00157."""
        ...

    async def organisation(self, access: Access) -> Organisation: ...

    def all_users(self, access: Access, at: str = "") -> AsyncGenerator[Page[SalesUser], None]:
        """Everybody, in pages, or from the page `at` on, which an earlier one named as following.

        Whoever stops early closes the generator.
        """
        ...

    async def users_with_email(self, access: Access, email: str) -> Sequence[SalesUser]:
        """By `internalemailaddress`, compared without case."""
        ...

    async def users_with_domain_name(self, access: Access, name: str) -> Sequence[SalesUser]:
        """By `domainname`, compared without case."""
        ...

    async def users_with_application_id(
        self, access: Access, client_id: str
    ) -> Sequence[SalesUser]:
        """Application users by `applicationid`."""
        ...

    async def roles_of(self, access: Access, user_id: str) -> Sequence[SalesRole]: ...

    async def deployed_roles(self, access: Access, ids: Sequence[str]) -> Sequence[SalesRole]:
        """Which of these role ids exist in the organisation."""
        ...

    async def role_copies(self, access: Access, root_id: str, name: str) -> Sequence[SalesRole]:
        """Every copy, one a business unit, of the role with this root id, and of the roles whose
        name ends with `name`."""
        ...

    def holders(
        self, access: Access, role_ids: Sequence[str]
    ) -> AsyncGenerator[Sequence[tuple[str, str]], None]:
        """User id and role id of everybody who holds one of these roles themselves, in pages."""
        ...

    async def privileges_of(self, access: Access, user_id: str) -> frozenset[str]:
        """Names such as prvReadAccount, from all roles of the user and of its teams."""
        ...

    async def solution(self, access: Access, unique_name: str) -> Solution | None:
        """None where it is not installed."""
        ...

    async def nav_connections(self, access: Access) -> Sequence[NavConnection]:
        """Raises `NotFound` where the integration solution is not installed."""
        ...

    async def reads_account_statistics(self, access: Access) -> bool:
        """Whether `nav_accountstatistics` holds a row; raises where it cannot be read."""
        ...

    async def currency_code(self, access: Access, currency_id: str) -> str:
        """`isocurrencycode` of a transactioncurrency."""
        ...

    async def currency_codes(self, access: Access) -> Sequence[str]:
        """Of every transactioncurrency."""
        ...


class Turns(Protocol):
    """Whose job comes next."""

    def nudge(self, ask: Ask) -> None:
        """This ask was accepted. Never blocks and never fails."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything that a use case may use, wired once in `bot/wiring.py`.

    `admins` are the people named by the operator; `secrets_in_slack` says that the operator
    lets secrets be typed into modals.
    """

    ledger: Ledger
    sales: Sales
    business_central: BusinessCentral
    sales_changes: SalesChanges
    business_central_changes: BusinessCentralChanges
    packages: Packages
    messenger: Messenger
    clock: Clock
    directory: Directory
    admins: Admins
    encryption: Encryption
    hold: Hold
    certificates: Certificates
    links: Links
    sign_ins: SignIns
    exchanges: Exchanges
    own_app: OwnApp
    turns: Turns
    secrets_in_slack: bool = False
