"""Stand-ins for both sides: values that a test changes before it looks."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.clock import SystemClock
from connection.asks import Ask
from connection.checks.bc_sign_in import APP_PERMISSION
from connection.checks.integration_user import INTEGRATION_ADMINISTRATOR, INTEGRATION_USER
from connection.checks.privileges import NEEDED_PRIVILEGES
from connection.checks.published_pages import (
    GENERAL_LEDGER_SETUP,
    ITEM_AVAILABILITY,
    NEEDED_SERVICES,
)
from connection.checks.solution import INTEGRATION_SOLUTION
from connection.checks.web_services import FORMS
from connection.directory import Directory
from connection.errors import AdminError, RemoteFault
from connection.identities import Access
from connection.own_app import AppStanding
from connection.people import Admins
from connection.ports import (
    BusinessCentral,
    BusinessCentralChanges,
    Clock,
    Messenger,
    Packages,
    Ports,
    Sales,
    SalesChanges,
    SignIns,
)
from connection.remote import (
    BcUser,
    Company,
    ConnectionPage,
    JobQueueEntry,
    NavConnection,
    Organisation,
    Page,
    PublishedService,
    Reached,
    SalesRole,
    SalesUser,
    SignedIn,
    Solution,
    TableMapping,
    Tenancy,
)
from connection.signing_in import DeviceCode, SignedInAs
from dynamics.journal import Journal
from dynamics.packages import PackageFolder
from storage.certificates import X509Certificates
from storage.database import Database
from storage.encryption import KeyEncryption
from tests.directories import FakeDirectory
from tests.parity.fake_changes import FakeSalesChanges, FakeSetupPage

TENANT = "00000000-1111-2222-3333-666666666666"
LATER = datetime(2100, 1, 1, tzinfo=UTC)
ADMINISTRATOR_ROLE = SalesRole(
    INTEGRATION_ADMINISTRATOR, "Integration Administrator", INTEGRATION_ADMINISTRATOR, ""
)
USER_ROLE = SalesRole(INTEGRATION_USER, "Integration User", INTEGRATION_USER, "")
INTEGRATION_LOGIN = "tester@domain.net"
SALES_URL = "https://adventure-example.crm4.dynamics.com"

PUBLIC = Tenancy(TENANT, "login.microsoftonline.com")
INSTALLED = Solution(INTEGRATION_SOLUTION, "9.1.0.12", managed=True)
CONNECTED = NavConnection(
    name="Adventure Example Ltd.",
    web_client_url="https://businesscentral.dynamics.com/Production?company=Adventure%20Example%20Ltd.",
    odata_url="https://api.businesscentral.dynamics.com/v2.0/Production/OData/ProductItemAvailability",
    odata_user_name="SYNC",
)


def a_user(
    email: str = INTEGRATION_LOGIN,
    domain_name: str = "",
    *,
    disabled: bool = False,
    licensed: bool = True,
    access_mode: int = 4,
    application_id: str = "",
) -> SalesUser:
    """A row of `systemusers`; its id is its email or domain name."""
    return SalesUser(
        id=email or domain_name,
        full_name="Integration User",
        email=email,
        domain_name=domain_name,
        disabled=disabled,
        licensed=licensed,
        access_mode=access_mode,
        application_id=application_id,
    )


@dataclass
class FakeSales:
    """An organisation as values; with `fault` every call fails with it."""

    users: list[SalesUser] = field(default_factory=lambda: [a_user()])
    held: list[SalesRole] = field(default_factory=lambda: [ADMINISTRATOR_ROLE, USER_ROLE])
    deployed: list[SalesRole] = field(default_factory=lambda: [ADMINISTRATOR_ROLE, USER_ROLE])
    privileges: frozenset[str] = frozenset(NEEDED_PRIVILEGES)
    installed: Solution | None = INSTALLED
    connections: list[NavConnection] = field(default_factory=lambda: [CONNECTED])
    belongs: Tenancy | None = PUBLIC
    clock_ahead: float | None = 0.0
    numbers: str = "9.2.26101.00184"
    currency: str = "EUR"
    refused: int = 0
    fault: RemoteFault | None = None
    asked: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    async def allowed(self, sales_url: str) -> str:
        """Everything."""
        return "*.dynamics.com"

    async def reach(self, sales_url: str) -> Reached:
        """Always."""
        addresses = ("192.0.2.1",)
        return Reached(sales_url, addresses, "", LATER, self.clock_ahead, self.belongs)

    async def sign_in(self, access: Access) -> SignedIn:
        """Always."""
        return SignedIn(access.tenant, access.client_id, LATER)

    async def tenancy(self, access: Access) -> Tenancy:
        """One, whatever the setup calls it."""
        return PUBLIC

    def throttled(self, access: Access) -> int:
        """As set."""
        return self.refused

    def forget(self, secret_id: str) -> None:
        """Noted."""
        self.forgotten.append(secret_id)

    async def who_am_i(self, access: Access) -> str:
        """The bot."""
        self._ask("who am I")
        return "bot"

    async def version(self, access: Access) -> str:
        """As set."""
        self._ask("version")
        return self.numbers

    async def organisation(self, access: Access) -> Organisation:
        """One."""
        self._ask("organisation")
        return Organisation("o1", "Adventure", "c1", sales_orders_integrated=False)

    async def all_users(
        self, access: Access, at: str = ""
    ) -> AsyncGenerator[Page[SalesUser], None]:
        """In one page."""
        self._ask("all users")
        yield Page(self.users, "")

    async def users_with_email(self, access: Access, email: str) -> Sequence[SalesUser]:
        """Without case, as Dataverse compares."""
        self._ask(f"users with email {email}")
        return [user for user in self.users if user.email.lower() == email.lower()]

    async def users_with_domain_name(self, access: Access, name: str) -> Sequence[SalesUser]:
        """Without case, as Dataverse compares."""
        self._ask(f"users with domain name {name}")
        return [user for user in self.users if user.domain_name.lower() == name.lower()]

    async def users_with_application_id(
        self, access: Access, client_id: str
    ) -> Sequence[SalesUser]:
        """Application users by the app's id."""
        self._ask(f"users with application id {client_id}")
        return [user for user in self.users if user.application_id == client_id]

    async def roles_of(self, access: Access, user_id: str) -> Sequence[SalesRole]:
        """The same for everybody."""
        self._ask("roles")
        return self.held

    async def deployed_roles(self, access: Access, ids: Sequence[str]) -> Sequence[SalesRole]:
        """Those of `deployed` that are asked for."""
        self._ask("deployed roles")
        return [role for role in self.deployed if role.id in ids]

    async def role_copies(self, access: Access, root_id: str, name: str) -> Sequence[SalesRole]:
        """Those of `deployed`, without copies."""
        self._ask("role copies")
        return [
            role for role in self.deployed if role.root_id == root_id or role.name.endswith(name)
        ]

    async def holders(
        self, access: Access, role_ids: Sequence[str]
    ) -> AsyncGenerator[Sequence[tuple[str, str]], None]:
        """Everybody holds what is in `held`."""
        self._ask("holders")
        held = [role.id for role in self.held if role.id in role_ids]
        yield [(user.id, role) for user in self.users for role in held]

    async def privileges_of(self, access: Access, user_id: str) -> frozenset[str]:
        """The same for everybody."""
        self._ask("privileges")
        return self.privileges

    async def solution(self, access: Access, unique_name: str) -> Solution | None:
        """As set."""
        self._ask(f"solution {unique_name}")
        return self.installed

    async def nav_connections(self, access: Access) -> Sequence[NavConnection]:
        """As set."""
        self._ask("connections of Business Central")
        return self.connections

    async def reads_account_statistics(self, access: Access) -> bool:
        """Always."""
        self._ask("account statistics")
        return True

    async def currency_code(self, access: Access, currency_id: str) -> str:
        """As set."""
        self._ask("currency")
        return self.currency

    async def currency_codes(self, access: Access) -> Sequence[str]:
        """The one and another."""
        self._ask("currencies")
        return [self.currency, "NOK"]

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.fault is not None:
            raise self.fault


