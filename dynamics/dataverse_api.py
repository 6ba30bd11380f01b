"""Signed-in calls to Dataverse's Web API, version 9.2 (pa/webapi), for reading and for changing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from connection.errors import HostNotAllowed, Mistake, Unauthorised
from connection.identities import Access
from connection.sales_url import call_address
from dynamics.bodies import object_of
from dynamics.calls import NO_CONTENT, Answer, Call, Service
from dynamics.http import Http
from dynamics.odata import Row
from dynamics.paging import all_rows
from dynamics.secret_columns import refuse_secret_columns
from dynamics.tokens import Tokens
from dynamics.written import NOTHING, Written

API = "/api/data/v9.2/"
PAGE_ROWS = 5_000
_VERSIONS = {"OData-MaxVersion": "4.0", "OData-Version": "4.0"}
_ALWAYS = {**_VERSIONS, "If-None-Match": "null"}
HEADERS = {**_ALWAYS, "Prefer": f"odata.maxpagesize={PAGE_ROWS}"}
FOR_ONE_ROW = {**_ALWAYS, "Prefer": "odata.maxpagesize=1"}
"""Dataverse ignores `$top` where a page size is asked for, and cuts at 5,000 where none is."""
EXISTING = {"If-Match": "*"}
"""A PATCH with it changes what is there and never creates (perform-conditional-operations)."""


class DataverseApi:
    """Every method raises `RemoteFault`. `query` is what follows `API` in an address."""

    def __init__(self, http: Http, tokens: Tokens) -> None:
        self._http = http
        self._tokens = tokens

    async def get(self, access: Access, query: str, headers: Mapping[str, str] = HEADERS) -> Answer:
        """The answer to one question."""
        refuse_secret_columns(query)
        return await self._ask(access, address_of(access, query), headers)

    async def rows(self, access: Access, query: str) -> Sequence[Row]:
        """Of every page, for what is never long."""
        refuse_secret_columns(query)
        return await all_rows(Service.SALES, address_of(access, query), self.asking(access))

    def asking(self, access: Access) -> Callable[[str], Awaitable[Answer]]:
        """Fetches an address in this access."""
        return lambda address: self._ask(access, address, HEADERS)

    async def post(self, access: Access, query: str, body: Written) -> Answer:
        """What leaves the same if it is sent twice."""
        return await self._change(
            access, replace(_write("POST", access, query, body), converging=True)
        )

    async def post_once(
        self, access: Access, query: str, body: Written, *, large: bool = False
    ) -> Answer:
        """What would be there twice if it were sent twice: it is not repeated when nobody knows
        what became of it."""
        call = _write("POST", access, query, body)
        return await self._change(access, replace(call, once=True, large=large))

    async def patch(self, access: Access, query: str, body: Written) -> Answer:
        """Changes the row that `query` names; one that is not there is `NotFound`."""
        call = _write("PATCH", access, query, body, EXISTING)
        return await self._change(access, replace(call, converging=True))

    async def delete(self, access: Access, query: str) -> Answer:
        """Of a row, or of what joins two; one that is not there is `NotFound`."""
        call = _write("DELETE", access, query)
        return await self._change(access, replace(call, converging=True))

    async def _change(self, access: Access, call: Call) -> Answer:
        """A page of a proxy in between is no word of Dataverse that it was done."""
        answer = await self._send(access, call)
        if answer.status != NO_CONTENT:
            object_of(Service.SALES, answer)
        return answer

    async def _ask(self, access: Access, address: str, headers: Mapping[str, str]) -> Answer:
        call = _call("GET", access, address, headers)
        return await self._send(access, call)

    async def _send(self, access: Access, call: Call) -> Answer:
        self._http.hosts.permit(call.url)
        resource = root_of(access.sales_url)
        token = await self._tokens.token(access, resource)
        try:
            return await self._http.send(replace(call, token=token))
        except Unauthorised:
            self._tokens.forget(access, resource, token)
            raise


def root_of(sales_url: str) -> str:
    """Scheme, host and port, which is the resource that Entra knows the organisation by."""
    try:
        return call_address(sales_url)
    except Mistake as mistake:
        raise HostNotAllowed(mistake.message, mistake.hint) from mistake


def address_of(access: Access, query: str) -> str:
    """The whole address of what follows `API`."""
    return root_of(access.sales_url) + API + query


def lane_of(access: Access) -> str:
    """The caller, for the limits that count by user."""
    who = access.user_name or access.client_id
    return f"{root_of(access.sales_url)} {access.tenant} {who}"


def _call(
    method: str,
    access: Access,
    address: str,
    headers: Mapping[str, str],
    body: Written = NOTHING,
) -> Call:
    return Call(
        service=Service.SALES,
        method=method,
        url=address,
        correlation=access.correlation,
        lane=lane_of(access),
        headers=headers,
        body=body.content,
        secrets=body.secrets,
    )


def _write(
    method: str,
    access: Access,
    query: str,
    body: Written = NOTHING,
    conditions: Mapping[str, str] = MappingProxyType({}),
) -> Call:
    kind = {"Content-Type": "application/json; charset=utf-8"} if body.content else {}
    headers = {**_VERSIONS, **kind, **conditions}
    return _call(method, access, address_of(access, query), headers, body)
