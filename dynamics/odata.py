"""OData's writing and reading: quoting, membership, and pages that follow one another.

pa/webapi/query: quotes are doubled, values URL-encoded; the page size has to be asked for on
every page, and a next link is used as it is given.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from json import dumps
from urllib.parse import quote
from uuid import UUID

import httpx

from connection.errors import HostNotAllowed, Unintelligible
from dynamics.bodies import object_of, unintelligible
from dynamics.calls import Answer, Service

PAGES = 1_000
Row = Mapping[str, object]


def text_literal(value: str) -> str:
    """A string of OData, not yet URL-encoded."""
    return "'" + value.replace("'", "''") + "'"


def encoded(expression: str) -> str:
    """For a query option's value or a path segment; what OData writes plainly stays readable."""
    return quote(expression, safe="'(),:@$=")


def guid(service: Service, value: object) -> str:
    """A GUID as Microsoft writes it. Raises `Unintelligible` for what is none."""
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise Unintelligible(
            f"{service} gave an id that is none.", "Report this if it happens again."
        ) from None


def member_of(column: str, values: Iterable[str]) -> str:
    """A filter for rows whose column holds one of the values (the Web API's In function)."""
    listed = dumps(list(values), separators=(",", ":"))
    return f"Microsoft.Dynamics.CRM.In(PropertyName={text_literal(column)},PropertyValues={listed})"


async def pages(
    service: Service, first: str, ask: Callable[[str], Awaitable[Answer]]
) -> AsyncIterator[Row]:
    """The rows of every page. `ask` fetches an address with the same headers each time.

    Raises `HostNotAllowed` if a next link leads to another origin, where the token is not for,
    and `Unintelligible` for one that leads back.
    """
    address, seen = first, set[str]()
    while address:
        seen.add(address)
        answer = await ask(address)
        body = object_of(service, answer)
        for row in rows_of(service, answer, body):
            yield row
        address = _next(service, answer, body, first)
        if address in seen or len(seen) >= PAGES:
            raise unintelligible(service, answer)


def rows_of(service: Service, answer: Answer, body: Row) -> Sequence[Row]:
    """The objects under `value`."""
    rows = body.get("value")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise unintelligible(service, answer)
    return rows


def _next(service: Service, answer: Answer, body: Row, first: str) -> str:
    link = body.get("@odata.nextLink", "")
    if not isinstance(link, str) or not (link.isascii() and link.isprintable()):
        raise unintelligible(service, answer)
    if link and _origin(link) != _origin(first):
        raise HostNotAllowed(
            f"{service} names another host for the next page.",
            "Nothing was sent there. Check the address with /d365 setup.",
        )
    return link


def _origin(address: str) -> tuple[str, str, int | None]:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return ("", address, None)
    return (url.scheme, url.host.removesuffix("."), url.port)


def text_in(row: Row, name: str) -> str:
    """The column's text; '' where it is null or missing."""
    value = row.get(name)
    return value if isinstance(value, str) else ""