@dataclass
class FakeBusinessCentral:
    """An environment as values."""

    names: list[str] = field(default_factory=lambda: ["Adventure Example Ltd."])
    published: list[PublishedService] = field(
        default_factory=lambda: [
            PublishedService(needed.name, needed.properties | FORMS[0].shows)
            for needed in (*NEEDED_SERVICES, ITEM_AVAILABILITY)
        ]
    )
    local_currency: str = "EUR"
    emails: bool = True
    mappings: list[TableMapping] = field(
        default_factory=lambda: [TableMapping("CUSTOMER", "Bidirectional")]
    )
    jobs: list[JobQueueEntry] = field(default_factory=list)
    page: ConnectionPage = field(
        default_factory=lambda: ConnectionPage(SALES_URL, INTEGRATION_LOGIN, False, "", False)
    )
    version: str = "15.17.47256.0"
    permissions: frozenset[str] | None = frozenset({APP_PERMISSION})
    opened: int = 0
    refused: RemoteFault | None = None

    async def allowed(self, access: Access) -> str:
        """Everything."""
        return "*.dynamics.com"

    async def reach(self, access: Access) -> Reached:
        """Always."""
        return Reached("bc.example", ("192.0.2.1",), "", LATER)

    async def sign_in(self, access: Access) -> SignedIn:
        """Always."""
        return SignedIn(access.tenant, access.client_id, LATER, self.permissions)

    def throttled(self, access: Access) -> int:
        """Never."""
        return 0

    async def has_authentication_emails(self, access: Access, service: str) -> bool:
        """As set."""
        return self.emails

    async def table_mappings(self, access: Access, service: str) -> Sequence[TableMapping]:
        """As set."""
        return self.mappings

    async def synchronisation_jobs(self, access: Access, service: str) -> Sequence[JobQueueEntry]:
        """As set."""
        return self.jobs

    async def connection_page(self, access: Access, service: str) -> ConnectionPage:
        """As set; counted. Refused where that is set."""
        self.opened += 1
        if self.refused:
            raise self.refused
        return self.page

    people: list[BcUser] = field(default_factory=list)

    async def companies(self, access: Access) -> Sequence[Company]:
        """One for each name."""
        return [Company(name, name, self.version) for name in self.names]

    async def services(self, access: Access) -> Sequence[PublishedService]:
        """As set."""
        return self.published

    async def general_ledger_setup(self, access: Access, service: str) -> Mapping[str, object]:
        """The row of page 118."""
        assert service == GENERAL_LEDGER_SETUP.name
        return {"Primary_Key": "", "LCY_Code": self.local_currency}

    async def users(
        self, access: Access, service: str, at: str = ""
    ) -> AsyncGenerator[Page[BcUser], None]:
        """In one page."""
        yield Page(self.people, "")

    async def users_with_email(self, access: Access, service: str, email: str) -> Sequence[BcUser]:
        """Without case."""
        return [user for user in self.people if user.email.lower() == email.lower()]


