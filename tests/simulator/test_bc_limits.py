"""Operational limits of Business Central online, pages of a list, and `$batch`."""

import asyncio
from typing import Any

import httpx
import pytest

from simulator.bc.errors import BusinessCentralError
from simulator.bc.limits import LIMITS, Traffic
from simulator.clock import Clock
from simulator.healthy.people import COMPANY
from tests.simulator.conftest import Visitor

COMPANIES = "api/v2.0/companies"
JOBS = f"ODataV4/Company('{COMPANY}')/Job_Queue_Entries"


class Stopped:
    """A machine whose time stands still, so that only moving the clock moves it."""

    def __call__(self) -> float:
        return 1_000.0


async def _ask(traffic: Traffic, takes: float = 0, **limits: int) -> int:
    """The status that the call would get."""
    try:
        async with traffic.admitted("one", LIMITS | limits, takes):
            return 200
    except BusinessCentralError as refused:
        return refused.status


async def _settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_window_of_requests_slides() -> None:
    clock = Clock(Stopped())
    traffic = Traffic(clock)
    assert [await _ask(traffic, requests=2) for _ in range(3)] == [200, 200, 429]
    clock.advance(299)
    assert await _ask(traffic, requests=2) == 429
    clock.advance(1)
    assert await _ask(traffic, requests=2) == 200


async def test_all_6000_requests_of_five_minutes_are_served_and_the_next_is_not() -> None:
    traffic = Traffic(Clock(Stopped()))
    statuses = {await _ask(traffic) for _ in range(6000)}
    assert (statuses, await _ask(traffic)) == ({200}, 429)


async def test_5_run_95_wait_and_the_next_is_refused() -> None:
    clock = Clock(Stopped())
    traffic = Traffic(clock)
    calls = [asyncio.create_task(_ask(traffic, takes=10)) for _ in range(100)]
    await _settled()
    assert await _ask(traffic) == 429
    assert not any(call.done() for call in calls)
    for finished in (5, 10):
        clock.advance(10)
        await _settled()
        assert sum(call.done() for call in calls) == finished
    for _ in range(18):
        clock.advance(10)
        await _settled()
    assert {await call for call in calls} == {200}
    assert await _ask(traffic) == 200


async def test_waiting_in_the_queue_ends_after_eight_minutes() -> None:
    clock = Clock(Stopped())
    traffic = Traffic(clock)
    first = asyncio.create_task(_ask(traffic, takes=470, running=1))
    await _settled()
    second = asyncio.create_task(_ask(traffic, running=1, queue_seconds=60))
    await _settled()
    clock.advance(60)
    assert await second == 503
    clock.advance(410)
    assert await first == 200


async def test_an_operation_ends_after_eight_minutes() -> None:
    clock = Clock(Stopped())
    call = asyncio.create_task(_ask(Traffic(clock), takes=481))
    await _settled()
    clock.advance(480)
    assert await call == 408


async def test_who_gives_up_in_the_queue_holds_no_place() -> None:
    clock = Clock(Stopped())
    traffic = Traffic(clock)
    first = asyncio.create_task(_ask(traffic, takes=10, running=1))
    await _settled()
    second = asyncio.create_task(_ask(traffic, running=1))
    await _settled()
    second.cancel()
    clock.advance(10)
    assert await first == 200
    assert await _ask(traffic, running=1) == 200


async def test_limits_are_facts_and_count_for_each_caller(visitor: Visitor) -> None:
    await visitor.patch_environment({"limits": {"requests": 1}})
    assert (await visitor.bc("GET", COMPANIES)).status_code == 200
    answer = await visitor.bc("GET", COMPANIES)
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "Application_TooManyRequests"
    assert (await visitor.server("GET", "ODataV4/Company")).status_code == 200


@pytest.mark.parametrize(
    "facts",
    [
        {"limits": {"requests": 0}},
        {"limits": {"nope": 1}},
        {"limits": 5},
        {"takes": -1},
        {"applications": []},
        {"applications": {"bot": 1}},
        {"applications": {"bot": {"permission_sets": []}}},
        {"permission_sets": []},
        {"web_services": {"Users": 5}},
        {"companies": {COMPANY: {"pages": 1}}},
    ],
)
async def test_facts_that_cannot_be_are_refused(visitor: Visitor, facts: dict[str, Any]) -> None:
    patch = {"business_central": {"Production": facts}}
    assert (await visitor.control.patch("/_world", json=patch)).status_code == 400


@pytest.mark.parametrize("status", ["Suspended", "Upgrading", "SoftDeleted"])
async def test_an_environment_that_is_not_active_is_unavailable(
    visitor: Visitor, status: str
) -> None:
    await visitor.patch_environment({"status": status})
    answer = await visitor.bc("GET", COMPANIES)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


