"""The port `SalesChanges` but for importing: users, roles, the organisation, `nav_connections`.

pa/webapi: associate-disassociate-entities, perform-conditional-operations, create, update, delete.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from connection.changes.remote import HeldSecret, IntegrationFacts, NavRow
from connection.errors import Changed, NotFound
from connection.identities import Access
from connection.remote import SalesRole
from dynamics.bodies import object_of, unintelligible
from dynamics.calls import Service
from dynamics.dataverse_api import FOR_ONE_ROW, DataverseApi, address_of
from dynamics.http import utc_now
from dynamics.odata import Row, encoded, guid, text_in
from dynamics.sales_roles import ROLE_COLUMNS, sales_role
from dynamics.solution_imports import PackageContent, SolutionImports
from dynamics.tokens import OpenSecret
from dynamics.written import Written, with_secret, written

NAV_COLUMNS = (
    "nav_name",
    "nav_dynamicsnavurl",
    "nav_dynamicsnavodataurl",
    "nav_dynamicsnavodatausername",
)
ACCESS_KEY = "nav_dynamicsnavodataaccesskey"
_FACTS = "_businessunitid_value,invitestatuscode,isintegrationuser"
_GONE = ("0x80040217", "0x8006088a")
"""No such record, and no such table: another 404 may come from a wrong address."""


class DataverseChanges(SolutionImports):
    """Carries out the port; see there for what each method answers."""

    def __init__(
        self,
        api: DataverseApi,
        open_secret: OpenSecret,
        content: PackageContent,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(api, content, now)
        self._open_secret = open_secret

    async def integration_facts(self, access: Access, user_id: str) -> IntegrationFacts:
        answer = await self._api.get(access, f"{_user(user_id)}?$select={_FACTS}")
        row = object_of(Service.SALES, answer)
        invitation = row.get("invitestatuscode")
        return IntegrationFacts(
            business_unit=guid(Service.SALES, row.get("_businessunitid_value")),
            invitation=invitation if type(invitation) is int else 0,
            integration_user=row.get("isintegrationuser") is True,
        )

    async def set_integration_facts(
        self, access: Access, user_id: str, facts: IntegrationFacts
    ) -> None:
        changes = {
            "invitestatuscode": facts.invitation,
            "isintegrationuser": facts.integration_user,
        }
        await self._api.patch(access, _user(user_id), written(changes))

    async def role_of_unit(
        self, access: Access, root_id: str, business_unit: str
    ) -> SalesRole | None:
        root, unit = guid(Service.SALES, root_id), guid(Service.SALES, business_unit)
        of_root = f"(roleid eq {root} or _parentrootroleid_value eq {root})"
        those = encoded(f"{of_root} and _businessunitid_value eq {unit}")
        rows = await self._api.rows(access, f"roles?$select={ROLE_COLUMNS}&$filter={those}")
        return sales_role(rows[0]) if rows else None

    async def give_role(self, access: Access, user_id: str, role_id: str) -> None:
        role = guid(Service.SALES, role_id)
        body = written({"@odata.id": address_of(access, f"roles({role})")})
        try:
            await self._api.post(access, f"{_roles_of(user_id)}/$ref", body)
        except Changed:
            if not await self._holds(access, user_id, role):
                raise

    async def take_role(self, access: Access, user_id: str, role_id: str) -> None:
        role = guid(Service.SALES, role_id)
        try:
            await self._api.delete(access, f"{_roles_of(user_id)}({role})/$ref")
        except NotFound:
            if await self._holds(access, user_id, role):
                raise

    async def set_sales_orders(self, access: Access, organisation_id: str, on: bool) -> None:
        row = f"organizations({guid(Service.SALES, organisation_id)})"
        await self._api.patch(access, row, written({"issopintegrationenabled": on}))

    async def has_submitted_orders(self, access: Access) -> bool:
        query = f"salesorders?$select=salesorderid&$filter={encoded('statecode eq 1')}"
        answer = await self._api.get(access, query, FOR_ONE_ROW)
        rows = object_of(Service.SALES, answer).get("value")
        if not isinstance(rows, list):
            raise unintelligible(Service.SALES, answer)
        return bool(rows)

    async def nav_rows(self, access: Access) -> Sequence[NavRow]:
        columns = ",".join(("nav_connectionid", *NAV_COLUMNS))
        rows = await self._api.rows(access, f"nav_connections?$select={columns}")
        return [_nav_row(row) for row in rows]

    async def put_nav_row(
        self, access: Access, row: NavRow, key: HeldSecret | None, *, blank_key: bool = False
    ) -> None:
        body = await self._nav_body(row, key, blank_key=blank_key)
        if row.id:
            await self._api.patch(access, _nav(row.id), body)
        else:
            await self._api.post_once(access, "nav_connections", body)

    async def delete_nav_row(self, access: Access, row_id: str) -> None:
        try:
            await self._api.delete(access, _nav(row_id))
        except NotFound as fault:
            if fault.code not in _GONE:
                raise

    async def _nav_body(self, row: NavRow, key: HeldSecret | None, *, blank_key: bool) -> Written:
        """An empty text is null to Dataverse."""
        if row.columns.keys() - set(NAV_COLUMNS) or (key is not None and blank_key):
            raise ValueError("a row of nav_connections says something that it cannot say")
        values: dict[str, object] = {name: text or None for name, text in row.columns.items()}
        if blank_key:
            values[ACCESS_KEY] = None
        if key is None:
            return written(values)
        return await with_secret(values, ACCESS_KEY, key, self._open_secret)

    async def _holds(self, access: Access, user_id: str, role: str) -> bool:
        """Raises `NotFound` where the user is gone."""
        those = encoded(f"roleid eq {role}")
        query = f"{_roles_of(user_id)}?$select=roleid&$filter={those}"
        return bool(await self._api.rows(access, query))


def _user(user_id: str) -> str:
    return f"systemusers({guid(Service.SALES, user_id)})"


def _roles_of(user_id: str) -> str:
    return f"{_user(user_id)}/systemuserroles_association"


def _nav(row_id: str) -> str:
    return f"nav_connections({guid(Service.SALES, row_id)})"


def _nav_row(row: Row) -> NavRow:
    own = guid(Service.SALES, row.get("nav_connectionid"))
    return NavRow(own, {name: text_in(row, name) for name in NAV_COLUMNS})
