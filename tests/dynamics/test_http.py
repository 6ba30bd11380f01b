"""Repeating, redirecting, limits and headers of the one HTTP client."""

import asyncio
import gzip
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from connection.errors import (
    HostNotAllowed,
    ServerDown,
    Throttled,
    Unintelligible,
    Unreachable,
)
from dynamics.calls import Call, Service, Token
from dynamics.http import Limits
from tests.dynamics.microsoft import (
    BC,
    CORRELATION,
    LOGIN,
    NOW,
    SALES,
    TENANT,
    Desk,
    Reply,
    a_desk,
)

ASKED = Call(
    service=Service.SALES,
    method="GET",
    url=f"{SALES}/api/data/v9.2/WhoAmI",
    correlation=CORRELATION,
    token=Token("the-token", NOW + timedelta(hours=1)),
)
BUSY = Reply(429, {"error": {"code": "0x80072322", "message": "Too many."}}, {"Retry-After": "7"})
FINE = Reply(200, {"fine": True})


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_busy_service_is_asked_again_when_it_says(desk: Desk, status: int) -> None:
    desk.sales_says("WhoAmI", replace(BUSY, status=status), FINE)
    assert (await desk.http.send(ASKED)).status == 200
    assert desk.slept == [7.0]


async def test_a_retry_after_may_be_a_date(desk: Desk) -> None:
    at = (NOW + timedelta(seconds=9)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    desk.sales_says("WhoAmI", Reply(503, headers={"Retry-After": at}), FINE)
    await desk.http.send(ASKED)
    assert desk.slept == [9.0]


async def test_patience_ends_after_three_repeats(desk: Desk) -> None:
    desk.sales_says("WhoAmI", Reply(429, headers={"Retry-After": "1"}))
    with pytest.raises(Throttled) as caught:
        await desk.http.send(ASKED)
    assert desk.slept == [1.0, 1.0, 1.0]
    assert caught.value.retry_after == 1.0


async def test_patience_ends_after_twenty_seconds(desk: Desk) -> None:
    desk.sales_says("WhoAmI", Reply(429, headers={"Retry-After": "15"}))
    with pytest.raises(Throttled) as caught:
        await desk.http.send(ASKED)
    assert desk.slept == [15.0]
    assert caught.value.hint == "Try again in 15 seconds."


async def test_the_others_of_the_same_user_wait_too(desk: Desk) -> None:
    desk.sales_says("WhoAmI", BUSY, FINE)
    patch = replace(ASKED, method="PATCH", lane="one user")
    with pytest.raises(Throttled):
        await desk.http.send(patch)
    assert (await desk.http.send(patch)).status == 200
    assert desk.slept == [7.0]
    await desk.http.send(patch)
    assert desk.slept == [7.0]


class Refusing(httpx.AsyncBaseTransport):
    """Refuses every call for five minutes, once `most` of them have come."""

    def __init__(self, most: int) -> None:
        self.most, self.sent = most, 0
        self.full = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        if self.sent == self.most:
            self.full.set()
        await self.full.wait()
        return httpx.Response(429, headers={"Retry-After": "300"})


async def test_those_who_queue_for_room_are_not_sent_once_the_service_refused() -> None:
    refusing = Refusing(5)
    desk = Desk(transport=refusing)
    call = Call(Service.BUSINESS_CENTRAL, "GET", f"{BC}/x", lane="one user")
    try:
        sent = (desk.http.send(call) for _ in range(40))
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
    finally:
        await desk.aclose()
    assert {type(outcome) for outcome in outcomes} == {Throttled}
    assert refusing.sent == 5


async def test_a_wait_that_grew_meanwhile_is_waited_for_too(desk: Desk) -> None:
    desk.sales_says("WhoAmI", BUSY, replace(BUSY, headers={"Retry-After": "9"}), FINE)
    patch = replace(ASKED, method="PATCH", lane="one user")
    with pytest.raises(Throttled):
        await desk.http.send(patch)
    lane = desk.http._lanes.lane(patch)
    desk.http._lanes.shut(patch, 12, desk.now)
    desk.sales_says("WhoAmI", FINE)
    await desk.http.send(patch)
    assert desk.slept == [12.0]
    assert not lane.shut_for(desk.now)


async def test_a_wait_of_a_day_is_told_and_tried_again_after_ten_minutes(desk: Desk) -> None:
    desk.sales_says("WhoAmI", Reply(429, headers={"Retry-After": "9" * 30}), FINE)
    asked = replace(ASKED, lane="one user")
    with pytest.raises(Throttled) as caught:
        await desk.http.send(asked)
    assert caught.value.retry_after == 86_400
    desk.now = NOW + timedelta(seconds=590)
    assert (await desk.http.send(asked)).status == 200
    assert desk.slept == [10.0]


async def test_entras_lane_is_never_shut(desk: Desk) -> None:
    address = f"{LOGIN}/{TENANT}/oauth2/v2.0/token"
    desk.microsoft.tell(address, Reply(429, headers={"Retry-After": "300"}), FINE)
    asked = Call(Service.ENTRA, "POST", address, lane="one app")
    with pytest.raises(Throttled):
        await desk.http.send(asked)
    assert (await desk.http.send(asked)).status == 200


async def test_another_user_does_not_wait(desk: Desk) -> None:
    desk.sales_says("WhoAmI", BUSY, FINE)
    with pytest.raises(Throttled):
        await desk.http.send(replace(ASKED, method="PATCH", lane="one user"))
    await desk.http.send(replace(ASKED, lane="another user"))
    assert desk.slept == []


async def test_nothing_is_sent_while_the_wait_is_longer_than_patience(desk: Desk) -> None:
    desk.sales_says("WhoAmI", Reply(429, headers={"Retry-After": "300"}), FINE)
    asked = replace(ASKED, lane="one user")
    for passed, left in ((0, 300), (279, 21)):
        desk.now = NOW + timedelta(seconds=passed)
        with pytest.raises(Throttled) as caught:
            await desk.http.send(asked)
        assert caught.value.hint == f"Try again in {left} seconds."
    assert len(desk.microsoft.calls) == 1
    desk.now = NOW + timedelta(seconds=290)
    assert (await desk.http.send(asked)).status == 200
    assert desk.slept == [10.0]


@pytest.mark.parametrize("said", [None, "soon", "-5", "", "1e3", "9" * 400, "Fri, 99 Foo"])
async def test_without_a_sound_time_nothing_is_asked_again(desk: Desk, said: str | None) -> None:
    headers = {} if said is None else {"Retry-After": said}
    desk.sales_says("WhoAmI", Reply(429, headers=headers))
    with pytest.raises(Throttled):
        await desk.http.send(ASKED)
    assert desk.slept == []


async def test_a_change_is_not_repeated_unless_it_converges(desk: Desk) -> None:
    desk.sales_says("WhoAmI", BUSY)
    with pytest.raises(Throttled):
        await desk.http.send(replace(ASKED, method="PATCH"))
    assert len(desk.microsoft.calls) == 1
    desk.sales_says("WhoAmI", BUSY, FINE)
    await desk.http.send(replace(ASKED, method="PATCH", converging=True))
    assert desk.slept == [7.0]


async def test_a_cut_reading_is_tried_once_more(desk: Desk) -> None:
    desk.sales_says("WhoAmI", httpx.ReadError("cut"), FINE)
    assert (await desk.http.send(ASKED)).status == 200
    desk.sales_says("WhoAmI", httpx.ReadError("cut"))
    desk.microsoft.calls.clear()
    with pytest.raises(Unreachable):
        await desk.http.send(ASKED)
    assert len(desk.microsoft.calls) == 2


async def test_a_cut_change_is_never_tried_again(desk: Desk) -> None:
    desk.sales_says("WhoAmI", httpx.ReadError("cut"))
    with pytest.raises(Unreachable):
        await desk.http.send(replace(ASKED, method="POST", converging=True))
    assert len(desk.microsoft.calls) == 1


async def test_a_timeout_is_not_tried_again(desk: Desk) -> None:
    desk.sales_says("WhoAmI", httpx.ReadTimeout("slow"))
    with pytest.raises(Unreachable):
        await desk.http.send(ASKED)
    assert len(desk.microsoft.calls) == 1


async def test_a_reading_follows_a_redirect_within_the_host(desk: Desk) -> None:
    desk.sales_says("WhoAmI", Reply(302, headers={"Location": "/elsewhere"}))
    desk.microsoft.tell(f"{SALES}/elsewhere", FINE)
    assert (await desk.http.send(ASKED)).status == 200
    assert desk.microsoft.calls[-1].headers["authorization"] == "Bearer the-token"


async def test_the_token_stays_behind_when_the_origin_changes(desk: Desk) -> None:
    other = "https://fabrikam.crm4.dynamics.com"
    desk.sales_says("WhoAmI", Reply(307, headers={"Location": f"{other}/a"}))
    desk.microsoft.tell(f"{other}/a", Reply(307, headers={"Location": f"{SALES}/back"}))
    desk.microsoft.tell(f"{SALES}/back", FINE)
    await desk.http.send(ASKED)
    first, *others = desk.microsoft.calls
    assert "authorization" in first.headers
    assert not any("authorization" in call.headers for call in others)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "http://contoso.crm4.dynamics.com/",
        "https://contoso.crm4.dynamics.com@evil.test/",
        "https://[broken",
        "file:///etc/passwd",
    ],
)
async def test_a_redirect_to_another_host_is_refused(desk: Desk, target: str) -> None:
    desk.sales_says("WhoAmI", Reply(302, headers={"Location": target}))
    with pytest.raises(HostNotAllowed):
        await desk.http.send(ASKED)
    assert len(desk.microsoft.calls) == 1