async def _pages(visitor: Visitor, path: str, **headers: str) -> list[list[dict[str, Any]]]:
    """All pages of a list, followed by their links."""
    pages = []
    answer = await visitor.bc("GET", path, headers=headers)
    while True:
        assert answer.status_code == 200, answer.text
        body = answer.json()
        pages.append(body["value"])
        if "@odata.nextLink" not in body:
            return pages
        token = next(iter(visitor.tokens.values()))
        more = {"Authorization": f"Bearer {token}", **headers}
        answer = await visitor.http.get(body["@odata.nextLink"], headers=more)


async def test_a_list_comes_in_pages_of_the_size_that_is_preferred(visitor: Visitor) -> None:
    whole = (await visitor.bc("GET", JOBS)).json()["value"]
    pages = await _pages(visitor, JOBS, Prefer="odata.maxpagesize=5")
    assert [row for page in pages for row in page] == whole
    assert {len(page) for page in pages[:-1]} == {5}


async def test_pages_keep_filter_order_and_count(visitor: Visitor) -> None:
    query = "?$filter=Object_ID_to_Run eq 5339&$orderby=Description desc&$skip=1&$top=6"
    whole = (await visitor.bc("GET", JOBS + query)).json()["value"]
    names = [row["Description"] for row in whole]
    assert (names, len(names)) == (sorted(names, reverse=True), 6)
    pages = await _pages(visitor, JOBS + query, Prefer="odata.maxpagesize=4")
    assert [[row["Description"] for row in page] for page in pages] == [names[:4], names[4:]]


async def test_a_longer_list_than_the_limit_is_cut_into_pages(visitor: Visitor) -> None:
    await visitor.patch_environment({"limits": {"rows": 4}})
    assert {len(page) for page in (await _pages(visitor, JOBS))[:-1]} == {4}


@pytest.mark.parametrize(
    ("query", "prefer"),
    [
        ("", "odata.maxpagesize=20001"),
        ("", "odata.maxpagesize=" + "9" * 5000),
        ("?$top=20001", ""),
    ],
)
async def test_a_larger_page_than_the_limit_is_refused(
    visitor: Visitor, query: str, prefer: str
) -> None:
    answer = await visitor.bc("GET", JOBS + query, headers={"Prefer": prefer})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("$orderby=Nope", 400),
        ("$orderby=Status up", 400),
        ("$nope=1", 400),
        ("$top=x", 400),
        ("$top=\u00b2", 400),
        ("$top=" + "9" * 5000, 400),
        ("$skip=" + "9" * 5000, 400),
        ("$skiptoken={}", 400),
        ("$count=maybe", 400),
        ("$filter=Status eq 'None such'&$orderby=Nope", 400),
        ("$filter=Status eq 'None such'&$select=Nope", 400),
        ("$filter=Status eq 'None such' and Nope eq 1", 400),
        ("$filter=Object_ID_to_Run eq 'x'", 400),
        ("$filter=contains(Object_ID_to_Run,'5')", 400),
        ("$filter=" + "Status eq 'x' or " * 1500 + "Status eq 'x'", 400),
        ("$filter=tolower(Status) eq 'ready'", 501),
        ("$filter=Status in ('Ready','Error')", 501),
        ("$filter=x/any(a:a/b eq 1)", 501),
        ("$expand=x", 501),
        ("$select=*", 200),
        ("aid=FIN", 200),
    ],
)
async def test_query_options_are_known_refused_or_not_simulated(
    visitor: Visitor, query: str, status: int
) -> None:
    assert (await visitor.bc("GET", f"{JOBS}?{query}")).status_code == status


@pytest.mark.parametrize("below", ["/$count", "(x)/Status"])
async def test_what_stands_below_a_page_is_not_simulated(visitor: Visitor, below: str) -> None:
    assert (await visitor.bc("GET", JOBS + below)).status_code == 501


async def _batch(visitor: Visitor, requests: list[Any], **more: Any) -> httpx.Response:
    return await visitor.bc("POST", "ODataV4/$batch", json={"requests": requests}, **more)


PAGE = f"Company('{COMPANY}')/CRM_Connection_Setup('')"


async def test_a_batch_reads_and_changes_in_its_order(visitor: Visitor) -> None:
    answer = await _batch(
        visitor,
        [
            {
                "id": "1",
                "method": "PATCH",
                "url": PAGE,
                "headers": {"If-Match": "*"},
                "body": {"SDKVersion": 9},
            },
            {"id": "2", "method": "get", "url": f"{PAGE}?$select=SDKVersion"},
        ],
    )
    parts = answer.json()["responses"]
    assert [(part["id"], part["status"]) for part in parts] == [("1", 200), ("2", 200)]
    assert parts[1]["body"]["SDKVersion"] == 9


