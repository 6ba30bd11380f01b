"""Pages that follow one another, whatever the next link says."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import HostNotAllowed, Throttled, Unintelligible
from connection.remote import Page
from dynamics.calls import Answer, Service
from dynamics.odata import Row, plain_page
from dynamics.paging import all_rows, pages
from tests.dynamics.microsoft import SALES, Desk, Reply, the_access

LEGAL = "abcXYZ0189-._~:/?[]@!$&'()*+,;=%"
FIRST = f"{SALES}/api/data/v9.2/systemusers"
USER = "44444444-4444-4444-8444-444444444444"


def telling(*bodies: object) -> tuple[list[str], Callable[[str], Awaitable[Answer]]]:
    asked: list[str] = []

    async def ask(address: str) -> Answer:
        said = Reply(body=bodies[len(asked)]).response()
        asked.append(address)
        return Answer(said.status_code, said.headers, said.content)

    return asked, ask


async def every(ask: Callable[[str], Awaitable[Answer]]) -> list[Row]:
    return await all_rows(Service.SALES, FIRST, ask)


@given(st.text(LEGAL, max_size=60))
def test_a_next_link_is_used_byte_for_byte(cookie: str) -> None:
    link = f"{FIRST}?$select=fullname&$skiptoken={cookie}"
    asked, ask = telling({"value": [{"a": 1}], "@odata.nextLink": link}, {"value": [{"a": 2}]})
    rows = asyncio.run(every(ask))
    assert rows == [{"a": 1}, {"a": 2}]
    assert asked == [FIRST, link]
    assert str(httpx.URL(link)) == link


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.test/api/data/v9.2/systemusers?$skiptoken=1",
        "http://contoso.crm4.dynamics.com/api/data/v9.2/systemusers",
        "https://contoso.crm4.dynamics.com:8443/api/data/v9.2/systemusers",
        "https://fabrikam.crm4.dynamics.com/api/data/v9.2/systemusers",
        "https://contoso.crm4.dynamics.com@evil.test/",
        "//evil.test/",
        "https:evil.test",
        "https://[broken",
        "//[broken",
        "https://fabrikam.api.crm4.dynamics.com/api/data/v9.2/systemusers",
        "https://contoso.api.evil.test/api/data/v9.2/systemusers",
        "https://contoso.api.dynamics.com/api/data/v9.2/systemusers",
        "https://a.contoso.api.crm4.dynamics.com/api/data/v9.2/systemusers",
        "https://contoso.api.crmevil.dynamics.com/api/data/v9.2/systemusers",
        "https://contoso.api.crm4.dynamics.com.evil.test/api/data/v9.2/systemusers",
    ],
)
async def test_a_next_link_to_another_origin_is_not_followed(link: str) -> None:
    asked, ask = telling({"value": [], "@odata.nextLink": link})
    with pytest.raises(HostNotAllowed):
        await every(ask)
    assert asked == [FIRST]


@pytest.mark.parametrize("link", [FIRST, 5, f"{FIRST}?\n", f"{FIRST}?é", ["x"]])
async def test_a_next_link_that_leads_back_or_is_none_ends_the_reading(link: object) -> None:
    _, ask = telling({"value": [], "@odata.nextLink": link})
    with pytest.raises(Unintelligible):
        await every(ask)


@pytest.mark.parametrize("body", [{}, {"value": 5}, {"value": [1]}, [], None, "x"])
async def test_a_page_that_is_none_is_named(body: object) -> None:
    _, ask = telling(body)
    with pytest.raises(Unintelligible):
        await every(ask)


async def test_both_names_of_an_organisation_are_one_service() -> None:
    link = "https://contoso.api.crm4.dynamics.com/api/data/v9.2/systemusers?$skiptoken=1"
    asked, ask = telling({"value": [], "@odata.nextLink": link}, {"value": [{"a": 1}]})
    assert await every(ask) == [{"a": 1}]
    assert asked == [FIRST, link]


@pytest.mark.parametrize(
    "link", ["systemusers?$skiptoken=1", "?$skiptoken=1", "/api/data/v9.2/systemusers?$skiptoken=1"]
)
async def test_a_relative_next_link_is_of_the_same_service(link: str) -> None:
    asked, ask = telling({"value": [], "@odata.nextLink": link}, {"value": [{"a": 1}]})
    assert await every(ask) == [{"a": 1}]
    assert asked == [FIRST, f"{FIRST}?$skiptoken=1"]


class Slow:
    """Answers when it is let go, and tells who waits."""

    def __init__(self, bodies: Sequence[object]) -> None:
        self._bodies = list(bodies)
        self.asked: asyncio.Queue[str] = asyncio.Queue()
        self.go = asyncio.Event()
        self.given_up = asyncio.Event()

    async def ask(self, address: str) -> Answer:
        self.asked.put_nowait(address)
        try:
            if address != FIRST:
                await self.go.wait()
        except asyncio.CancelledError:
            self.given_up.set()
            raise
        said = Reply(body=self._bodies.pop(0)).response()
        return Answer(said.status_code, said.headers, said.content)


def reading(slow: Slow) -> AsyncGenerator[Page[Row], None]:
    return pages(Service.SALES, FIRST, slow.ask, plain_page, lambda row: row)


async def test_the_next_page_is_on_its_way_while_this_one_is_used() -> None:
    link = f"{FIRST}?$skiptoken=1"
    slow = Slow([{"value": [{"a": 1}], "@odata.nextLink": link}, {"value": [{"a": 2}]}])
    found: list[Row] = []
    async for page in reading(slow):
        found += page.rows
        if len(found) == 1:
            assert [await slow.asked.get(), await slow.asked.get()] == [FIRST, link]
            slow.go.set()
    assert found == [{"a": 1}, {"a": 2}]


async def test_a_page_on_its_way_is_given_up_with_the_reading() -> None:
    slow = Slow([{"value": [{"a": 1}], "@odata.nextLink": f"{FIRST}?$skiptoken=1"}])
    async with aclosing(reading(slow)) as read:
        async for _ in read:
            asked = [await slow.asked.get(), await slow.asked.get()]
            assert asked == [FIRST, f"{FIRST}?$skiptoken=1"]
            break
    assert slow.given_up.is_set()


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_every_row_is_read_once_and_in_order(sizes: list[int]) -> None:
    numbers = iter(range(100))
    rows = [[{"n": next(numbers)} for _ in range(size)] for size in sizes]
    links = [f"{FIRST}?$skiptoken={n}" for n in range(1, len(sizes))]
    bodies = [
        {"value": page} | ({"@odata.nextLink": link} if link else {})
        for page, link in zip(rows, [*links, ""], strict=True)
    ]
    asked, ask = telling(*bodies)
    found = [row["n"] for row in asyncio.run(every(ask))]
    assert found == list(range(sum(sizes)))
    assert asked == [FIRST, *links]


async def test_every_page_asks_for_its_size(desk: Desk) -> None:
    link = f"{FIRST}?$skiptoken=1"
    row = {"systemuserid": "44444444-4444-4444-8444-444444444444"}
    desk.microsoft.tell(
        FIRST, Reply(body={"value": [row], "@odata.nextLink": link}), Reply(body={"value": []})
    )
    found = [len(page.rows) async for page in desk.sales.all_users(the_access())]
    assert found == [1, 0]
    sizes = [call.headers["prefer"] for call in desk.microsoft.sent_to(FIRST)]
    assert sizes == ["odata.maxpagesize=5000"] * 2


async def test_a_busy_service_in_the_middle_is_asked_again_for_the_same_page(desk: Desk) -> None:
    link = f"{FIRST}?$skiptoken=1"
    busy = Reply(429, {}, {"Retry-After": "3"})
    desk.microsoft.tell(
        FIRST, Reply(body={"value": [], "@odata.nextLink": link}), busy, Reply(body={"value": []})
    )
    assert [page.rows async for page in desk.sales.all_users(the_access())] == [[], []]
    assert [str(call.url) for call in desk.microsoft.sent_to(FIRST)][1:] == [link, link]
    assert desk.slept == [3.0]


async def test_a_fault_in_the_middle_ends_the_reading(desk: Desk) -> None:
    link = f"{FIRST}?$skiptoken=1"
    desk.microsoft.tell(
        FIRST, Reply(body={"value": [], "@odata.nextLink": link}), Reply(429, {}, {})
    )
    with pytest.raises(Throttled):
        assert [page async for page in desk.sales.all_users(the_access())]


@pytest.mark.parametrize("text", ["bad \\ud800", "\\uDFFF", "\\ud83d\\ude00 fine"])
async def test_what_is_read_can_be_stored_and_sent(desk: Desk, text: str) -> None:
    row = f'{{"systemuserid": "{USER}", "fullname": "{text}"}}'
    desk.microsoft.tell(FIRST, Reply(content=f'{{"value": [{row}]}}'.encode()))
    (user,) = [user async for page in desk.sales.all_users(the_access()) for user in page.rows]
    assert user.full_name.encode()
