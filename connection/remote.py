"""What the two sides answer, as values: Sales through Dataverse, and Business Central."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of rows. `following` is the next one's address, opaque and used as it is given; ''
    on the last page."""

    rows: Sequence[T]
    following: str


@dataclass(frozen=True, slots=True)
class Tenancy:
    """A tenant, and the host where its cloud signs people in, such as login.microsoftonline.com."""

    tenant_id: str
    login_host: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A TLS connection to the host stood; `through_proxy` names the proxy's host, or ''.

    `clock_ahead` is by how many seconds the host's clock is ahead of the bot's, `tenancy` what
    the host says of itself to whoever has not signed in; None where it said nothing.
    """

    host: str
    addresses: tuple[str, ...]
    through_proxy: str
    certificate_expires: datetime | None
    clock_ahead: float | None = None
    tenancy: Tenancy | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A token was issued; the token itself never leaves the adapter.

    `app_permissions` are those that the token names, None where it cannot be looked into.
    """

    tenant: str
    client_id: str
    expires_at: datetime
    app_permissions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """The first row of `organizations`; ids are GUIDs as text."""

    id: str
    name: str
    base_currency_id: str
    sales_orders_integrated: bool


class SalesUser(NamedTuple):
    """A row of `systemusers`. `access_mode`: 0 read-write, 1 administrative, 2 read,
    3 support user, 4 non-interactive, 5 delegated admin.

    A tuple, because a hundred thousand of them are made at once, in a third less time.
    """

    id: str
    full_name: str
    email: str
    domain_name: str
    disabled: bool
    licensed: bool
    access_mode: int
    application_id: str


class BcUser(NamedTuple):
    """A row of page 9800, Users. `name` is the User Name, in upper case; `licence` the License
    Type, such as Full User."""

    name: str
    full_name: str
    enabled: bool
    licence: str
    email: str


@dataclass(frozen=True, slots=True)
class SalesRole:
    """A security role of a user: `root_id` is the role of the root business unit it copies."""

    id: str
    name: str
    root_id: str
    template_id: str


@dataclass(frozen=True, slots=True)
class Solution:
    """A row of `solutions`."""

    unique_name: str
    version: str
    managed: bool


@dataclass(frozen=True, slots=True)
class NavConnection:
    """A row of `nav_connections`: what Business Central wrote into Sales about itself.

    The access key that stands beside the user name is never read.
    """

    name: str
    web_client_url: str
    odata_url: str
    odata_user_name: str


@dataclass(frozen=True, slots=True)
class Company:
    """A company of a Business Central environment; `version` is '' where it is not told."""

    id: str
    name: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class PublishedService:
    """An OData V4 web service of Business Central: its name and the properties it shows."""

    name: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A row of Integration Table Mapping (page 5335). `only_coupled`: records that are not coupled
    are left alone."""

    name: str
    direction: str
    only_coupled: bool = True


@dataclass(frozen=True, slots=True)
class JobQueueEntry:
    """A row of Job Queue Entries (page 672) that synchronises with Sales."""

    codeunit: int
    status: str
    description: str


@dataclass(frozen=True, slots=True)
class ConnectionPage:
    """What page 5330 shows of Business Central's own setup; the secrets on it are never read."""

    server_address: str
    user_name: str
    enabled: bool
    crm_version: str
    solution_installed: bool