@pytest.mark.parametrize(
    ("prefer", "statuses"), [("", [404]), ("odata.continue-on-error", [404, 200])]
)
async def test_a_batch_ends_at_the_first_failure_unless_it_shall_go_on(
    visitor: Visitor, prefer: str, statuses: list[int]
) -> None:
    requests = [
        {"id": "1", "method": "GET", "url": "Company('Nope')"},
        {"id": "2", "method": "GET", "url": "Company"},
    ]
    answer = await _batch(visitor, requests, headers={"Prefer": prefer})
    assert [part["status"] for part in answer.json()["responses"]] == statuses


@pytest.mark.parametrize(("isolation", "version"), [("", 9), ("snapshot", 91)])
async def test_a_snapshot_is_all_or_nothing(visitor: Visitor, isolation: str, version: int) -> None:
    change = {"method": "PATCH", "url": PAGE, "headers": {"If-Match": "*"}}
    requests = [
        {"id": "1", **change, "body": {"SDKVersion": 9}},
        {"id": "2", **change, "body": {"CRM_Version": "x"}},
    ]
    answer = await _batch(visitor, requests, headers={"Isolation": isolation})
    assert [part["status"] for part in answer.json()["responses"]] == [200, 400]
    shown = (await visitor.page("GET", "CRM_Connection_Setup('')")).json()
    assert shown["SDKVersion"] == version


@pytest.mark.parametrize(("count", "status"), [(100, 200), (101, 413)])
async def test_a_batch_has_at_most_100_operations(
    visitor: Visitor, count: int, status: int
) -> None:
    requests = [{"id": str(n), "method": "GET", "url": "Company"} for n in range(count)]
    answer = await _batch(visitor, requests)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("requests", "status"),
    [
        ([{"id": "1", "method": "GET"}], 400),
        ([{"id": "1", "method": "GET", "url": "Company"}] * 2, 400),
        ([{"id": "1", "method": "POST", "url": "$batch"}], 400),
        ([{"id": "1", "method": "GET", "url": "Company", "atomicityGroup": "a"}], 501),
    ],
)
async def test_a_batch_that_is_none_is_refused(
    visitor: Visitor, requests: list[Any], status: int
) -> None:
    assert (await _batch(visitor, requests)).status_code == status


async def test_a_batch_in_parts_is_not_simulated(visitor: Visitor) -> None:
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    answer = await visitor.bc("POST", "ODataV4/$batch", content=b"--b--", headers=headers)
    assert answer.status_code == 501


async def test_a_world_that_becomes_another_has_forgotten_the_calls(visitor: Visitor) -> None:
    for _ in range(2):
        await visitor.become("healthy")
        await visitor.patch_environment({"limits": {"requests": 1}})
        statuses = [(await visitor.bc("GET", COMPANIES)).status_code for _ in range(2)]
        assert statuses == [200, 429]


@pytest.mark.parametrize(
    ("literal", "finds"),
    [("2026-01-16T05:00:00Z", 1), ("2026-01-16T06:00:00%2B01:00", 1), ("2026-01-16", 0)],
)
async def test_times_are_compared_as_moments(visitor: Visitor, literal: str, finds: int) -> None:
    query = f"$filter=Earliest_Start_Date_Time eq {literal}"
    assert len((await visitor.bc("GET", f"{JOBS}?{query}")).json()["value"]) == finds


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["", "$metadata", "Company", f"Company('{COMPANY}')"])
async def test_what_is_only_read_takes_no_other_method(
    visitor: Visitor, method: str, path: str
) -> None:
    answer = await visitor.bc(method, f"ODataV4/{path}", json={})
    assert answer.status_code == 405
    assert answer.json()["error"]["code"] == "BadRequest_MethodNotAllowed"


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        ("CRM_Connection_Setup(Primary_Key='')", 200),
        ("CRM_Connection_Setup(Nope='')", 400),
        ("CRM_Connection_Setup('')?$expand=x", 501),
        ("CRM_Connection_Setup('')?$filter=Is_Enabled eq true", 400),
        ("CRM_Connection_Setup('')?$select=Nope", 400),
    ],
)
async def test_one_row_is_read_by_its_key(visitor: Visitor, rest: str, status: int) -> None:
    assert (await visitor.page("GET", rest)).status_code == status


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 10**400])
async def test_a_number_has_32_bits(visitor: Visitor, number: int) -> None:
    path = "CRM_Connection_Setup('')"
    answer = await visitor.page(
        "PATCH", path, json={"SDKVersion": number}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "start", ["", "/", "{path}", "https://api.businesscentral.dynamics.com{path}"]
)
async def test_a_request_of_a_batch_may_be_addressed_as_a_whole(
    visitor: Visitor, start: str
) -> None:
    root = f"/v2.0/{visitor.ready['tenant']}/Production/ODataV4/"
    url = f"{start.format(path=root)}Company"
    answer = await _batch(visitor, [{"id": "1", "method": "GET", "url": url}])
    assert [part["status"] for part in answer.json()["responses"]] == [200]
