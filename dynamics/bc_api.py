"""Signed-in calls to Business Central: online (endpoints-apis-for-dynamics) and on-premises.

On-premises a user signs in with a web service access key (Basic); it goes with every call to the
one origin that it was given for, by https only, and never along with a redirect elsewhere.
"""

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from connection.errors import (
    HostNotAllowed,
    NotFound,
    NotReady,
    RemoteFault,
    SecretMissing,
    Unauthorised,
)
from connection.identities import Access, origin_of
from dynamics.bc_refusals import as_on_premises
from dynamics.bodies import object_of, unintelligible
from dynamics.calls import NO_CONTENT, Answer, Call, Service, Token
from dynamics.http import Http, utc_now
from dynamics.odata import Row, encoded, text_literal
from dynamics.paging import all_rows
from dynamics.secret_columns import refuse_secret_columns
from dynamics.tokens import OpenSecret, Tokens
from dynamics.written import Written

PAGE_ROWS = 5_000
"""Of the 20,000 that one page may have (operational-limits-online), so that it stays small."""


class BcApi:
    """Every method raises `RemoteFault`. `path` is what follows the environment or instance."""

    def __init__(self, http: Http, tokens: Tokens, bc_url: str, open_secret: OpenSecret) -> None:
        self._http = http
        self._tokens = tokens
        self._bc_url = bc_url.rstrip("/")
        self._open_secret = open_secret

    async def all_rows(self, access: Access, path: str) -> Sequence[Row]:
        """Of every page, for what is never long."""
        address = self.address(access, path)
        return await all_rows(Service.BUSINESS_CENTRAL, address, self.asking(access))

    def asking(self, access: Access) -> Callable[[str], Awaitable[Answer]]:
        """Fetches an address in this access."""
        return lambda address: self.get(access, address)

    def address(self, access: Access, query: str) -> str:
        """The whole address of a question."""
        refuse_secret_columns(query)
        return self.base(access) + query

    def base(self, access: Access) -> str:
        """The address of the environment, or of the instance on-premises."""
        if access.bc_url:
            return access.bc_url
        if not access.bc_environment:
            raise NotReady(
                "The setup names no Business Central environment.", "Fill it in with /d365 setup."
            )
        tenant, name = encoded(access.tenant), encoded(access.bc_environment)
        return f"{self._bc_url}/v2.0/{tenant}/{name}"

    def resource(self, address: str) -> str:
        """The origin, which is the resource that Entra knows Business Central by."""
        url = self._http.hosts.permit(address).url
        return f"{url.scheme}://{url.netloc.decode()}"

    async def get(self, access: Access, address: str, accept: str = "application/json") -> Answer:
        """The answer to one question."""
        headers = {"Accept": accept, "Prefer": f"odata.maxpagesize={PAGE_ROWS}"}
        return await self._send(access, self._call("GET", access, address, headers))

    async def patch(self, access: Access, path: str, body: Written, etag: str) -> None:
        """Changes the row that `path` names if it is still as `etag` says. It is not repeated when
        nobody knows what became of it: what it changed made the etag another one."""
        headers = {"Content-Type": "application/json; charset=utf-8", "If-Match": etag}
        call = self._call("PATCH", access, self.base(access) + path, headers)
        call = replace(call, body=body.content, secrets=body.secrets, once=True)
        answer = await self._send(access, call)
        if answer.status != NO_CONTENT:
            object_of(Service.BUSINESS_CENTRAL, answer)

    def _call(self, method: str, access: Access, address: str, headers: Mapping[str, str]) -> Call:
        return Call(
            service=Service.BUSINESS_CENTRAL,
            method=method,
            url=address,
            correlation=access.correlation,
            lane=lane_of(access, self.resource(address)),
            headers=headers,
        )

    async def _send(self, access: Access, call: Call) -> Answer:
        resource = self.resource(call.url)
        token = await self._authorised(access, resource)
        try:
            return await self._http.send(replace(call, token=token))
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
        return self.resource(address) == self.resource(self._bc_url)


def lane_of(access: Access, resource: str) -> str:
    """The caller, for the limits that count by user."""
    return f"{resource} {access.tenant} {access.user_name or access.client_id}"


def service_path(access: Access, service: str) -> str:
    """A published page of the company."""
    company = encoded(text_literal(access.bc_company))
    return f"/ODataV4/Company({company})/{encoded(service)}"


def page_path(access: Access, service: str, columns: str) -> str:
    """With the columns that are asked for."""
    return f"{service_path(access, service)}?$select={columns}"


def the_row(answer: Answer, title: str) -> Row:
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
