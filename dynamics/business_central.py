"""The port `BusinessCentral`, for Business Central online (endpoints-apis-for-dynamics).

Pages 5330 and 7200 are never read here: reading them opens them, and opening them acts.
"""

import asyncio
from collections.abc import Mapping, Sequence

from connection.errors import NotFound, NotReady, Unauthorised
from connection.identities import Access
from connection.remote import Company, PublishedService
from dynamics.bodies import object_of, unintelligible
from dynamics.calls import Answer, Call, Service
from dynamics.http import Http
from dynamics.odata import Row, encoded, pages, text_in, text_literal
from dynamics.service_metadata import published_services
from dynamics.tokens import Tokens


class OnlineBusinessCentral:
    """Carries out the port; see there for what each method answers."""

    def __init__(self, http: Http, tokens: Tokens, bc_url: str) -> None:
        self._http = http
        self._tokens = tokens
        self._bc_url = bc_url.rstrip("/")

    async def companies(self, access: Access) -> Sequence[Company]:
        async def ask(address: str) -> Answer:
            return await self._send(access, address)

        first = self._environment(access) + "/api/v2.0/companies?$select=id,name"
        rows = pages(Service.BUSINESS_CENTRAL, first, ask)
        return [Company(text_in(row, "id"), text_in(row, "name")) async for row in rows]

    async def services(self, access: Access) -> Sequence[PublishedService]:
        address = self._environment(access) + "/ODataV4/$metadata"
        answer = await self._send(access, address, accept="application/xml")
        try:
            return await asyncio.to_thread(published_services, answer.content)
        except ValueError as error:
            raise unintelligible(Service.BUSINESS_CENTRAL, answer) from error

    async def general_ledger_setup(self, access: Access, service: str) -> Mapping[str, object]:
        company = encoded(text_literal(access.bc_company))
        path = f"/ODataV4/Company({company})/{encoded(service)}"
        answer = await self._send(access, self._environment(access) + path)
        return _the_row(answer)

    def _environment(self, access: Access) -> str:
        if not access.bc_environment:
            raise NotReady(
                "The setup names no Business Central environment.", "Fill it in with /d365 setup."
            )
        tenant, name = encoded(access.tenant), encoded(access.bc_environment)
        return f"{self._bc_url}/v2.0/{tenant}/{name}"

    async def _send(self, access: Access, address: str, accept: str = "application/json") -> Answer:
        resource = self._resource(address)
        token = await self._tokens.token(access, resource)
        call = Call(
            service=Service.BUSINESS_CENTRAL,
            method="GET",
            url=address,
            correlation=access.correlation,
            lane=f"{access.tenant} {access.client_id}",
            token=token,
            headers={"Accept": accept},
        )
        try:
            return await self._http.send(call)
        except Unauthorised:
            self._tokens.forget(access, resource)
            raise

    def _resource(self, address: str) -> str:
        """The origin, which is the resource that Entra knows Business Central by."""
        url = self._http.hosts.permit(address).url
        return f"{url.scheme}://{url.netloc.decode()}"


def _the_row(answer: Answer) -> Row:
    """A page of type Card is published as a collection with one row, or as the row itself."""
    body = object_of(Service.BUSINESS_CENTRAL, answer)
    if "value" not in body:
        return body
    rows = body["value"]
    if not isinstance(rows, list) or (rows and not isinstance(rows[0], dict)):
        raise unintelligible(Service.BUSINESS_CENTRAL, answer)
    if not rows:
        raise NotFound(
            "General Ledger Setup of the company is empty.",
            "Open General Ledger Setup in Business Central once; that creates its record.",
        )
    row: Row = rows[0]
    return row