async def test_redirects_end_after_five(desk: Desk) -> None:
    desk.sales_says("WhoAmI", Reply(302, headers={"Location": ASKED.url}))
    with pytest.raises(Unintelligible):
        await desk.http.send(ASKED)
    assert len(desk.microsoft.calls) == 6


async def test_a_change_is_never_redirected(desk: Desk) -> None:
    desk.sales_says("WhoAmI", Reply(307, headers={"Location": "/elsewhere"}))
    with pytest.raises(Unintelligible):
        await desk.http.send(replace(ASKED, method="POST", converging=True))


async def test_an_answer_larger_than_the_limit_is_not_read_to_its_end() -> None:
    async with a_desk(limits=Limits(size=1_000)) as desk:
        desk.sales_says("WhoAmI", Reply(content=b"x" * 1_001))
        with pytest.raises(Unintelligible, match="more than"):
            await desk.http.send(ASKED)
        desk.sales_says("WhoAmI", Reply(content=b"x" * 1_000))
        assert len((await desk.http.send(ASKED)).content) == 1_000


async def test_a_packed_answer_cannot_grow_past_the_limit() -> None:
    packed = Reply(headers={"Content-Encoding": "gzip"}, content=gzip.compress(b"0" * 5_000_000))
    async with a_desk(limits=Limits(size=1_000_000)) as desk:
        desk.sales_says("WhoAmI", packed)
        with pytest.raises(Unintelligible, match="more than 1 MB"):
            await desk.http.send(ASKED)
    async with a_desk() as desk:
        desk.sales_says("WhoAmI", packed)
        assert len((await desk.http.send(ASKED)).content) == 5_000_000


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
async def test_a_packing_that_was_not_asked_for_is_refused(desk: Desk, encoding: str) -> None:
    desk.sales_says("WhoAmI", Reply(headers={"Content-Encoding": encoding}, content=b"x"))
    with pytest.raises(Unintelligible):
        await desk.http.send(ASKED)


