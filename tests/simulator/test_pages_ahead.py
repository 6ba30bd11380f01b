"""A large page that was made ahead is never older than the facts, and nobody else's."""

import pytest

from tests.simulator.conftest import Visitor

MANY = "systemusers?$select=fullname,internalemailaddress,isdisabled"


async def crowded(visitor: Visitor) -> None:
    said = await visitor.control.post("/_world/crowd", json={"sales_users": 6_000})
    assert said.status_code == 204


async def names(visitor: Visitor) -> list[str]:
    answer = await visitor.sales("GET", MANY)
    assert answer.status_code == 200
    return [row["fullname"] for row in answer.json()["value"]]


async def test_a_page_read_twice_is_the_same(visitor: Visitor) -> None:
    await crowded(visitor)
    first, second = await visitor.sales("GET", MANY), await visitor.sales("GET", MANY)
    assert len(first.content) > 500_000
    assert first.content == second.content
    assert first.headers["content-type"] == second.headers["content-type"]
    assert first.headers["req_id"] != second.headers["req_id"]


async def test_a_changed_row_is_read_at_once(visitor: Visitor) -> None:
    await crowded(visitor)
    before = await names(visitor)
    user = visitor.row("systemusers", "crowd-1")["systemuserid"]
    changed = await visitor.sales("PATCH", f"systemusers({user})", json={"firstname": "Other"})
    assert changed.status_code == 204
    await visitor.patch_sales({"tables": {"systemusers": {"crowd-2": None}}})
    after = await names(visitor)
    assert {"Person 1", "Person 2"} <= set(before)
    assert "Other 1" in after
    assert not {"Person 1", "Person 2"} & set(after)


async def test_a_patch_that_is_not_told_by_a_request_is_read_at_once(visitor: Visitor) -> None:
    await crowded(visitor)
    await names(visitor)
    gone = {"sales": {"adventure": {"tables": {"systemusers": {"crowd-2": None}}}}}
    visitor.simulation.world.patch(gone)
    assert "Person 2" not in await names(visitor)


async def test_who_lost_the_privilege_does_not_get_the_page(visitor: Visitor) -> None:
    await crowded(visitor)
    await names(visitor)
    await visitor.patch_sales({"privileges": {"Connection Bot": {"prvReadUser": None}}})
    answer = await visitor.sales("GET", MANY)
    assert answer.status_code == 403


@pytest.mark.parametrize("size", [100, 5_000])
async def test_the_page_size_belongs_to_the_page(visitor: Visitor, size: int) -> None:
    await crowded(visitor)
    await names(visitor)
    prefer = {"Prefer": f"odata.maxpagesize={size}"}
    answer = await visitor.sales("GET", MANY, headers=prefer)
    assert len(answer.json()["value"]) == size
    assert answer.headers["preference-applied"] == f"odata.maxpagesize={size}"
