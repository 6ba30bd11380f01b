"""One connection while a plan for it is made or applied: what its steps read, and as whom."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from connection.changes.errors import ByHand, NeedsAdministrator
from connection.changes.plan import Act
from connection.changes.remote import HeldSecret, SetupCard
from connection.checks.integration_user import find_users
from connection.checks.looking import Findings, Look
from connection.checks.making import Subject, look_of
from connection.checks.published_pages import (
    CONNECTION_SETUP,
    NeededService,
    found_among,
    name_of,
    page_in_bc,
)
from connection.checks.web_services import bc_version
from connection.errors import (
    CallerDisabled,
    Forbidden,
    NotInOrganisation,
    NotReady,
    PrivilegeMissing,
    RemoteFault,
    SecretMissing,
    SignInFailed,
    Unauthorised,
)
from connection.identities import Access, Identity
from connection.origins import access_of, origin_for
from connection.ports import Ports
from connection.remote import Organisation, PublishedService, SalesUser
from connection.setup import SECRET_FIELDS, ConnectionSetup, Hosting

T = TypeVar("T")
Tell = Callable[[float, str], Awaitable[None]]


async def _tell_nobody(_percent: float, _job: str) -> None: ...


@dataclass(slots=True)
class Scene:
    """`act` and `words` are those of the plan. What one step reads is not kept for the next, but
    for ids and the names of published pages.

    `sign_in` names an administrator's sign-in that is held in memory; `job` is the id for an import
    of a solution, and `tell` is given its progress. `held` maps secret fields to what is stored.
    """

    ports: Ports
    subject: Subject
    act: Act
    words: str = ""
    sign_in: str = ""
    job: str = ""
    tell: Tell = _tell_nobody
    held: Mapping[str, HeldSecret] = field(default_factory=dict)
    correlation: str = field(default_factory=lambda: str(uuid.uuid4()))
    findings: Findings = field(default_factory=Findings)
    _services: Mapping[int, PublishedService] | None = None
    _user: SalesUser | None = None
    _answered: bool = False

    @property
    def setup(self) -> ConnectionSetup:
        """The revision that the plan is for."""
        return self.subject.saved.setup

    @property
    def look(self) -> Look:
        """What a check would be given."""
        return look_of(self.ports, self.subject, self.findings, self.correlation)

    @property
    def bot(self) -> Access:
        """The bot's own identity in Sales."""
        return self.look.access

    @property
    def bc(self) -> Access:
        """To Business Central."""
        return self.look.bc_access

    @property
    def names_business_central(self) -> bool:
        """Whether the setup says which Business Central it is."""
        online = self.setup.hosting == Hosting.ONLINE
        place = self.setup.bc_environment if online else self.setup.bc_url
        return bool(place and self.setup.bc_company)

    async def services(self) -> Mapping[int, PublishedService]:
        """The published pages by number. Raises `ByHand` where the setup names no place."""
        if not self.names_business_central:
            raise ByHand("the setup does not say which Business Central it is")
        if self._services is None:
            found = await self.ports.business_central.services(self.bc)
            self._services = found_among(found)
        return self._services

    async def service(self, page: NeededService) -> str:
        """The name that it is published as. Raises `ByHand` where it is not."""
        try:
            return name_of(await self.services(), page)
        except NotReady as missing:
            raise ByHand(missing.message[0].lower() + missing.message[1:].rstrip(".")) from None

    async def bc_major(self) -> int | None:
        """The first number of Business Central's version; None where nothing says it."""
        if self.findings.bc_major is None and self.names_business_central:
            self.findings.services = await self.services()
            self.findings.companies = await self.ports.business_central.companies(self.bc)
            await bc_version(self.look)
        return self.findings.bc_major

    async def card(self) -> SetupCard:
        """Page 5330 as it is now. **Reading it acts**: Sales is looked at first.

        Raises `ByHand` while Sales does not answer: Business Central might disable itself.
        """
        await self._sales_answers()
        name = await self.service(CONNECTION_SETUP)
        properties = (await self.services())[CONNECTION_SETUP.page].properties
        return await self.ports.business_central_changes.setup_card(self.bc, name, properties)

    async def _sales_answers(self) -> None:
        if self._answered or self.findings.organisation is not None:
            return
        try:
            await self.ports.sales.who_am_i(self.bot)
        except RemoteFault as fault:
            raise ByHand(
                "Sales does not answer, and reading page 5330 would make Business Central act"
            ) from fault
        self._answered = True

    async def change_card(
        self, values: Mapping[str, object], password: HeldSecret | None = None
    ) -> None:
        """As the page was read a moment ago."""
        name, card = await self.service(CONNECTION_SETUP), await self.card()
        await self.ports.business_central_changes.change_setup(
            self.bc, name, card, values, password
        )

    async def organisation(self) -> Organisation:
        """The organisation as it is now."""
        return await self.ports.sales.organisation(self.bot)

    async def integration_user(self) -> SalesUser:
        """Raises `NotReady` where Sales has none."""
        if self._user is None:
            users = await find_users(self.look)
            if len(users) > 1:
                raise NotReady(
                    f"Sales has {len(users)} users with the login of the integration user, and "
                    "the bot changes none of them.",
                    "Leave one of them that login, or choose a dedicated user with /d365 setup.",
                )
            if not users:
                raise NotReady(
                    "Sales does not have the integration user of the setup.",
                    "Add it in the Power Platform admin center, or correct it with /d365 setup.",
                )
            self._user = users[0]
        return self._user

    async def as_whoever_may(self, act: Callable[[Access], Awaitable[T]]) -> T:
        """As the bot; where that lacks a right, as the administrator who signed in.

        Raises `NeedsAdministrator` where nobody is signed in.
        """
        try:
            return await act(self.bot)
        except (NotInOrganisation, CallerDisabled):
            raise
        except Forbidden as refused:
            if not self.sign_in:
                raise NeedsAdministrator(_lacking(refused), refused.hint) from refused
            return await self._as_administrator(act)

    async def _as_administrator(self, act: Callable[[Access], Awaitable[T]]) -> T:
        access = access_of(Identity.ADMINISTRATOR, self.setup, lambda _: None)
        access = replace(access, sign_in=self.sign_in, correlation=self.correlation)
        try:
            return await act(access)
        except (SecretMissing, SignInFailed, Unauthorised) as gone:
            raise NeedsAdministrator("The administrator's sign-in is over.") from gone

    def secret(self, name: str) -> HeldSecret | None:
        """What the bot holds for a field, for the place that this setup names."""
        held = self.held.get(name)
        about = next(one for one in SECRET_FIELDS if one.name == name)
        return held if held and held.origin == origin_for(about, self.setup) else None

    def needed_secret(self, name: str) -> HeldSecret:
        """Raises `NotReady` where it was replaced or erased since the plan was made."""
        held = self.secret(name)
        if held is None:
            raise NotReady(
                "The bot does not hold any more what the plan hands over.",
                f"Give it again with /d365 secret {self.setup.name}, then ask anew.",
            )
        return held

    def page(self, number: int, title: str) -> str:
        """`In Business Central open …`, with its address."""
        return page_in_bc(self.setup, number, title)


def _lacking(refused: Forbidden) -> str:
    privilege = refused.privilege if isinstance(refused, PrivilegeMissing) else ""
    named = f", {privilege}" if privilege else ""
    return f"The bot's own user in Sales lacks a right for the next step{named}."
