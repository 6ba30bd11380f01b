"""The control address: facts by merge patch, faults by rule, calls in order."""

import asyncio
import hashlib
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.clock import Clock
from simulator.merge_patch import merged, restored
from tests.simulator.conftest import LOGIN, Visitor

KEYS = some.sampled_from(["a", "b", "c"])
VALUES = some.recursive(
    some.booleans() | some.integers() | some.text(max_size=3),
    lambda inner: some.dictionaries(KEYS, inner, max_size=3) | some.lists(inner, max_size=2),
    max_leaves=6,
)


@given(VALUES, VALUES)
def test_what_was_patched_in_is_there(target: Any, patch: Any) -> None:
    result = merged(target, patch)
    assert merged(result, patch) == result
    if not isinstance(patch, dict):
        assert result == patch


@given(some.dictionaries(KEYS, VALUES))
def test_null_removes(target: dict[str, Any]) -> None:
    assert merged(target, dict.fromkeys(target)) == {}


@given(VALUES, VALUES)
def test_what_a_patch_changed_is_put_back(target: Any, patch: Any) -> None:
    after = merged(target, patch)
    assert restored(after, target, after, patch) == target


@given(some.dictionaries(KEYS, VALUES), some.dictionaries(KEYS, VALUES), VALUES)
def test_what_it_did_not_change_stays(target: Any, patch: Any, later: Any) -> None:
    after = merged(target, patch)
    changed = after | {"elsewhere": later}
    assert restored(changed, target, after, patch) == target | {"elsewhere": later}


@given(some.dictionaries(KEYS, VALUES), KEYS, VALUES, VALUES)
def test_what_somebody_changed_meanwhile_is_not_put_back(
    target: dict[str, Any], key: str, patched: Any, later: Any
) -> None:
    after = merged(target, {key: [patched]})
    changed = after | {key: ["by somebody", later]}
    assert restored(changed, target, after, {key: [patched]}) == changed


async def _breaks(visitor: Visitor, name: str) -> httpx.Response:
    asked = {"name": name, "go_on": True}
    return await visitor.control.post("/_world/scenario", json=asked)


async def test_scenario_that_goes_on_leaves_what_was_done(visitor: Visitor) -> None:
    done = {"sales": {"adventure": {"version": "9.2.1.1"}}}
    await visitor.control.patch("/_world", json=done)
    assert (await _breaks(visitor, "user-disabled")).json()["name"] == "user-disabled"
    world = (await visitor.control.get("/_world")).json()["sales"]["adventure"]
    assert world["tables"]["systemusers"]["integration"]["isdisabled"] is True
    await _breaks(visitor, "bc-cut")
    world = (await visitor.control.get("/_world")).json()["sales"]["adventure"]
    assert world["tables"]["systemusers"]["integration"]["isdisabled"] is False
    assert (await visitor.control.get("/_faults")).json()
    await _breaks(visitor, "healthy")
    assert (await visitor.control.get("/_faults")).json() == []
    assert (await visitor.control.get("/_world")).json()["sales"]["adventure"][
        "version"
    ] == "9.2.1.1"
    assert (await _breaks(visitor, "nothing-is-called-so")).status_code == 404


async def test_mending_leaves_a_row_that_was_changed_since(visitor: Visitor) -> None:
    await _breaks(visitor, "web-client-empty")
    world = (await visitor.control.get("/_world")).json()["sales"]["adventure"]
    (key,) = world["tables"]["nav_connections"]
    url = {"nav_dynamicsnavurl": "https://example.com/"}
    tables = {"nav_connections": {key: url}}
    await visitor.control.patch("/_world", json={"sales": {"adventure": {"tables": tables}}})
    await _breaks(visitor, "healthy")
    world = (await visitor.control.get("/_world")).json()["sales"]["adventure"]
    assert world["tables"]["nav_connections"][key]["nav_dynamicsnavurl"] == "https://example.com/"


@pytest.mark.parametrize("body", [b"{", b"[]"])
async def test_patch_that_is_no_object_is_refused(visitor: Visitor, body: bytes) -> None:
    assert (await visitor.control.patch("/_world", content=body)).status_code == 400


async def _fault(visitor: Visitor, **rule: Any) -> None:
    answer = await visitor.control.post("/_faults", json=rule)
    assert answer.status_code == 201, answer.text


async def test_fault_spoils_as_often_as_it_says(visitor: Visitor) -> None:
    body = {"error": {"code": "0x1", "message": "spoilt"}}
    await _fault(
        visitor, site="dataverse", path="/api/data/*/WhoAmI", times=2, status=500, json=body
    )
    statuses = [(await visitor.sales("GET", "WhoAmI")).status_code for _ in range(3)]
    assert statuses == [500, 500, 200]
    (rule,) = (await visitor.control.get("/_faults")).json()
    assert rule["times"] == 0


