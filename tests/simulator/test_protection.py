"""Service protection limits count: requests, execution time, and how many at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.dataverse.errors import DataverseError
from simulator.dataverse.protection import LIMITS, WINDOW, Usage, refuse_excess
from tests.simulator.conftest import Visitor

REMAINING = "x-ms-ratelimit-burst-remaining-xrm-requests"
SECONDS = "x-ms-ratelimit-time-remaining-xrm-requests"


def _refusal(usage: Usage, limits: dict[str, float], now: float) -> DataverseError | None:
    usage.slide(now)
    try:
        refuse_excess(usage, {**LIMITS, **limits}, now)
    except DataverseError as error:
        return error
    return None


def _wait(error: DataverseError | None) -> int:
    assert error is not None
    return int(error.headers["Retry-After"])


async def test_requests_over_the_limit_are_refused(visitor: Visitor) -> None:
    await visitor.patch_sales({"limits": {"requests": 2}})
    answers = [await visitor.sales("GET", "WhoAmI") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers[REMAINING] for answer in answers] == ["1", "0", "0"]
    assert answers[2].json()["error"] == {
        "code": "0x80072322",
        "message": "Number of requests exceeded the limit of 2 over time window of 300 seconds.",
    }
    assert 290 <= int(answers[2].headers["Retry-After"]) <= 300


async def test_window_slides_with_the_clock(visitor: Visitor) -> None:
    await visitor.patch_sales({"limits": {"requests": 1}})
    await visitor.sales("GET", "WhoAmI")
    wait = (await visitor.sales("GET", "WhoAmI")).headers["Retry-After"]
    await visitor.control.post("/_world/clock", json={"advance": int(wait)})
    assert (await visitor.sales("GET", "WhoAmI")).status_code == 200


async def test_each_calling_user_has_limits_of_its_own(visitor: Visitor) -> None:
    await visitor.patch_sales({"limits": {"requests": 1}})
    calls = [await visitor.sales("GET", "WhoAmI", app=app) for app in ("bot", "integration", "bot")]
    assert [answer.status_code for answer in calls] == [200, 200, 429]


async def test_execution_time_over_the_limit_is_refused(visitor: Visitor) -> None:
    first = await visitor.sales("GET", "systemusers")
    assert 1199 < float(first.headers[SECONDS].replace(",", "")) < 1200.01
    await visitor.patch_sales({"limits": {"seconds": 0}})
    answer = await visitor.sales("GET", "systemusers")
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "0x80072321")


async def test_another_world_has_forgotten_the_calls(visitor: Visitor) -> None:
    await visitor.patch_sales({"limits": {"requests": 1}})
    await visitor.sales("GET", "WhoAmI")
    await visitor.become("healthy")
    await visitor.patch_sales({"limits": {"requests": 1}})
    assert (await visitor.sales("GET", "WhoAmI")).status_code == 200


@pytest.mark.parametrize(("condition", "status"), [("throttled", 429), ("down", 503)])
@pytest.mark.parametrize(("seconds", "told"), [(7, "7"), (None, None)])
async def test_wait_is_told_if_the_world_has_one(
    visitor: Visitor, condition: str, status: int, seconds: int | None, told: str | None
) -> None:
    await visitor.patch_sales({"condition": condition, "retry_after": seconds})
    answer = await visitor.sales("GET", "WhoAmI")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, told)


def test_concurrent_requests_over_the_limit_are_refused() -> None:
    usage = Usage(running=52)
    error = _refusal(usage, {}, 0.0)
    assert error is not None
    assert (error.code, "52" in error.message) == ("0x80072326", True)
    usage.running = 51
    assert _refusal(usage, {}, 0.0) is None


def test_whoever_keeps_pushing_waits_longer() -> None:
    usage = Usage()
    usage.calls.append((0.0, 0.1))
    waits = [_wait(_refusal(usage, {"requests": 1}, 250.0)) for _ in range(4)]
    assert waits == sorted(set(waits))


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 30)), max_size=30),
    st.integers(1, 10),
    st.integers(1, 100),
)
def test_whoever_keeps_to_the_wait_gets_through(
    calls: list[tuple[int, int]], requests: int, seconds: int
) -> None:
    usage, limits = Usage(), {"requests": float(requests), "seconds": float(seconds)}
    now: float = 0
    for at, took in sorted(calls):
        now = max(now, at)
        if _refusal(usage, limits, now) is None:
            usage.calls.append((now, took))
            usage.seconds += took
    error = _refusal(usage, limits, now)
    if error is not None:
        assert 1 <= _wait(error) <= WINDOW
        assert _refusal(usage, limits, now + _wait(error)) is None


@given(st.lists(st.integers(0, 1000), max_size=60), st.integers(1, 8))
def test_no_window_ever_holds_more_requests_than_the_limit(times: list[int], requests: int) -> None:
    usage, through = Usage(), []
    for now in sorted(times):
        if _refusal(usage, {"requests": float(requests)}, now) is None:
            usage.calls.append((now, 0.0))
            through.append(now)
    for start in through:
        assert sum(start <= at < start + WINDOW for at in through) <= requests
