"""The port `BusinessCentral`: online (endpoints-apis-for-dynamics) and on-premises.

On-premises a user signs in with a web service access key (Basic); it goes with every call to the
one origin that it was given for, by https only, and never along with a redirect elsewhere.
Page 5330 is read by `connection_page` alone and page 7200 never: reading them opens them, and
opening them acts.
"""

import asyncio
import base64
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing

from connection.errors import (
    HostNotAllowed,
    NotFound,
    NotReady,
    RemoteFault,
    SecretMissing,
    Unauthorised,
)
from connection.identities import Access, origin_of
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
from dynamics.bc_refusals import as_on_premises
from dynamics.bodies import object_of, unintelligible
from dynamics.calls import Answer, Call, Service, Token
from dynamics.http import Http, utc_now
from dynamics.odata import Row, encoded, text_in, text_literal
from dynamics.paging import all_rows, pages
from dynamics.secret_columns import refuse_secret_columns
from dynamics.service_metadata import published_services
from dynamics.token_claims import app_permissions
from dynamics.tokens import OpenSecret, Tokens
from dynamics.users_page import USERS, user_of

PAGE_ROWS = 5_000
"""Of the 20,000 that one page may have (operational-limits-online), so that it stays small."""


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
        self._bc_url = bc_url.rstrip("/")
        self._open_secret = open_secret
        self._reach = reach

    async def allowed(self, access: Access) -> str:
        return str(self._http.hosts.permit(self._base(access)).rule)

    async def reach(self, access: Access) -> Reached:
        return await self._reach(self._base(access))

    async def sign_in(self, access: Access) -> SignedIn:
        resource = self._resource(self._base(access))
        token = await self._tokens.token(access, resource, fresh=True)
        permissions = app_permissions(token.value)
        return SignedIn(access.tenant, access.client_id, token.expires_at, permissions)

    def throttled(self, access: Access) -> int:
        resource = self._resource(self._base(access))
        return self._http.throttled(Service.BUSINESS_CENTRAL, _lane(access, resource))

    async def companies(self, access: Access) -> Sequence[Company]:
        path, key, name = "/api/v2.0/companies?$select=id,name,systemVersion", "id", "name"
        if access.bc_url:
            path, key, name = "/ODataV4/Company?$select=Id,Name", "Id", "Name"
        rows = await self._all_rows(access, path)
        return [
            Company(text_in(row, key), text_in(row, name), text_in(row, "systemVersion"))
            for row in rows
        ]

    async def services(self, access: Access) -> Sequence[PublishedService]:
        address = self._address(access, "/ODataV4/$metadata")
        answer = await self._send(access, address, accept="application/xml")
        try:
            return await asyncio.to_thread(published_services, answer.content)
        except ValueError as error:
            raise unintelligible(Service.BUSINESS_CENTRAL, answer) from error

    async def general_ledger_setup(self, access: Access, service: str) -> Mapping[str, object]:
        path = self._page(access, service, "LCY_Code")
        answer = await self._send(access, self._address(access, path))
        return _the_row(answer, "General Ledger Setup")

    async def has_authentication_emails(self, access: Access, service: str) -> bool:
        path = self._page(access, service, "Authentication_Email")
        path += f"&$filter={encoded('Authentication_Email ne ' + text_literal(''))}&$top=1"
        return bool(await self._all_rows(access, path))

    async def table_mappings(self, access: Access, service: str) -> Sequence[TableMapping]:
        rows = await self._all_rows(access, self._page(access, service, MAPPING_COLUMNS))
        return [table_mapping(row) for row in rows]

    async def synchronisation_jobs(self, access: Access, service: str) -> Sequence[JobQueueEntry]:
        path = self._page(access, service, JOB_COLUMNS) + f"&$filter={encoded(JOBS_FILTER)}"
        rows = await self._all_rows(access, path)
        return [job_queue_entry(row) for row in rows if synchronises(row)]

    async def connection_page(self, access: Access, service: str) -> ConnectionPage:
        path = self._page(access, service, SETUP_COLUMNS)
        answer = await self._send(access, self._address(access, path))
        return connection_page(_the_row(answer, "Microsoft Dynamics 365 Connection Setup"))

    def _page(self, access: Access, service: str, columns: str) -> str:
        company = encoded(text_literal(access.bc_company))
        return f"/ODataV4/Company({company})/{encoded(service)}?$select={columns}"

    def users(
        self, access: Access, service: str, at: str = ""
    ) -> AsyncGenerator[Page[BcUser], None]:
        first = self._address(access, self._page(access, service, USERS.columns))
        return pages(Service.BUSINESS_CENTRAL, first, self._asking(access), USERS.page, user_of, at)

    async def users_with_email(self, access: Access, service: str, email: str) -> Sequence[BcUser]:
        """A filter compares with case (use-filter-expressions-in-odata-uris), so what it does not
        find is looked for on every page."""
        path = self._page(access, service, USERS.columns)
        those = encoded(f"Authentication_Email eq {text_literal(email)}")
        rows = await self._all_rows(access, f"{path}&$filter={those}")
        if rows:
            return [user_of(USERS.row(row)) for row in rows]
        wanted, found = email.lower(), list[BcUser]()
        async with aclosing(self.users(access, service)) as read:
            async for page in read:
                found += [user for user in page.rows if user.email.lower() == wanted]
        return found

    async def _all_rows(self, access: Access, path: str) -> Sequence[Row]:
        address = self._address(access, path)
        return await all_rows(Service.BUSINESS_CENTRAL, address, self._asking(access))

    def _asking(self, access: Access) -> Callable[[str], Awaitable[Answer]]:
        return lambda address: self._send(access, address)

    def _address(self, access: Access, query: str) -> str:
        refuse_secret_columns(query)
        return self._base(access) + query

    def _base(self, access: Access) -> str:
        if access.bc_url:
            return access.bc_url
        if not access.bc_environment:
            raise NotReady(
                "The setup names no Business Central environment.", "Fill it in with /d365 setup."
            )
        tenant, name = encoded(access.tenant), encoded(access.bc_environment)
        return f"{self._bc_url}/v2.0/{tenant}/{name}"

    async def _send(self, access: Access, address: str, accept: str = "application/json") -> Answer:
        resource = self._resource(address)
        token = await self._authorised(access, resource)
        call = Call(
            service=Service.BUSINESS_CENTRAL,
            method="GET",
            url=address,
            correlation=access.correlation,
            lane=_lane(access, resource),
            token=token,
            headers={"Accept": accept, "Prefer": f"odata.maxpagesize={PAGE_ROWS}"},
        )
        try:
            return await self._http.send(call)
        except RemoteFault as fault:
            if access.bc_url:
                raise as_on_premises(fault) from None
            if isinstance(fault, Unauthorised):
                self._tokens.forget(access, resource, token)
            raise

    async def _authorised(self, access: Access, resource: str) -> Token:
        if not access.bc_url:
            return await self._tokens.token(access, resource)
        if not access.bc_url.startswith("https://") or self._is_online(access.bc_url):
            raise HostNotAllowed(
                "A web service access key goes to a server on-premises only, and by https.",
                "Correct the web services URL with /d365 setup.",
            )
        if access.secret is None:
            raise SecretMissing(
                "The bot does not hold the web service access key of the Business Central user.",
                "Give it with /d365 secret, or where the bot runs with d365bot secret set.",
            )
        key = await self._open_secret(access.secret, origin_of(access))
        pair = base64.b64encode(f"{access.user_name}:{key}".encode()).decode()
        return Token(pair, utc_now(), scheme="Basic")

    def _is_online(self, address: str) -> bool:
        return self._resource(address) == self._resource(self._bc_url)

    def _resource(self, address: str) -> str:
        """The origin, which is the resource that Entra knows Business Central by."""
        url = self._http.hosts.permit(address).url
        return f"{url.scheme}://{url.netloc.decode()}"


def _lane(access: Access, resource: str) -> str:
    return f"{resource} {access.tenant} {access.user_name or access.client_id}"


def _the_row(answer: Answer, title: str) -> Row:
    """A page of type Card is published as a collection with one row, or as the row itself."""
    body = object_of(Service.BUSINESS_CENTRAL, answer)
    if "value" not in body:
        return body
    rows = body["value"]
    if not isinstance(rows, list) or (rows and not isinstance(rows[0], dict)):
        raise unintelligible(Service.BUSINESS_CENTRAL, answer)
    if not rows:
        raise NotFound(
            f"{title} of the company is empty.",
            f"Open {title} in Business Central once; that creates its record.",
        )
    row: Row = rows[0]
    return row
