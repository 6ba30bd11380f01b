"""The port `Sales` through Dataverse's Web API, version 9.2 (pa/webapi)."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing

from msgspec import Struct

from connection.errors import NotFound
from connection.identities import Access
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
from dynamics.bodies import object_of, unintelligible
from dynamics.calls import Service
from dynamics.dataverse_api import API, FOR_ONE_ROW, DataverseApi, address_of, lane_of, root_of
from dynamics.http import Http
from dynamics.odata import Row, encoded, guid, member_of, text_in, text_literal
from dynamics.paging import pages
from dynamics.sales_roles import ROLE_COLUMNS, sales_role
from dynamics.sales_users import SALES_USERS, sales_user
from dynamics.tenancies import tenancy_of
from dynamics.tokens import Tokens
from dynamics.typed_rows import Typed

IDS_AT_ONCE = 200
_ORGANISATION = "organizationid,name,_basecurrencyid_value,issopintegrationenabled"
_SOLUTION = "uniquename,version,ismanaged"
_NAV_CONNECTION = (
    "nav_name",
    "nav_dynamicsnavurl",
    "nav_dynamicsnavodataurl",
    "nav_dynamicsnavodatausername",
)


class DataverseSales:
    """Carries out the port; see there for what each method answers."""

    def __init__(
        self,
        http: Http,
        tokens: Tokens,
        reach: Callable[[str], Awaitable[Reached]],
        login_url: str,
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._api = DataverseApi(http, tokens)
        self._reach = reach
        self._login_url = login_url.rstrip("/")

    async def allowed(self, sales_url: str) -> str:
        return str(self._http.hosts.permit(root_of(sales_url)).rule)

    async def reach(self, sales_url: str) -> Reached:
        return await self._reach(root_of(sales_url) + API)

    async def sign_in(self, access: Access) -> SignedIn:
        self._http.hosts.permit(root_of(access.sales_url))
        token = await self._tokens.token(access, root_of(access.sales_url), fresh=True)
        return SignedIn(access.tenant, access.client_id, token.expires_at)

    async def tenancy(self, access: Access) -> Tenancy:
        return await tenancy_of(self._http, self._login_url, access)

    def throttled(self, access: Access) -> int:
        return self._http.throttled(Service.SALES, lane_of(access))

    def forget(self, secret_id: str) -> None:
        self._tokens.forget_secret(secret_id)

    async def who_am_i(self, access: Access) -> str:
        answer = await self._api.get(access, "WhoAmI")
        return guid(Service.SALES, object_of(Service.SALES, answer).get("UserId"))

    async def version(self, access: Access) -> str:
        answer = await self._api.get(access, "RetrieveVersion()")
        version = text_in(object_of(Service.SALES, answer), "Version")
        if not version:
            raise unintelligible(Service.SALES, answer)
        return version

    async def organisation(self, access: Access) -> Organisation:
        rows = await self._api.rows(access, f"organizations?$select={_ORGANISATION}")
        if not rows:
            raise NotFound(
                "Sales shows the bot no organisation.",
                "Give the bot's application user a security role with read access to it.",
            )
        row = rows[0]
        return Organisation(
            id=guid(Service.SALES, row.get("organizationid")),
            name=text_in(row, "name"),
            base_currency_id=text_in(row, "_basecurrencyid_value"),
            sales_orders_integrated=row.get("issopintegrationenabled") is True,
        )

    async def users_with_email(self, access: Access, email: str) -> Sequence[SalesUser]:
        return await self._users(access, "internalemailaddress", email)

    async def users_with_domain_name(self, access: Access, name: str) -> Sequence[SalesUser]:
        return await self._users(access, "domainname", name)

    async def users_with_application_id(
        self, access: Access, client_id: str
    ) -> Sequence[SalesUser]:
        those = encoded(f"applicationid eq {guid(Service.SALES, client_id)}")
        query = f"systemusers?$select={SALES_USERS.columns}&$filter={those}"
        return [_user(row) for row in await self._api.rows(access, query)]

    def all_users(self, access: Access, at: str = "") -> AsyncGenerator[Page[SalesUser], None]:
        first = address_of(access, f"systemusers?$select={SALES_USERS.columns}")
        return pages(
            Service.SALES, first, self._api.asking(access), SALES_USERS.page, sales_user, at
        )

    async def roles_of(self, access: Access, user_id: str) -> Sequence[SalesRole]:
        user = guid(Service.SALES, user_id)
        held = f"systemusers({user})/systemuserroles_association?$select={ROLE_COLUMNS}"
        return [sales_role(row) for row in await self._api.rows(access, held)]

    async def deployed_roles(self, access: Access, ids: Sequence[str]) -> Sequence[SalesRole]:
        wanted = [guid(Service.SALES, one) for one in ids]
        found: list[SalesRole] = []
        for start in range(0, len(wanted), IDS_AT_ONCE):
            those = member_of("roleid", wanted[start : start + IDS_AT_ONCE])
            query = f"roles?$select={ROLE_COLUMNS}&$filter={encoded(those)}"
            found += [sales_role(row) for row in await self._api.rows(access, query)]
        return found

    async def role_copies(self, access: Access, root_id: str, name: str) -> Sequence[SalesRole]:
        root = guid(Service.SALES, root_id)
        of_root = f"roleid eq {root} or _parentrootroleid_value eq {root}"
        those = f"{of_root} or endswith(name,{text_literal(name)})"
        found = await self._api.rows(
            access, f"roles?$select={ROLE_COLUMNS}&$filter={encoded(those)}"
        )
        return [sales_role(row) for row in found]

    async def holders(
        self, access: Access, role_ids: Sequence[str]
    ) -> AsyncGenerator[Sequence[tuple[str, str]], None]:
        """Of systemuserroles, which can only be read (reference/entities/systemuserroles)."""
        wanted = [guid(Service.SALES, one) for one in role_ids]
        for start in range(0, len(wanted), IDS_AT_ONCE):
            those = encoded(member_of("roleid", wanted[start : start + IDS_AT_ONCE]))
            query = f"systemuserrolescollection?$select={_HOLDERS.columns}&$filter={those}"
            first = address_of(access, query)
            reading = pages(Service.SALES, first, self._api.asking(access), _HOLDERS.page, _holder)
            async with aclosing(reading) as read:
                async for page in read:
                    yield page.rows

    async def privileges_of(self, access: Access, user_id: str) -> frozenset[str]:
        user = guid(Service.SALES, user_id)
        query = f"systemusers({user})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges"
        answer = await self._api.get(access, query)
        rows = object_of(Service.SALES, answer).get("RolePrivileges")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise unintelligible(Service.SALES, answer)
        return frozenset(filter(None, (text_in(row, "PrivilegeName") for row in rows)))

    async def solution(self, access: Access, unique_name: str) -> Solution | None:
        those = encoded(f"uniquename eq {text_literal(unique_name)}")
        rows = await self._api.rows(access, f"solutions?$select={_SOLUTION}&$filter={those}")
        if not rows:
            return None
        row = rows[0]
        managed = row.get("ismanaged") is True
        return Solution(text_in(row, "uniquename"), text_in(row, "version"), managed)

    async def nav_connections(self, access: Access) -> Sequence[NavConnection]:
        rows = await self._api.rows(access, f"nav_connections?$select={','.join(_NAV_CONNECTION)}")
        return [NavConnection(*(text_in(row, name) for name in _NAV_CONNECTION)) for row in rows]

    async def reads_account_statistics(self, access: Access) -> bool:
        query = "nav_accountstatisticses?$select=nav_name"
        answer = await self._api.get(access, query, FOR_ONE_ROW)
        rows = object_of(Service.SALES, answer).get("value")
        if not isinstance(rows, list):
            raise unintelligible(Service.SALES, answer)
        return bool(rows)

    async def currency_code(self, access: Access, currency_id: str) -> str:
        currency = guid(Service.SALES, currency_id)
        query = f"transactioncurrencies({currency})?$select=isocurrencycode"
        answer = await self._api.get(access, query)
        return text_in(object_of(Service.SALES, answer), "isocurrencycode")

    async def currency_codes(self, access: Access) -> Sequence[str]:
        rows = await self._api.rows(access, "transactioncurrencies?$select=isocurrencycode")
        return [text_in(row, "isocurrencycode") for row in rows]

    async def _users(self, access: Access, column: str, value: str) -> Sequence[SalesUser]:
        """Dataverse compares strings without case (pa/webapi/query/filter-rows)."""
        those = encoded(f"{column} eq {text_literal(value)}")
        query = f"systemusers?$select={SALES_USERS.columns}&$filter={those}"
        return [_user(row) for row in await self._api.rows(access, query)]


def _user(row: Row) -> SalesUser:
    return sales_user(SALES_USERS.row(row))


class _HolderRow(Struct, gc=False):
    systemuserid: str | None = None
    roleid: str | None = None


_HOLDERS = Typed(_HolderRow)


def _holder(row: _HolderRow) -> tuple[str, str]:
    return guid(Service.SALES, row.systemuserid), guid(Service.SALES, row.roleid)
