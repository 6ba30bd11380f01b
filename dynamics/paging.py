"""Pages that follow one another: the next one is fetched while this one is read.

pa/webapi/query/page-results: the page size has to be asked for on every page, and a next link is
opaque and used as it is given, so one page has to come before the next can be asked for.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import TypeVar

import httpx

from connection.errors import HostNotAllowed
from connection.remote import Page
from dynamics.bodies import unintelligible
from dynamics.calls import Answer, Service
from dynamics.hosts import CLOUDS
from dynamics.odata import Row, plain_page

PAGES = 20_000
AT_A_TIME = 250
_API_HOST = re.compile(
    rf"\A([^.]+)\.api\.(crm[0-9]*\.(?:{'|'.join(re.escape(cloud) for cloud in CLOUDS)}))\Z"
)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
Ask = Callable[[str], Awaitable[Answer]]
R = TypeVar("R")
T = TypeVar("T")
TakenApart = Callable[[Service, Answer], tuple[Sequence[R], str]]
"""The rows of an answer, and its next link. Raises `Unintelligible`."""


async def pages(
    service: Service,
    first: str,
    ask: Ask,
    apart: TakenApart[R],
    made: Callable[[R], T],
    at: str = "",
) -> AsyncGenerator[Page[T], None]:
    """Every page with what is `made` of each of its rows, from the next link `at` on if there is
    one. `ask` fetches an address, with the same headers each time; `apart` reads the answer.

    Rows are made a few hundred at a time, and acks go on in between. (A thread would do worse: the
    loop would have to wait for the interpreter's lock again and again.) Whoever stops early closes
    the generator, which gives up the page on its way.

    Raises `HostNotAllowed` if a next link leads to another origin, where the token is not for, and
    `Unintelligible` for one that leads back.
    """
    begins = _followed(service, at, first) or first
    seen = {first, begins}
    coming: asyncio.Future[Answer] | None = asyncio.ensure_future(ask(begins))
    try:
        while coming is not None:
            answer = await coming
            rows, link = apart(service, answer)
            if not (link.isascii() and link.isprintable()):
                raise unintelligible(service, answer)
            link = _followed(service, link, first)
            if link in seen or len(seen) >= PAGES:
                raise unintelligible(service, answer)
            seen.add(link)
            coming = asyncio.ensure_future(ask(link)) if link else None
            yield Page(await _each(made, rows), link)
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def all_rows(service: Service, first: str, ask: Ask) -> list[Row]:
    """The rows of every page, for what is never long."""
    reading = pages(service, first, ask, plain_page, lambda row: row)
    return [row async for page in reading for row in page.rows]


async def _each(made: Callable[[R], T], rows: Sequence[R]) -> list[T]:
    done: list[T] = []
    for start in range(0, len(rows), AT_A_TIME):
        done += [made(row) for row in rows[start : start + AT_A_TIME]]
        await asyncio.sleep(0)
    return done


def _followed(service: Service, link: str, first: str) -> str:
    """The link, whole, if it leads where the token is for. Raises `HostNotAllowed`."""
    link = _whole(link, first)
    if link and _origin(link) != _origin(first):
        raise HostNotAllowed(
            f"{service} names another host for the next page.",
            "Nothing was sent there. Check the address with /d365 setup.",
        )
    return link


def _whole(link: str, first: str) -> str:
    """Microsoft's links are whole addresses and stay as they are; OData allows relative ones."""
    if not link or _SCHEME.match(link):
        return link
    try:
        return str(httpx.URL(first).join(link))
    except httpx.InvalidURL:
        return link


def _origin(address: str) -> tuple[str, str, int | None]:
    """Of an organisation, whichever of its two names it uses: contoso.crm4.dynamics.com and
    contoso.api.crm4.dynamics.com are one service (compose-http-requests-handle-errors)."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return ("", address, None)
    host = _API_HOST.sub(r"\1.\2", url.host.removesuffix("."))
    return (url.scheme, host, url.port)