async def test_fault_may_let_the_first_calls_pass(visitor: Visitor) -> None:
    await _fault(visitor, site="dataverse", method="GET", skip=1, status=503, html=True)
    first, second = [await visitor.sales("GET", "WhoAmI") for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 503)
    assert second.headers["content-type"].startswith("text/html")


async def test_fault_sends_garbage_for_json(visitor: Visitor) -> None:
    await _fault(visitor, site="entra", garbage=True)
    answer = await visitor.http.get(f"{LOGIN}/common/discovery/instance")
    with pytest.raises(ValueError):
        answer.json()


async def test_fault_asks_to_wait(visitor: Visitor) -> None:
    await _fault(visitor, site="bc", status=429, headers={"Retry-After": "3"})
    assert (await visitor.bc("GET", "ODataV4/")).headers["retry-after"] == "3"


@pytest.mark.parametrize("cut", [True, "body"])
async def test_fault_cuts_the_line(visitor: Visitor, cut: bool | str) -> None:
    await _fault(visitor, site="dataverse", cut=cut, times=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await visitor.sales("GET", "WhoAmI")
    assert [row["status"] for row in await visitor.calls(site="dataverse")] == [0]
    assert (await visitor.sales("GET", "WhoAmI")).status_code == 200


async def test_fault_delays_longer_than_a_client_waits(visitor: Visitor) -> None:
    await _fault(visitor, site="bc", delay=60)
    with pytest.raises(httpx.ReadTimeout):
        await visitor.bc("GET", "ODataV4/", timeout=httpx.Timeout(5, read=0.05))
    (row,) = await visitor.calls(site="bc")
    assert row["status"] is None


async def test_short_delay_changes_no_answer(visitor: Visitor) -> None:
    await _fault(visitor, site="bc", delay=0.01)
    assert (await visitor.bc("GET", "ODataV4/")).status_code == 200


async def test_fault_spoils_slacks_web_api_and_is_logged(visitor: Visitor) -> None:
    await _fault(visitor, site="slack", path="/api/auth.test", status=500, body="no", times=1)
    statuses = [(await visitor.control.post("/api/auth.test")).status_code for _ in range(2)]
    assert statuses == [500, 200]
    assert [row["status"] for row in await visitor.calls(site="slack")] == [500, 200]


async def test_fault_answers_with_so_many_bytes(visitor: Visitor) -> None:
    await _fault(visitor, site="bc", size=100_000)
    answer = await visitor.bc("GET", "ODataV4/")
    assert (answer.status_code, len(answer.content)) == (200, 100_000)


async def test_scenario_brings_its_rules_and_the_next_one_takes_them_away(
    visitor: Visitor,
) -> None:
    await _fault(visitor, site="entra", status=500)
    await visitor.become("row-changed")
    rules = (await visitor.control.get("/_faults")).json()
    assert {rule["method"] for rule in rules} == {"POST", "PATCH", "PUT", "DELETE"}
    user = visitor.row("systemusers", "ada")["systemuserid"]
    changed = await visitor.sales("PATCH", f"systemusers({user})", json={"jobtitle": "Told"})
    assert changed.status_code == 412
    assert (await visitor.sales("GET", f"systemusers({user})")).status_code == 200
    await visitor.become("healthy")
    assert (await visitor.control.get("/_faults")).json() == []


async def test_faults_are_forgotten(visitor: Visitor) -> None:
    await _fault(visitor, status=500)
    await visitor.control.delete("/_faults")
    assert (await visitor.control.get("/_faults")).json() == []
    assert (await visitor.sales("GET", "WhoAmI")).status_code == 200


@pytest.mark.parametrize(
    "rule", [{}, {"colour": 1}, {"times": "two", "status": 500}, {"cut": "often"}, {"times": 1}]
)
async def test_rule_that_says_nothing_is_refused(visitor: Visitor, rule: dict[str, Any]) -> None:
    assert (await visitor.control.post("/_faults", json=rule)).status_code == 400


async def test_calls_are_in_order_and_hold_no_body(visitor: Visitor) -> None:
    secret = visitor.ready["apps"]["bot"]["client_secret"]
    await visitor.sales("GET", "WhoAmI")
    body = json.dumps({"jobtitle": "Told"}).encode()
    user = visitor.row("systemusers", "ada")["systemuserid"]
    headers = {"Content-Type": "application/json"}
    await visitor.sales("PATCH", f"systemusers({user})", content=body, headers=headers)
    rows = await visitor.calls()
    assert [row["n"] for row in rows] == sorted(row["n"] for row in rows)
    assert [row["site"] for row in rows] == ["entra", "dataverse", "dataverse"]
    assert rows[-1]["body_sha256"] == hashlib.sha256(body).hexdigest()
    columns = {"n", "at", "site", "method", "path", "status", "body_sha256"}
    assert all(row.keys() == columns for row in rows)
    assert secret not in json.dumps(rows)
    assert await visitor.calls(after=rows[0]["n"]) == rows[1:]


async def test_calls_at_the_same_time_are_numbered_once(visitor: Visitor) -> None:
    await visitor.sales("GET", "WhoAmI")
    await asyncio.gather(*(visitor.sales("GET", "WhoAmI") for _ in range(10)))
    numbers = [row["n"] for row in await visitor.calls(site="dataverse")]
    assert len(set(numbers)) == len(numbers) == 11
    await visitor.control.delete("/_world/calls")
    assert await visitor.calls() == []


async def test_new_row_gets_an_id_and_a_version(visitor: Visitor) -> None:
    new = {"fullname": "Eve Extra", "internalemailaddress": "eve@contoso.example"}
    await visitor.patch_sales({"tables": {"systemusers": {"eve": new}}})
    path = "systemusers?$filter=fullname eq 'eve extra'&$expand=systemuserroles_association"
    (row,) = (await visitor.sales("GET", path)).json()["value"]
    assert row["systemuserid"]
    assert row["systemuserroles_association"] == []


async def test_a_crowd_is_on_both_sides(visitor: Visitor) -> None:
    said = {"sales_users": 20, "business_central_users": 30}
    answer = await visitor.control.post("/_world/crowd", json=said)
    assert answer.status_code == 204
    query = "systemusers?$select=internalemailaddress&$filter=startswith(fullname,'Person ')"
    found = (await visitor.sales("GET", query)).json()["value"]
    users = (await visitor.page("GET", "Users")).json()["value"]
    addresses = {user["Authentication_Email"] for user in users}
    assert len(found) == 20
    assert {row["internalemailaddress"] for row in found} <= addresses


@pytest.mark.parametrize(
    "said", [{"users": 1}, {"sales_users": -1}, {"sales_users": "9"}, {"sales_users": 10**7}]
)
async def test_a_crowd_that_cannot_be_is_refused(visitor: Visitor, said: dict[str, object]) -> None:
    answer = await visitor.control.post("/_world/crowd", json=said)
    assert answer.status_code == 400
    assert "sales_users" in answer.json()["error"]


async def test_clock_is_moved_ahead(visitor: Visitor) -> None:
    before = (await visitor.control.post("/_world/clock", json={"advance": 0})).json()["now"]
    after = (await visitor.control.post("/_world/clock", json={"advance": 90})).json()["now"]
    assert after - before >= 90


@pytest.mark.parametrize("step", [-1, "soon", None, True, 1e12])
async def test_clock_is_not_moved_back_nor_out_of_sight(visitor: Visitor, step: object) -> None:
    answer = await visitor.control.post("/_world/clock", json={"advance": step})
    assert answer.status_code == 400


async def test_whoever_waits_for_a_time_is_woken_when_the_clock_is_moved() -> None:
    clock = Clock(lambda: 100.0)
    waiting = asyncio.create_task(clock.reach(160.0))
    await asyncio.wait([waiting], timeout=0)
    clock.advance(59)
    await asyncio.wait([waiting], timeout=0)
    assert not waiting.done()
    clock.advance(1)
    async with asyncio.timeout(1):
        await waiting


@pytest.mark.parametrize(
    "rule",
    [
        {"status": 99},
        {"status": 1000},
        {"status": -1},
        {"status": 204, "body": "x"},
        {"status": 500, "times": -3},
        {"status": 500, "times": True},
        {"status": 500, "headers": {"X": "a\nb"}},
        {"status": 500, "headers": {"X": 5}},
        {"status": 500, "headers": {"X Y": "a"}},
        {"status": 500, "headers": {"Content-Length": "1"}},
        {"size": 1 << 40},
        {"delay": -1},
    ],
    ids=str,
)
async def test_rule_whose_answer_cannot_be_sent_is_refused(
    visitor: Visitor, rule: dict[str, Any]
) -> None:
    assert (await visitor.control.post("/_faults", json=rule)).status_code == 400


@pytest.mark.parametrize("after", ["²", "9" * 5000, "-1", "x"])
async def test_calls_after_what_is_no_number_are_refused(visitor: Visitor, after: str) -> None:
    answer = await visitor.control.get("/_world/calls", params={"after": after})
    assert answer.status_code == 400


@pytest.mark.parametrize("patch", [{"slack": 5}, {"slack": {"weather": 1}, "network": {}}])
async def test_patch_of_slack_that_cannot_be_is_refused(
    visitor: Visitor, patch: dict[str, Any]
) -> None:
    assert (await visitor.control.patch("/_world", json=patch)).status_code == 400
