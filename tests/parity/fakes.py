"""Stand-ins for both sides: values that a test changes before it looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connection.checks.business_central_side import GENERAL_LEDGER_SETUP, NEEDED_SERVICES
from connection.checks.integration_user import INTEGRATION_ADMINISTRATOR, INTEGRATION_USER
from connection.errors import RemoteFault
from connection.identities import Access
from connection.ports import BusinessCentral, Messenger, Sales
from connection.remote import (
    Company,
    Organisation,
    PublishedService,
    Reached,
    SalesRole,
    SalesUser,
    SignedIn,
)

LATER = datetime(2100, 1, 1, tzinfo=UTC)
ADMINISTRATOR_ROLE = SalesRole(
    INTEGRATION_ADMINISTRATOR, "Integration Administrator", INTEGRATION_ADMINISTRATOR, ""
)
USER_ROLE = SalesRole(INTEGRATION_USER, "Integration User", INTEGRATION_USER, "")
INTEGRATION_LOGIN = "tester@domain.net"


def a_user(
    email: str = INTEGRATION_LOGIN,
    domain_name: str = "",
    *,
    disabled: bool = False,
    licensed: bool = True,
) -> SalesUser:
    """A row of `systemusers`; its id is its email or domain name."""
    return SalesUser(
        id=email or domain_name,
        full_name="Integration User",
        email=email,
        domain_name=domain_name,
        disabled=disabled,
        licensed=licensed,
        access_mode=4,
        application_id="",
    )


@dataclass
class FakeSales:
    """An organisation as values; with `fault` every call fails with it."""

    users: list[SalesUser] = field(default_factory=lambda: [a_user()])
    held: list[SalesRole] = field(default_factory=lambda: [ADMINISTRATOR_ROLE, USER_ROLE])
    deployed: list[SalesRole] = field(default_factory=lambda: [ADMINISTRATOR_ROLE, USER_ROLE])
    numbers: str = "9.2.26101.00184"
    currency: str = "EUR"
    fault: RemoteFault | None = None
    asked: list[str] = field(default_factory=list)

    async def allowed(self, sales_url: str) -> str:
        """Everything."""
        return "*.dynamics.com"

    async def reach(self, sales_url: str) -> Reached:
        """Always."""
        return Reached(sales_url, ("192.0.2.1",), "", LATER)

    async def sign_in(self, access: Access) -> SignedIn:
        """Always."""
        return SignedIn(access.tenant, access.client_id, LATER)

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

    async def users_with_email(self, access: Access, email: str) -> Sequence[SalesUser]:
        """Without case, as Dataverse compares."""
        self._ask(f"users with email {email}")
        return [user for user in self.users if user.email.lower() == email.lower()]

    async def users_with_domain_name(self, access: Access, name: str) -> Sequence[SalesUser]:
        """Without case, as Dataverse compares."""
        self._ask(f"users with domain name {name}")
        return [user for user in self.users if user.domain_name.lower() == name.lower()]

    async def roles_of(self, access: Access, user_id: str) -> Sequence[SalesRole]:
        """The same for everybody."""
        self._ask("roles")
        return self.held

    async def deployed_roles(self, access: Access, ids: Sequence[str]) -> Sequence[SalesRole]:
        """Those of `deployed` that are asked for."""
        self._ask("deployed roles")
        return [role for role in self.deployed if role.id in ids]

    async def currency_code(self, access: Access, currency_id: str) -> str:
        """As set."""
        self._ask("currency")
        return self.currency

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
            PublishedService(needed.name, needed.properties) for needed in NEEDED_SERVICES
        ]
    )
    local_currency: str = "EUR"

    async def companies(self, access: Access) -> Sequence[Company]:
        """One for each name."""
        return [Company(name, name) for name in self.names]

    async def services(self, access: Access) -> Sequence[PublishedService]:
        """As set."""
        return self.published

    async def general_ledger_setup(self, access: Access, service: str) -> Mapping[str, object]:
        """The row of page 118."""
        assert service == GENERAL_LEDGER_SETUP.name
        return {"Primary_Key": "", "LCY_Code": self.local_currency}


class FakeMessenger:
    """Nobody reads along."""

    def nudge(self) -> None:
        """Nothing to do."""


_: tuple[type[Sales], type[BusinessCentral], type[Messenger]] = (
    FakeSales,
    FakeBusinessCentral,
    FakeMessenger,
)