@dataclass
class FakeOwnApp:
    """The app in Slack as a value."""

    told: AppStanding | None = field(default_factory=lambda: AppStanding(clock_ahead=0.2))

    async def standing(self, workspace: str, /) -> AppStanding | None:
        """As set."""
        return self.told


class FakeTurns:
    """Nobody carries anything out by itself."""

    def nudge(self, ask: Ask) -> None:
        """Nothing."""


class FakeMessenger:
    """Nobody reads along."""

    def nudge(self) -> None:
        """Nothing to do."""


class FakeSignIns:
    """Nobody enters a code unless the test says so, by `answer`."""

    def __init__(self) -> None:
        self.begun: dict[str, Callable[[SignedInAs | AdminError], Awaitable[None]]] = {}
        self.watched: list[str] = []
        self.forgotten: list[str] = []

    async def begin(
        self, access: Access, ended: Callable[[SignedInAs | AdminError], Awaitable[None]]
    ) -> DeviceCode:
        """A code."""
        self.begun[access.sign_in] = ended
        return DeviceCode("ABCD-EFGH", "https://login.example/device", LATER)

    def watch(self, sign_in_id: str) -> None:
        """Noted."""
        self.watched.append(sign_in_id)

    def code(self, sign_in_id: str) -> DeviceCode | None:
        """While it was not forgotten."""
        known = sign_in_id in self.begun and sign_in_id not in self.forgotten
        return DeviceCode("ABCD-EFGH", "https://login.example/device", LATER) if known else None

    def forget(self, sign_in_id: str) -> None:
        """Noted."""
        self.forgotten.append(sign_in_id)

    async def answer(self, sign_in_id: str, outcome: SignedInAs | AdminError) -> None:
        """Entra ID has answered."""
        await self.begun[sign_in_id](outcome)


def ports_on(
    database: Database,
    *,
    sales: Sales | None = None,
    business_central: BusinessCentral | None = None,
    sales_changes: SalesChanges | None = None,
    business_central_changes: BusinessCentralChanges | None = None,
    packages: Packages | None = None,
    clock: Clock | None = None,
    admins: Admins | None = None,
    public_url: str = "",
    secrets_in_slack: bool = False,
    directory: Directory | None = None,
) -> Ports:
    """A real database, and stand-ins for everything else."""
    return Ports(
        ledger=database.ledger,
        sales=sales or FakeSales(),
        business_central=business_central or FakeBusinessCentral(),
        sales_changes=sales_changes or FakeSalesChanges(),
        business_central_changes=business_central_changes or FakeSetupPage(),
        packages=packages or PackageFolder(None),
        messenger=FakeMessenger(),
        clock=clock or SystemClock(),
        directory=directory or FakeDirectory(clock),
        admins=admins or Admins(),
        encryption=KeyEncryption(database.keys, lambda: ""),
        hold=database.held,
        certificates=X509Certificates(),
        links=database.links(public_url),
        sign_ins=FakeSignIns(),
        exchanges=Journal(),
        own_app=FakeOwnApp(),
        turns=FakeTurns(),
        secrets_in_slack=secrets_in_slack,
    )


_: tuple[type[Sales], type[BusinessCentral], type[Messenger], type[SignIns]] = (
    FakeSales,
    FakeBusinessCentral,
    FakeMessenger,
    FakeSignIns,
)