async def test_every_request_carries_the_correlation_id(desk: Desk) -> None:
    desk.sales_says("WhoAmI", FINE)
    await desk.http.send(ASKED)
    headers = desk.microsoft.calls[0].headers
    assert headers["x-ms-client-request-id"] == CORRELATION
    assert headers["x-ms-correlation-id"] == CORRELATION


@pytest.mark.parametrize("name", ["x-ms-service-request-id", "REQ_ID", "request-id"])
async def test_the_services_request_id_becomes_the_reference(desk: Desk, name: str) -> None:
    desk.sales_says("WhoAmI", Reply(500, {}, {name: "r-1"}))
    with pytest.raises(ServerDown) as caught:
        await desk.http.send(ASKED)
    assert caught.value.reference == "r-1"


async def test_cookies_are_not_kept(desk: Desk) -> None:
    desk.sales_says("WhoAmI", Reply(headers={"Set-Cookie": "ARRAffinity=1; path=/"}, body={}))
    await desk.http.send(ASKED)
    await desk.http.send(ASKED)
    assert "cookie" not in desk.microsoft.calls[-1].headers


@pytest.mark.parametrize(
    ("service", "origin", "most"), [(Service.BUSINESS_CENTRAL, BC, 5), (Service.SALES, SALES, 52)]
)
async def test_no_more_calls_run_at_once_than_the_service_allows(
    service: Service, origin: str, most: int
) -> None:
    crowd = Crowd(most)
    desk = Desk(transport=crowd)
    call = Call(service, "GET", f"{origin}/x", lane="one user")
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(most * 2):
                group.create_task(desk.http.send(call))
    finally:
        await desk.aclose()
    assert crowd.largest == most


class Crowd(httpx.AsyncBaseTransport):
    """Answers only when `most` are waiting or the rest has come."""

    def __init__(self, most: int) -> None:
        self.most, self.inside, self.largest = most, 0, 0
        self.full = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.inside += 1
        self.largest = max(self.largest, self.inside)
        if self.inside == self.most:
            self.full.set()
        await self.full.wait()
        await asyncio.sleep(0)
        self.inside -= 1
        return httpx.Response(200, content=b"{}")
