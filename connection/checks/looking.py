"""What a check is given and what it gives back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connection.identities import Access, Identity
from connection.own_app import AppStanding, OwnApp
from connection.ports import BusinessCentral, Sales
from connection.remote import (
    Company,
    NavConnection,
    Organisation,
    PublishedService,
    Reached,
    SalesUser,
    Solution,
)
from connection.report import Outcome, Topic
from connection.setup import ConnectionSetup, Hosting


@dataclass(slots=True)
class Findings:
    """What earlier checks of the same test found, for later ones; None is what none found.

    `services` are published pages of Business Central by their number, `connection_enabled` is what
    page 5330 said, at `enabled_at`, `disable_reason` why Business Central disabled the connection
    while that page was read. `bc_major` is the version's first number, or the first of those that
    look so.

    `own_user_id` is the bot's systemuser; `shut` says that Sales refused the bot as nobody in
    particular; `throttled_before` is what `Sales.throttled` counted when the test began.
    """

    reached: Reached | None = None
    tenant_id: str = ""
    own_user_id: str = ""
    shut: bool = False
    throttled_before: int = 0
    organisation: Organisation | None = None
    solution: Solution | None = None
    nav_connections: Sequence[NavConnection] | None = None
    integration_user: SalesUser | None = None
    integration_roles_deployed: bool = False
    companies: Sequence[Company] | None = None
    services: Mapping[int, PublishedService] | None = None
    bc_major: int | None = None
    bc_throttled_before: int = 0
    integration_signed_in: bool = False
    connection_enabled: bool | None = None
    enabled_at: datetime | None = None
    disable_reason: str | None = None
    slack: AppStanding | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Everything a check may use. Each access carries the check's own correlation id.

    `secret_ends` maps secret fields to the known end of what is held for them.
    """

    setup: ConnectionSetup
    accesses: Mapping[Identity, Access]
    sales: Sales
    business_central: BusinessCentral
    own_app: OwnApp
    workspace: str
    findings: Findings
    now: datetime
    secret_ends: Mapping[str, datetime]

    @property
    def access(self) -> Access:
        """The bot's own."""
        return self.accesses[Identity.BOT]

    @property
    def bc_access(self) -> Access:
        """To Business Central: the bot's own online, the user's with the key on-premises."""
        online = self.setup.hosting == Hosting.ONLINE
        return self.accesses[Identity.BOT if online else Identity.BUSINESS_CENTRAL]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check came to: a sentence for people, and what to do about it. `private` is for the
    one who asked: a channel reads no names."""

    outcome: Outcome
    sentence: str
    remedy: str = ""
    private: str = ""


def passed(sentence: str) -> Found:
    """Nothing to do."""
    return Found(Outcome.PASS, sentence)


def warned(sentence: str, remedy: str) -> Found:
    """It works, and somebody should look at it."""
    return Found(Outcome.WARN, sentence, remedy)


def failed(sentence: str, remedy: str) -> Found:
    """It does not work, and this would mend it."""
    return Found(Outcome.FAIL, sentence, remedy)


def untested(why: str) -> Found:
    """It cannot be tested, which may be meant so."""
    return Found(Outcome.UNTESTED, why)


def skipped(because: str, remedy: str = "") -> Found:
    """It was not tested; `because` completes "Skipped because"."""
    return Found(Outcome.SKIPPED, because, remedy)


@dataclass(frozen=True, slots=True)
class Check:
    """A row of `CHECKS`. It runs only if every check named in `needs` passed or warned.

    `on_premises` says as whom it tests, and what it needs, where Business Central runs there.
    `topic` is where it stands in the report.
    """

    id: str
    title: str
    identity: Identity
    needs: tuple[str, ...]
    look: Callable[[Look], Awaitable[Found]] = field(repr=False)
    on_premises: tuple[Identity, tuple[str, ...]] | None = None
    topic: Topic = Topic.NONE

    def tested_as(self, setup: ConnectionSetup) -> Identity:
        """The identity that it tests for this setup."""
        return self.on_premises[0] if self._differs(setup) and self.on_premises else self.identity

    def needed_for(self, setup: ConnectionSetup) -> tuple[str, ...]:
        """The checks that have to go through before it."""
        return self.on_premises[1] if self._differs(setup) and self.on_premises else self.needs

    def _differs(self, setup: ConnectionSetup) -> bool:
        return setup.hosting == Hosting.ON_PREMISES
