"""Microsoft's own client for Dataverse cannot tell the simulated organisation from a real one.

The library runs as it is installed, synchronously in a thread and asynchronously, through the
simulator's proxy and with the tokens that the simulated Entra ID gave.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import aiohttp
import pytest
import pytest_asyncio
from azure.core.credentials import AccessToken
from PowerPlatform.Dataverse.aio import AsyncDataverseClient
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError, MetadataError
from PowerPlatform.Dataverse.models.filters import col
from PowerPlatform.Dataverse.models.upsert import UpsertItem

from tests.simulator.conftest import Visitor

EVERYTHING = {"privileges": {"Connection Bot": {"*": True}}}
T = TypeVar("T")


class Credential:
    """What the library asks of azure-identity, with a token that was got before."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        return AccessToken(self._token, int(time.time()) + 3600)


class AsyncCredential(Credential):
    """The same for the asynchronous client."""

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:  # type: ignore[override]
        return super().get_token(*scopes)

    async def close(self) -> None:
        """Nothing is open."""

    async def __aenter__(self) -> "AsyncCredential":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class Threaded:
    """The synchronous client, one call after another in a thread."""

    def __init__(self, client: DataverseClient) -> None:
        self._client = client

    async def __call__(self, work: Callable[[DataverseClient], T]) -> T:
        return await asyncio.to_thread(work, self._client)


@pytest_asyncio.fixture(loop_scope="session")
async def sdk(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Threaded]:
    monkeypatch.setenv("HTTPS_PROXY", visitor.ready["proxy"])
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, visitor.ready["ca_file"])
    url = visitor.ready["sales_url"]
    with DataverseClient(url, Credential(await visitor.token(url))) as client:
        yield Threaded(client)


@pytest_asyncio.fixture(loop_scope="session")
async def async_sdk(visitor: Visitor, trust: ssl.SSLContext) -> AsyncIterator[AsyncDataverseClient]:
    url = visitor.ready["sales_url"]
    client = AsyncDataverseClient(url, AsyncCredential(await visitor.token(url)))
    client._session = aiohttp.ClientSession(
        proxy=visitor.ready["proxy"], connector=aiohttp.TCPConnector(ssl=trust)
    )
    async with client:
        yield client


async def _crowd(visitor: Visitor, number: int) -> set[str]:
    """So many users more; all ids of the table."""
    rows = {f"crowd-{each}": {"fullname": f"Member {each}"} for each in range(number)}
    await visitor.patch_sales({"tables": {"systemusers": rows}})
    facts = visitor.simulation.world.facts["sales"]["adventure"]["tables"]["systemusers"]
    return {row["systemuserid"] for row in facts.values()}


async def test_sdk_pages_through_more_users_than_a_page_holds(
    visitor: Visitor, sdk: Threaded
) -> None:
    ids = await _crowd(visitor, 5100)
    rows = await sdk(lambda client: list(client.records.list("systemuser", select=["fullname"])))
    assert len(rows) == len(ids)
    assert {row["systemuserid"] for row in rows} == ids


async def test_async_sdk_pages_through_more_users_than_a_page_holds(
    visitor: Visitor, async_sdk: AsyncDataverseClient
) -> None:
    ids = await _crowd(visitor, 5100)
    rows = list(await async_sdk.records.list("systemuser", select=["fullname"]))
    assert {row["systemuserid"] for row in rows} == ids


async def test_sdk_asks_for_pages_of_its_own_size(visitor: Visitor, sdk: Threaded) -> None:
    ids = await _crowd(visitor, 30)
    pages = await sdk(
        lambda client: [
            len(list(page)) for page in client.records.list_pages("systemuser", page_size=20)
        ]
    )
    assert pages == [20, len(ids) - 20]


async def test_sdk_creates_reads_changes_and_deletes_a_row(visitor: Visitor, sdk: Threaded) -> None:
    await visitor.patch_sales(EVERYTHING)

    def story(client: DataverseClient) -> list[Any]:
        made = client.records.create("team", {"name": "Night shift"})
        client.records.update("team", made, {"name": "Day shift"})
        read = client.records.retrieve("team", made, select=["name"])
        client.records.delete("team", made)
        return [read, client.records.retrieve("team", made)]

    read, gone = await sdk(story)
    assert (read["name"], gone) == ("Day shift", None)


async def test_async_sdk_creates_reads_changes_and_deletes_a_row(
    visitor: Visitor, async_sdk: AsyncDataverseClient
) -> None:
    await visitor.patch_sales(EVERYTHING)
    made = await async_sdk.records.create("team", {"name": "Night shift"})
    await async_sdk.records.update("team", made, {"name": "Day shift"})
    read = await async_sdk.records.retrieve("team", made, select=["name"])
    await async_sdk.records.delete("team", made)
    assert read is not None
    assert read["name"] == "Day shift"
    assert await async_sdk.records.retrieve("team", made) is None


async def test_sdk_writes_many_rows_in_one_message(visitor: Visitor, sdk: Threaded) -> None:
    await visitor.patch_sales(EVERYTHING)

    def story(client: DataverseClient) -> list[Any]:
        made = client.records.create("account", [{"name": "A"}, {"name": "B"}])
        client.records.update("account", made, {"telephone1": "555-0100"})
        wanted = "telephone1 eq '555-0100'"
        found = client.records.list("account", filter=wanted, orderby=["name desc"])
        return [made, list(found)]

    made, found = await sdk(story)
    assert [row["name"] for row in found] == ["B", "A"]
    assert {row["accountid"] for row in found} == set(made)


