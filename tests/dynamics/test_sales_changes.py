"""What is changed in Sales, asked of the simulated one, which refuses what the real one refuses."""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from connection.changes.remote import IntegrationFacts, NavRow
from connection.errors import NotFound, PrivilegeMissing, RemoteFault, RequestRefused
from connection.identities import Access
from connection.ports import SalesChanges
from dynamics.gateway import Dynamics
from dynamics.sales_changes import ACCESS_KEY, DataverseChanges
from simulator.healthy.roles import BC_AVAILABILITY, BC_INTEGRATION_USER
from tests.dynamics.changing import HELD, KEY
from tests.dynamics.simulated import access_to, dynamics
from tests.dynamics.test_secrecy import everything_in
from tests.simulator.conftest import Visitor

NOBODY = "7a1c0de0-0000-4000-8000-0000000000ff"
COLUMNS = {
    "nav_name": "Adventure Example Ltd.",
    "nav_dynamicsnavurl": "https://businesscentral.dynamics.com/example",
    "nav_dynamicsnavodataurl": "https://api.businesscentral.dynamics.com/v2.0/example",
    "nav_dynamicsnavodatausername": "AVAILABILITY",
}
_: type[SalesChanges] = DataverseChanges


@pytest.fixture
async def room(visitor: Visitor) -> AsyncIterator[Dynamics]:
    secret = visitor.ready["apps"]["bot"]["client_secret"]
    await visitor.patch_sales({"user_roles": {"bot": {"system-administrator": True}}})
    async with dynamics(visitor, secret, held={"k1": KEY}) as opened:
        yield opened


@pytest.fixture
def access(visitor: Visitor) -> Access:
    return access_to(visitor, "client_secret", correlation="c1")


def _user(visitor: Visitor, key: str = "integration") -> str:
    return str(visitor.row("systemusers", key)["systemuserid"])


def _nav(visitor: Visitor) -> list[dict[str, Any]]:
    tables = visitor.simulation.world.facts["sales"]["adventure"]["tables"]
    return list(tables["nav_connections"].values())


