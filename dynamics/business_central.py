"""The port `BusinessCentral`: online (endpoints-apis-for-dynamics) and on-premises.

Page 5330 is read by `connection_page` alone and page 7200 never: reading them opens them, and
opening them acts.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing

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
from dynamics.bc_api import BcApi, lane_of, page_path, the_row
from dynamics.bc_pages import (
    JOB_COLUMNS,
    JOBS_FILTER,
    MAPPING_COLUMNS,
    SETUP_COLUMNS,
    connection_page,
    job_queue_entry,
    synchronises,
    table_mapping,
)
from dynamics.bodies import unintelligible
from dynamics.calls import Service
from dynamics.http import Http
from dynamics.odata import encoded, text_in, text_literal
from dynamics.paging import pages
from dynamics.service_metadata import published_services
from dynamics.token_claims import app_permissions
from dynamics.tokens import OpenSecret, Tokens
from dynamics.users_page import USERS, user_of


class WebServices:
    """Carries out the port; see there for what each method answers."""

    def __init__(
        self,
        http: Http,
        tokens: Tokens,
        bc_url: str,
        open_secret: OpenSecret,
        reach: Callable[[str], Awaitable[Reached]],
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._api = BcApi(http, tokens, bc_url, open_secret)
        self._reach = reach

    async def allowed(self, access: Access) -> str:
        return str(self._http.hosts.permit(self._api.base(access)).rule)

    async def reach(self, access: Access) -> Reached:
        return await self._reach(self._api.base(access))

    async def sign_in(self, access: Access) -> SignedIn:
        resource = self._api.resource(self._api.base(access))
        token = await self._tokens.token(access, resource, fresh=True)
        permissions = app_permissions(token.value)
        return SignedIn(access.tenant, access.client_id, token.expires_at, permissions)

    def throttled(self, access: Access) -> int:
        resource = self._api.resource(self._api.base(access))
        return self._http.throttled(Service.BUSINESS_CENTRAL, lane_of(access, resource))

    async def companies(self, access: Access) -> Sequence[Company]:
        path, key, name = "/api/v2.0/companies?$select=id,name,systemVersion", "id", "name"
        if access.bc_url:
            path, key, name = "/ODataV4/Company?$select=Id,Name", "Id", "Name"
        rows = await self._api.all_rows(access, path)
        return [
            Company(text_in(row, key), text_in(row, name), text_in(row, "systemVersion"))
            for row in rows
        ]

    async def services(self, access: Access) -> Sequence[PublishedService]:
        address = self._api.address(access, "/ODataV4/$metadata")
        answer = await self._api.get(access, address, accept="application/xml")
        try:
            return await asyncio.to_thread(published_services, answer.content)
        except ValueError as error:
            raise unintelligible(Service.BUSINESS_CENTRAL, answer) from error

    async def general_ledger_setup(self, access: Access, service: str) -> Mapping[str, object]:
        path = page_path(access, service, "LCY_Code")
        answer = await self._api.get(access, self._api.address(access, path))
        return the_row(answer, "General Ledger Setup")

    async def has_authentication_emails(self, access: Access, service: str) -> bool:
        path = page_path(access, service, "Authentication_Email")
        path += f"&$filter={encoded('Authentication_Email ne ' + text_literal(''))}&$top=1"
        return bool(await self._api.all_rows(access, path))

    async def table_mappings(self, access: Access, service: str) -> Sequence[TableMapping]:
        rows = await self._api.all_rows(access, page_path(access, service, MAPPING_COLUMNS))
        return [table_mapping(row) for row in rows]

    async def synchronisation_jobs(self, access: Access, service: str) -> Sequence[JobQueueEntry]:
        path = page_path(access, service, JOB_COLUMNS) + f"&$filter={encoded(JOBS_FILTER)}"
        rows = await self._api.all_rows(access, path)
        return [job_queue_entry(row) for row in rows if synchronises(row)]

    async def connection_page(self, access: Access, service: str) -> ConnectionPage:
        path = page_path(access, service, SETUP_COLUMNS)
        answer = await self._api.get(access, self._api.address(access, path))
        return connection_page(the_row(answer, "Microsoft Dynamics 365 Connection Setup"))

    def users(
        self, access: Access, service: str, at: str = ""
    ) -> AsyncGenerator[Page[BcUser], None]:
        first = self._api.address(access, page_path(access, service, USERS.columns))
        return pages(
            Service.BUSINESS_CENTRAL, first, self._api.asking(access), USERS.page, user_of, at
        )

    async def users_with_email(self, access: Access, service: str, email: str) -> Sequence[BcUser]:
        """A filter compares with case (use-filter-expressions-in-odata-uris), so what it does not
        find is looked for on every page."""
        path = page_path(access, service, USERS.columns)
        those = encoded(f"Authentication_Email eq {text_literal(email)}")
        rows = await self._api.all_rows(access, f"{path}&$filter={those}")
        if rows:
            return [user_of(USERS.row(row)) for row in rows]
        wanted, found = email.lower(), list[BcUser]()
        async with aclosing(self.users(access, service)) as read:
            async for page in read:
                found += [user for user in page.rows if user.email.lower() == wanted]
        return found