async def test_sdk_upserts_by_an_alternate_key(visitor: Visitor, sdk: Threaded) -> None:
    await visitor.patch_sales(EVERYTHING)

    def story(client: DataverseClient) -> list[Any]:
        for name in ("First", "Second"):
            client.records.upsert(
                "account",
                [UpsertItem(alternate_key={"accountnumber": "X1"}, record={"name": name})],
            )
        many: list[UpsertItem | dict[str, Any]] = [
            UpsertItem(alternate_key={"accountnumber": f"X{n}"}, record={"name": f"Name {n}"})
            for n in (1, 2)
        ]
        client.records.upsert("account", many)
        return list(client.records.list("account", filter="startswith(accountnumber,'X')"))

    found = await sdk(story)
    assert sorted(row["name"] for row in found) == ["Name 1", "Name 2"]


async def test_sdk_filters_by_its_query_builder(visitor: Visitor, sdk: Threaded) -> None:
    def story(client: DataverseClient) -> list[Any]:
        query = client.query.builder("systemuser").select("fullname")
        query = query.where((col("isdisabled") == False) & col("fullname").like("Ada%"))  # noqa: E712
        return list(query.execute())

    assert [row["fullname"] for row in await sdk(story)] == ["Ada Admin"]


async def test_sdk_resolves_the_label_of_a_choice(visitor: Visitor, sdk: Threaded) -> None:
    await visitor.patch_sales(EVERYTHING)

    def story(client: DataverseClient) -> Any:
        made = client.records.create("team", {"name": "Labelled", "teamtype": "Access"})
        return client.records.retrieve("team", made, include_annotations="*")

    team = await sdk(story)
    assert team["teamtype"] == 1
    assert team["teamtype@OData.Community.Display.V1.FormattedValue"] == "Access"


@pytest.mark.parametrize("typed", [False, True])
async def test_sdk_reads_the_metadata_of_a_table(
    visitor: Visitor, sdk: Threaded, typed: bool
) -> None:
    def story(client: DataverseClient) -> list[Any]:
        return [
            client.tables.get("systemuser"),
            client.tables.list_columns("systemuser", typed=typed),
            client.tables.list_table_relationships("systemuser"),
            client.tables.get_alternate_keys("account"),
            client.tables.list(),
        ]

    info, columns, links, keys, tables = await sdk(story)
    assert info["entity_set_name"] == "systemusers"
    assert "businessunitid" in {each["LogicalName"] for each in columns}
    assert "systemuserroles_association" in {each["SchemaName"] for each in links}
    assert [key.key_attributes for key in keys] == [["accountnumber"]]
    assert "nav_connection" in {each["LogicalName"] for each in tables}


async def test_sdk_does_not_know_a_table_of_a_missing_solution(
    visitor: Visitor, sdk: Threaded
) -> None:
    await visitor.become("solution-missing")
    with pytest.raises(MetadataError):
        await sdk(lambda client: list(client.records.list("nav_connection")))


async def test_sdk_is_refused_in_its_own_error(visitor: Visitor, sdk: Threaded) -> None:
    await visitor.patch_sales({"privileges": {"Connection Bot": {"prvReadUser": None}}})
    with pytest.raises(HttpError) as refused:
        await sdk(lambda client: list(client.records.list("systemuser")))
    assert (refused.value.status_code, refused.value.is_transient) == (403, False)
    assert refused.value.details["service_error_code"] == "0x80040220"
    assert refused.value.details["service_request_id"]


async def test_throttled_sdk_is_told_how_long_to_wait(visitor: Visitor, sdk: Threaded) -> None:
    await visitor.patch_sales({"condition": "throttled", "retry_after": 11})
    with pytest.raises(HttpError) as refused:
        await sdk(lambda client: list(client.records.list("systemuser")))
    assert (refused.value.status_code, refused.value.is_transient) == (429, True)
    assert refused.value.details["retry_after"] == 11
    assert refused.value.details["service_error_code"] == "0x80072322"


async def test_throttled_async_sdk_is_told_how_long_to_wait(
    visitor: Visitor, async_sdk: AsyncDataverseClient
) -> None:
    await visitor.patch_sales({"limits": {"requests": 1}})
    await async_sdk.tables.list()
    with pytest.raises(HttpError) as refused:
        await async_sdk.tables.list()
    assert (refused.value.status_code, refused.value.is_transient) == (429, True)
    assert 290 <= refused.value.details["retry_after"] <= 300


async def test_sdk_runs_a_batch_with_a_change_set(visitor: Visitor, sdk: Threaded) -> None:
    await visitor.patch_sales(EVERYTHING)

    def story(client: DataverseClient) -> list[Any]:
        batch = client.batch.new()
        with batch.changeset() as changes:
            contact = changes.records.create("contact", {"firstname": "Bo", "lastname": "Batch"})
            account = {"name": "Batch Ltd.", "primarycontactid@odata.bind": contact}
            changes.records.update(
                "account", changes.records.create("account", account), {"telephone1": "1"}
            )
        batch.records.list("account", filter="name eq 'Batch Ltd.'", select=["telephone1"])
        return list(batch.execute().responses)

    *written, read = await sdk(story)
    assert [each.status_code for each in written] == [204, 204, 204]
    assert written[0].entity_id is not None
    (row,) = read.data["value"]
    assert row["telephone1"] == "1"


async def test_async_sdk_sees_a_failed_change_set_undone(
    visitor: Visitor, async_sdk: AsyncDataverseClient
) -> None:
    await visitor.patch_sales(EVERYTHING)
    batch = async_sdk.batch.new()
    async with batch.changeset() as changes:
        changes.records.create("team", {"name": "Kept only with the other"})
        changes.records.create("team", {"shoesize": 44})
    result = await batch.execute()
    assert [each.status_code for each in result.responses] == [400]
    teams = await async_sdk.records.list("team", filter="name eq 'Kept only with the other'")
    assert list(teams) == []