async def test_the_integration_users_facts_are_read_and_set(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    changes, user = room.sales_changes, _user(visitor)
    before = await changes.integration_facts(access, user)
    row = visitor.row("systemusers", "integration")
    assert before.business_unit == row["_businessunitid_value"]
    wanted = IntegrationFacts(NOBODY, 2, not before.integration_user)
    await changes.set_integration_facts(access, user, wanted)
    after = await changes.integration_facts(access, user)
    assert after == IntegrationFacts(before.business_unit, 2, not before.integration_user)


async def test_a_row_that_is_not_there_is_never_created(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    facts = IntegrationFacts(NOBODY, 4, integration_user=True)
    for change in (
        room.sales_changes.set_integration_facts(access, NOBODY, facts),
        room.sales_changes.set_sales_orders(access, NOBODY, on=True),
        room.sales_changes.put_nav_row(access, NavRow(NOBODY, COLUMNS), None),
    ):
        with pytest.raises(NotFound):
            await change
    assert not _nav(visitor)


async def test_a_roles_copy_is_the_one_of_the_business_unit(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    north = visitor.row("roles", "bc-integration-user/north")
    root = visitor.row("roles", "bc-integration-user")
    for row in (north, root):
        unit = row["_businessunitid_value"]
        found = await room.sales_changes.role_of_unit(access, BC_INTEGRATION_USER, unit)
        assert found is not None
        assert (found.id, found.root_id) == (row["roleid"], BC_INTEGRATION_USER)
    unit = root["_businessunitid_value"]
    assert await room.sales_changes.role_of_unit(access, NOBODY, unit) is None


async def test_a_role_is_given_and_taken_however_often(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    changes, user = room.sales_changes, _user(visitor)

    async def holds() -> bool:
        return BC_AVAILABILITY in {one.id for one in await room.sales.roles_of(access, user)}

    assert not await holds()
    for _time in range(2):
        await changes.give_role(access, user, BC_AVAILABILITY)
        assert await holds()
    for _time in range(2):
        await changes.take_role(access, user, BC_AVAILABILITY)
        assert not await holds()


async def test_a_role_that_is_not_there_is_not_given(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    with pytest.raises(NotFound):
        await room.sales_changes.give_role(access, _user(visitor), NOBODY)
    with pytest.raises(NotFound):
        await room.sales_changes.take_role(access, NOBODY, BC_AVAILABILITY)


async def test_the_copy_of_another_business_unit_is_refused(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    north = visitor.row("roles", "bc-availability/north")["roleid"]
    with pytest.raises(RequestRefused):
        await room.sales_changes.give_role(access, _user(visitor), north)


async def test_sales_orders_are_switched(visitor: Visitor, room: Dynamics, access: Access) -> None:
    before = await room.sales.organisation(access)
    for on in (True, False, False, True):
        await room.sales_changes.set_sales_orders(access, before.id, on)
        assert (await room.sales.organisation(access)).sales_orders_integrated is on


@pytest.mark.parametrize(("statecode", "found"), [(1, True), (0, False), (3, False)])
async def test_submitted_orders_are_seen(
    visitor: Visitor, room: Dynamics, access: Access, statecode: int, found: bool
) -> None:
    order = {"salesorderid": NOBODY, "name": "Example order", "statecode": statecode}
    await visitor.patch_sales({"tables": {"salesorders": {NOBODY: order}}})
    assert await room.sales_changes.has_submitted_orders(access) is found


async def test_a_row_of_nav_connections_is_inserted_changed_and_deleted(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    changes = room.sales_changes
    assert await changes.nav_rows(access) == []
    await changes.put_nav_row(access, NavRow("", COLUMNS), HELD)
    (row,) = await changes.nav_rows(access)
    assert row.columns == COLUMNS
    assert _nav(visitor)[0][ACCESS_KEY] == KEY
    url = {"nav_dynamicsnavurl": "https://businesscentral.dynamics.com/other"}
    await changes.put_nav_row(access, NavRow(row.id, url), None)
    (row,) = await changes.nav_rows(access)
    assert row.columns == {**COLUMNS, **url}
    assert _nav(visitor)[0][ACCESS_KEY] == KEY
    blank = {"nav_dynamicsnavodataurl": "", "nav_dynamicsnavodatausername": ""}
    await changes.put_nav_row(access, NavRow(row.id, blank), None, blank_key=True)
    (row,) = await changes.nav_rows(access)
    assert row.columns == {**COLUMNS, **url, **blank}
    assert _nav(visitor)[0][ACCESS_KEY] is None
    for _time in range(2):
        await changes.delete_nav_row(access, row.id)
        assert await changes.nav_rows(access) == []


async def test_without_the_solution_there_are_no_rows_to_read(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    await visitor.become("solution-missing")
    await visitor.patch_sales({"user_roles": {"bot": {"system-administrator": True}}})
    with pytest.raises(NotFound):
        await room.sales_changes.nav_rows(access)
    await room.sales_changes.delete_nav_row(access, NOBODY)


@pytest.mark.parametrize(
    "row",
    [
        NavRow("", {ACCESS_KEY: "typed"}),
        NavRow("", {"statecode": "1"}),
    ],
)
async def test_a_column_that_is_not_known_is_never_written(
    visitor: Visitor, room: Dynamics, access: Access, row: NavRow
) -> None:
    with pytest.raises(ValueError, match="nav_connections"):
        await room.sales_changes.put_nav_row(access, row, None)
    assert not await visitor.calls(site="dataverse")


Change = Callable[[Dynamics, Access], Awaitable[object]]
WRITES: dict[str, Change] = {
    "facts": lambda room, access: room.sales_changes.set_integration_facts(
        access, NOBODY, IntegrationFacts("", 4, integration_user=True)
    ),
    "give": lambda room, access: room.sales_changes.give_role(access, NOBODY, NOBODY),
    "take": lambda room, access: room.sales_changes.take_role(access, NOBODY, NOBODY),
    "orders": lambda room, access: room.sales_changes.set_sales_orders(access, NOBODY, on=True),
    "insert": lambda room, access: room.sales_changes.put_nav_row(
        access, NavRow("", COLUMNS), HELD
    ),
    "change": lambda room, access: room.sales_changes.put_nav_row(
        access, NavRow(NOBODY, COLUMNS), HELD
    ),
    "delete": lambda room, access: room.sales_changes.delete_nav_row(access, NOBODY),
}


async def test_a_missing_privilege_is_named(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    changes, user = room.sales_changes, _user(visitor)
    organisation = (await room.sales.organisation(access)).id
    facts = await changes.integration_facts(access, user)
    nav = {"nav_connectionid": NOBODY, "nav_name": "Example"}
    tables = {"nav_connections": {NOBODY: nav}}
    roles: dict[str, Any] = {
        "user_roles": {"bot": {"system-administrator": None, "connection-bot": None}}
    }
    roles["user_roles"]["bot"]["salesperson"] = True
    reads = dict.fromkeys(("prvReadRole", "prvReadOrganization", "prvReadnav_connection"), True)
    await visitor.patch_sales({**roles, "privileges": {"Salesperson": reads}, "tables": tables})
    refused = {
        "prvWriteUser": changes.set_integration_facts(access, user, facts),
        "prvAssignRole": changes.give_role(access, user, BC_AVAILABILITY),
        "prvWriteOrganization": changes.set_sales_orders(access, organisation, on=True),
        "prvCreatenav_connection": changes.put_nav_row(access, NavRow("", COLUMNS), HELD),
        "prvWritenav_connection": changes.put_nav_row(access, NavRow(NOBODY, COLUMNS), HELD),
        "prvDeletenav_connection": changes.delete_nav_row(access, NOBODY),
    }
    for privilege, change in refused.items():
        with pytest.raises(PrivilegeMissing) as caught:
            await change
        assert caught.value.privilege == privilege
        assert privilege in caught.value.hint


@pytest.mark.parametrize("cut", [True, "body"])
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_write_that_was_cut_off_is_not_repeated(
    visitor: Visitor, room: Dynamics, access: Access, write: Change, cut: bool | str
) -> None:
    for method in ("POST", "PATCH", "DELETE"):
        rule = {"site": "dataverse", "method": method, "cut": cut}
        assert (await visitor.control.post("/_faults", json=rule)).status_code < 300
    with pytest.raises(RemoteFault):
        await write(room, access)
    assert len([one for one in await visitor.calls(site="dataverse") if _writes(one)]) == 1


def _writes(call: dict[str, Any]) -> bool:
    return call["method"] in ("POST", "PATCH", "DELETE")


@pytest.mark.parametrize(
    "rule",
    [
        {"status": 400, "body": "You sent KEY."},
        {"status": 500, "json": {"error": {"code": "0x1", "message": "You sent KEY."}}},
        {"status": 200, "html": True},
        {"cut": True},
    ],
)
async def test_the_access_key_stands_nowhere(
    visitor: Visitor,
    room: Dynamics,
    access: Access,
    rule: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await _echo(visitor, rule)
    room.journal.watch("c1")
    seen = ""
    try:
        await room.sales_changes.put_nav_row(access, NavRow("", COLUMNS), HELD)
    except RemoteFault as fault:
        seen = everything_in(fault)
    noted = room.journal.taken("c1")
    assert "nav_connections" in noted[-1].url
    for text in (seen, repr(noted), caplog.text):
        assert KEY not in text


async def _echo(visitor: Visitor, rule: dict[str, Any]) -> None:
    """In a frame of its own, for it has the key in sight."""
    text = json.dumps({"site": "dataverse", "method": "POST", **rule}).replace("KEY", KEY)
    assert (await visitor.control.post("/_faults", json=json.loads(text))).status_code < 300
