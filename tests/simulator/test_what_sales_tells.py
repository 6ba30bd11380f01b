"""What a Sales organisation tells of itself: its privileges, its clock, and where it belongs."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from simulator.dataverse.user_privileges import NAME
from tests.simulator.conftest import Visitor


async def _privileges(visitor: Visitor, user: str) -> set[str]:
    row = visitor.row("systemusers", user)
    answer = await visitor.sales("GET", f"systemusers({row['systemuserid']})/{NAME}")
    assert answer.status_code == 200, answer.text
    rows = answer.json()["RolePrivileges"]
    assert all(one["BusinessUnitId"] == row["_businessunitid_value"] for one in rows)
    assert len({one["PrivilegeId"] for one in rows}) == len(rows)
    return {one["PrivilegeName"] for one in rows}


async def test_privileges_are_those_of_all_roles_and_of_the_teams(visitor: Visitor) -> None:
    own = await _privileges(visitor, "vera")
    assert "prvReadUser" in own
    assert "prvWriteAccount" not in own
    await visitor.patch_sales(
        {
            "team_roles": {"root-team": {"bc-integration-user": True}},
            "team_members": {"root-team": {"vera": True}},
        }
    )
    assert await _privileges(visitor, "vera") > own | {"prvWriteAccount"}


async def test_a_system_administrator_has_every_privilege_by_its_name(visitor: Visitor) -> None:
    every = await _privileges(visitor, "ada")
    assert "*" not in every
    assert every > await _privileges(visitor, "integration")
    assert "prvDeleteSalesOrder" in every


@pytest.mark.parametrize(
    ("lost", "method", "status"),
    [("prvReadUser", "GET", 403), ("prvReadRole", "GET", 403), ("prvReadLead", "POST", 404)],
)
async def test_privileges_are_read_by_who_may_read_users_and_roles(
    visitor: Visitor, lost: str, method: str, status: int
) -> None:
    user = visitor.row("systemusers", "vera")["systemuserid"]
    await visitor.patch_sales({"privileges": {"Connection Bot": {lost: None}}})
    answer = await visitor.sales(method, f"systemusers({user})/{NAME}")
    assert answer.status_code == status, answer.text


async def test_only_users_have_privileges(visitor: Visitor) -> None:
    team = visitor.row("teams", "root-team")["teamid"]
    assert (await visitor.sales("GET", f"teams({team})/{NAME}")).status_code == 404


@pytest.mark.parametrize("ahead", [0, 120, -600.5])
async def test_the_date_goes_with_the_organisations_clock(visitor: Visitor, ahead: float) -> None:
    await visitor.patch_sales({"clock_ahead": ahead})
    answer = await visitor.http.get(f"{visitor.ready['sales_url']}/api/data/v9.2/")
    said = parsedate_to_datetime(answer.headers["date"])
    assert abs((said - datetime.now(UTC)).total_seconds() - ahead) < 30


@pytest.mark.parametrize("ahead", ["x", True, 1e12, {"of": 1}])
async def test_a_clock_that_cannot_be_is_refused(visitor: Visitor, ahead: Any) -> None:
    patch = {"sales": {"adventure": {"clock_ahead": ahead}}}
    answer = await visitor.control.patch("/_world", json=patch)
    assert answer.status_code == 400
    assert "clock_ahead cannot be" in answer.json()["error"]


@pytest.mark.parametrize(
    ("cloud", "login"),
    [("public", "login.microsoftonline.com"), ("us", "login.microsoftonline.us")],
)
async def test_who_has_not_signed_in_reads_the_tenant_and_its_cloud(
    visitor: Visitor, cloud: str, login: str
) -> None:
    await visitor.patch({"tenants": {"adventure": {"cloud": cloud}}})
    answer = await visitor.http.get(f"{visitor.ready['sales_url']}/api/data/v9.2/")
    assert answer.status_code == 401
    authority = f"authorization_uri=https://{login}/{visitor.ready['tenant']}/oauth2/authorize"
    assert authority in answer.headers["www-authenticate"]
