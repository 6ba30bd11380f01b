"""What checks read of Sales around the connection: privileges, the solution, and its tables."""

from urllib.parse import parse_qs

import pytest

from connection.errors import PrivilegeMissing, Throttled, Unintelligible
from connection.remote import NavConnection, Solution
from dynamics.secret_columns import SECRET_COLUMNS
from tests.dynamics.microsoft import SALES, Desk, Reply, the_access

USER = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
ROW = {
    "nav_name": "Contoso",
    "nav_dynamicsnavurl": "https://businesscentral.dynamics.com/Production",
    "nav_dynamicsnavodataurl": None,
    "nav_dynamicsnavodatausername": "SYNC",
}


async def test_privileges_are_names_and_what_has_none_is_left_out(desk: Desk) -> None:
    rows = [{"PrivilegeName": "prvReadAccount", "Depth": "Global"}, {"PrivilegeId": USER}]
    desk.sales_says(f"systemusers({USER})/", Reply(body={"RolePrivileges": rows}))
    assert await desk.sales.privileges_of(the_access(), USER) == {"prvReadAccount"}
    called = desk.microsoft.calls[-1].url.path
    assert called.endswith(f"systemusers({USER})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges")


@pytest.mark.parametrize("body", [{}, {"RolePrivileges": {}}, {"RolePrivileges": ["x"]}, []])
async def test_privileges_of_another_shape_are_named(desk: Desk, body: object) -> None:
    desk.sales_says(f"systemusers({USER})/", Reply(body=body))
    with pytest.raises(Unintelligible):
        await desk.sales.privileges_of(the_access(), USER)


async def test_a_solution_is_found_by_its_unique_name_or_is_none(desk: Desk) -> None:
    row = {"uniquename": "It's", "version": "9.1.0.12", "ismanaged": True}
    desk.sales_says("solutions?", Reply(body={"value": [row]}), Reply(body={"value": []}))
    found = await desk.sales.solution(the_access(), "It's")
    assert found == Solution("It's", "9.1.0.12", managed=True)
    query = parse_qs(desk.microsoft.calls[-1].url.query.decode())
    assert query["$filter"] == ["uniquename eq 'It''s'"]
    assert await desk.sales.solution(the_access(), "It's") is None


async def test_what_business_central_wrote_is_read_without_its_access_key(desk: Desk) -> None:
    desk.sales_says("nav_connections?", Reply(body={"value": [ROW]}))
    (found,) = await desk.sales.nav_connections(the_access())
    assert found == NavConnection("Contoso", str(ROW["nav_dynamicsnavurl"]), "", "SYNC")
    selected = parse_qs(desk.microsoft.calls[-1].url.query.decode())["$select"][0].split(",")
    assert set(selected) == set(ROW)
    assert not SECRET_COLUMNS & set(selected)


@pytest.mark.parametrize("rows", [[], [{"nav_name": "x"}]])
async def test_account_statistics_are_asked_for_one_row_only(
    desk: Desk, rows: list[object]
) -> None:
    more = f"{SALES}/api/data/v9.2/nav_accountstatisticses?$skiptoken=x"
    desk.sales_says("nav_account", Reply(body={"value": rows, "@odata.nextLink": more}))
    assert await desk.sales.reads_account_statistics(the_access()) is bool(rows)
    (call,) = desk.microsoft.sent_to(f"{SALES}/api/data/v9.2/nav_account")
    assert call.headers["prefer"] == "odata.maxpagesize=1"


async def test_a_missing_privilege_is_named(desk: Desk) -> None:
    said = {"code": "0x80040220", "message": "is missing prvReadnav_connection privilege"}
    desk.sales_says("nav_connections?", Reply(403, {"error": said}))
    with pytest.raises(PrivilegeMissing, match="prvReadnav_connection"):
        await desk.sales.nav_connections(the_access())


async def test_calls_that_were_one_too_many_are_counted_by_who_made_them(desk: Desk) -> None:
    access = the_access()
    busy = Reply(429, {"error": {"code": "0x80072322"}}, {"Retry-After": "0"})
    desk.sales_says("WhoAmI", busy, busy, Reply(body={"UserId": USER}))
    assert desk.sales.throttled(access) == 0
    assert await desk.sales.who_am_i(access) == USER
    assert desk.sales.throttled(access) == 2
    desk.sales_says("WhoAmI", Reply(429, {}, {"Retry-After": "600"}))
    with pytest.raises(Throttled):
        await desk.sales.who_am_i(access)
    assert desk.sales.throttled(access) == 3
