"""Quoting, encoding and paging."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import HostNotAllowed, Unintelligible
from dynamics.calls import Answer, Service
from dynamics.odata import encoded, guid, member_of, pages, text_literal
from tests.dynamics.microsoft import SALES, Reply

LEGAL = "abcXYZ0189-._~:/?[]@!$&'()*+,;=%"
FIRST = f"{SALES}/api/data/v9.2/systemusers"


@given(st.text())
def test_a_text_comes_back_from_its_literal(text: str) -> None:
    literal = text_literal(text)
    assert literal[1:-1].replace("''", "'") == text
    assert "'" not in literal[1:-1].replace("''", "")


@given(st.text(st.characters(codec="utf-8")))
def test_an_encoded_filter_arrives_as_it_was_meant(text: str) -> None:
    meant = f"domainname eq {text_literal(text)}"
    address = f"{FIRST}?$select=fullname&$filter={encoded(meant)}"
    sent = httpx.URL(address).raw_path.decode()
    assert parse_qs(urlsplit(sent).query, keep_blank_values=True)["$filter"] == [meant]


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_company_stays_one_segment_of_the_address(name: str) -> None:
    segment = f"Company({encoded(text_literal(name))})"
    path = httpx.URL(f"{SALES}/ODataV4/{segment}/Users").raw_path.decode()
    assert path.split("/")[2:] == [segment, "Users"]
    assert unquote(path.split("/")[2]) == f"Company({text_literal(name)})"


def test_membership_is_written_as_dataverse_documents_it() -> None:
    assert member_of("roleid", ["a", "b"]) == (
        'Microsoft.Dynamics.CRM.In(PropertyName=\'roleid\',PropertyValues=["a","b"])'
    )


@pytest.mark.parametrize("value", [None, "", "x", "1 or 1 eq 1", 5])
def test_what_is_no_id_is_never_put_into_an_address(value: object) -> None:
    with pytest.raises(Unintelligible):
        guid(Service.SALES, value)


def telling(*bodies: object) -> tuple[list[str], Callable[[str], Awaitable[Answer]]]:
    asked: list[str] = []

    async def ask(address: str) -> Answer:
        said = Reply(body=bodies[len(asked)]).response()
        asked.append(address)
        return Answer(said.status_code, said.headers, said.content)

    return asked, ask


async def every(ask: Callable[[str], Awaitable[Answer]]) -> list[object]:
    return [row async for row in pages(Service.SALES, FIRST, ask)]


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
        "systemusers?$skiptoken=1",
        "https://[broken",
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
