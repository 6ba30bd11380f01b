"""The port to Business Central: what is read there."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Protocol

from connection.identities import Access
from connection.remote import (
    BcUser,
    Company,
    ConnectionPage,
    JobQueueEntry,
    Page,
    PublishedService,
    Reached,
    SignedIn,
    TableMapping,
)


class BusinessCentral(Protocol):
    """Business Central, online or on-premises. Every method raises `RemoteFault`; only
    `connection_page` opens page 5330, and none opens page 7200.

    `service` is the name under which the page is published.
    """

    async def allowed(self, access: Access) -> str:
        """The rule by which the host may be called. Raises `HostNotAllowed`. Calls nothing."""
        ...

    async def reach(self, access: Access) -> Reached:
        """DNS, TCP and TLS without signing in."""
        ...

    async def sign_in(self, access: Access) -> SignedIn:
        """Online: a fresh token from Entra ID for Business Central, not one from memory."""
        ...

    def throttled(self, access: Access) -> int:
        """How many calls as this identity Business Central has refused with 429 since the bot
        started."""
        ...

    async def companies(self, access: Access) -> Sequence[Company]: ...

    async def services(self, access: Access) -> Sequence[PublishedService]:
        """The published OData V4 services, read from `$metadata`."""
        ...

    async def general_ledger_setup(self, access: Access, service: str) -> Mapping[str, object]:
        """The one row of page 118."""
        ...

    async def has_authentication_emails(self, access: Access, service: str) -> bool:
        """Whether page 9800 shows a user with an authentication email."""
        ...

    def users(
        self, access: Access, service: str, at: str = ""
    ) -> AsyncGenerator[Page[BcUser], None]:
        """Everybody on page 9800, in pages, or from the page `at` on, which an earlier one named
        as following. Whoever stops early closes the generator."""
        ...

    async def users_with_email(self, access: Access, service: str, email: str) -> Sequence[BcUser]:
        """By Authentication Email, compared without case."""
        ...

    async def table_mappings(self, access: Access, service: str) -> Sequence[TableMapping]:
        """Page 5335."""
        ...

    async def synchronisation_jobs(self, access: Access, service: str) -> Sequence[JobQueueEntry]:
        """Those of page 672 that run a codeunit of this connection."""
        ...

    async def connection_page(self, access: Access, service: str) -> ConnectionPage:
        """Page 5330. **Reading it acts**: a test does it only once
        Sales was found in order, as Business Central itself would find it."""
        ...
