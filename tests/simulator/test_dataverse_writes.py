"""Writes of the Web API: roles, rows, etags, and what a role does not allow."""

from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Visitor


def _user(visitor: Visitor, key: str = "integration") -> str:
    return f"systemusers({visitor.row('systemusers', key)['systemuserid']})"


def _role(visitor: Visitor, key: str) -> str:
    return str(visitor.row("roles", key)["roleid"])


async def _held(visitor: Visitor, user: str) -> set[str]:
    path = f"{_user(visitor, user)}/systemuserroles_association?$select=name,roleid"
    return {row["roleid"] for row in (await visitor.sales("GET", path)).json()["value"]}


async def _assign(
    visitor: Visitor, user: str, role: str, root: str | None = None
) -> httpx.Response:
    base = f"{visitor.ready['sales_url']}/api/data/v9.2/" if root is None else root
    body = {"@odata.id": f"{base}roles({_role(visitor, role)})"}
    path = f"{_user(visitor, user)}/systemuserroles_association/$ref"
    return await visitor.sales("POST", path, json=body)


@pytest.mark.parametrize("root", [None, "", "/"])
async def test_role_is_assigned(visitor: Visitor, root: str | None) -> None:
    answer = await _assign(visitor, "integration", "bc-availability", root)
    assert answer.status_code == 204
    assert _role(visitor, "bc-availability") in await _held(visitor, "integration")


async def test_role_assigned_twice_is_a_duplicate(visitor: Visitor) -> None:
    answer = await _assign(visitor, "integration", "bc-integration-user")
    assert answer.json()["error"]["code"] == "0x80040237"


async def test_role_of_another_unit_is_refused(visitor: Visitor) -> None:
    answer = await _assign(visitor, "vera", "bc-integration-user")
    assert answer.status_code == 400
    assert (await _assign(visitor, "vera", "bc-integration-user/north")).status_code == 204


@pytest.mark.parametrize("form", ["path", "query"])
async def test_role_is_removed_in_both_forms(visitor: Visitor, form: str) -> None:
    role = _role(visitor, "bc-integration-user")
    link = f"{_user(visitor)}/systemuserroles_association"
    address = f"{visitor.ready['sales_url']}/api/data/v9.2/roles({role})"
    path = f"{link}({role})/$ref" if form == "path" else f"{link}/$ref?$id={address}"
    assert (await visitor.sales("DELETE", path)).status_code == 204
    assert role not in await _held(visitor, "integration")
    assert (await visitor.sales("DELETE", path)).status_code == 404


async def test_reference_to_another_organisation_is_refused(visitor: Visitor) -> None:
    elsewhere = "https://other.crm4.dynamics.com/api/data/v9.2/"
    assert (await _assign(visitor, "integration", "bc-availability", elsewhere)).status_code == 400


@pytest.mark.parametrize(
    ("privilege", "method", "path", "body"),
    [
        ("prvReadUser", "GET", "systemusers", None),
        ("prvReadEntity", "GET", "EntityDefinitions", None),
        ("prvWriteOrganization", "PATCH", "{organization}", {"issopintegrationenabled": True}),
        ("prvWriteUser", "PATCH", "{user}", {"isintegrationuser": False}),
        ("prvCreateUser", "POST", "systemusers", {}),
        ("prvReadRole", "GET", "{user}?$expand=systemuserroles_association", None),
        ("prvAssignRole", "DELETE", "{user}/systemuserroles_association({role})/$ref", None),
    ],
)
async def test_missing_privilege_is_named(
    visitor: Visitor, privilege: str, method: str, path: str, body: dict[str, Any] | None
) -> None:
    await visitor.patch_sales({"privileges": {"Connection Bot": {privilege: None}}})
    row = visitor.row("organizations", "adventure")
    filled = path.format(
        user=_user(visitor),
        role=_role(visitor, "bc-integration-user"),
        organization=f"organizations({row['organizationid']})",
    )
    answer = await visitor.sales(method, filled, json=body)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "0x80040220"
    assert privilege in answer.json()["error"]["message"]


async def test_sales_order_switch_is_turned_on(visitor: Visitor) -> None:
    row = visitor.row("organizations", "adventure")
    path = f"organizations({row['organizationid']})"
    answer = await visitor.sales("PATCH", path, json={"issopintegrationenabled": True})
    assert answer.status_code == 204
    assert (await visitor.sales("GET", path)).json()["issopintegrationenabled"]


async def test_stale_etag_changes_nothing(visitor: Visitor) -> None:
    path = _user(visitor)
    etag = (await visitor.sales("GET", path)).json()["@odata.etag"]
    headers, body = {"If-Match": etag}, {"jobtitle": "Integration"}
    first = await visitor.sales("PATCH", path, json=body, headers=headers)
    second = await visitor.sales("PATCH", path, json={"jobtitle": "x"}, headers=headers)
    assert (first.status_code, second.status_code) == (204, 412)
    assert second.json()["error"]["code"] == "0x80060882"
    assert visitor.row("systemusers", "integration")["jobtitle"] == "Integration"


async def test_if_none_match_star_forbids_changing(visitor: Visitor) -> None:
    headers = {"If-None-Match": "*"}
    answer = await visitor.sales("PATCH", _user(visitor), json={"title": "x"}, headers=headers)
    assert answer.status_code == 412


@pytest.mark.parametrize(("headers", "status"), [({"If-Match": "*"}, 404), ({}, 204)])
async def test_if_match_star_forbids_creating(
    visitor: Visitor, headers: dict[str, str], status: int
) -> None:
    await visitor.patch_sales({"privileges": {"Connection Bot": {"prvCreateTeam": True}}})
    path = "teams(7d0c6f4e-0000-4000-8000-000000000001)"
    answer = await visitor.sales("PATCH", path, json={"name": "Upserted"}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"shoesize": 44}, "0x80048d19"),
        ({"fullname": "Somebody Else"}, "0x80048d19"),
        ({"isdisabled": "yes"}, "0x80048d19"),
        ({"jobtitle": "x" * 101}, "0x80044331"),
        (
            {"businessunitid@odata.bind": "/roles(00000000-0000-4000-8000-000000000000)"},
            "0x80048d19",
        ),
        ({"accessmode": 0}, "0x80048d2f"),
    ],
)
async def test_bad_change_is_refused(visitor: Visitor, body: dict[str, Any], code: str) -> None:
    answer = await visitor.sales("PATCH", _user(visitor), json=body)
    assert answer.json()["error"]["code"] == code


async def test_body_that_is_no_json_is_refused(visitor: Visitor) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await visitor.sales("PATCH", _user(visitor), content=b"{", headers=headers)
    assert answer.status_code == 400


async def test_application_user_is_named_by_the_platform(visitor: Visitor) -> None:
    await visitor.patch_sales({"tables": {"systemusers": {"integration-app": None}}})
    unit = visitor.row("businessunits", "root")["businessunitid"]
    body = {
        "applicationid": visitor.ready["apps"]["integration"]["client_id"],
        "businessunitid@odata.bind": f"/businessunits({unit})",
    }
    headers = {"Prefer": "return=representation"}
    answer = await visitor.sales("POST", "systemusers", json=body, headers=headers)
    assert answer.status_code == 201
    assert answer.json()["fullname"] == "# BC Integration App (example)"
    assert answer.headers["OData-EntityId"].endswith(f"({answer.json()['systemuserid']})")
    again = await visitor.sales("POST", "systemusers", json=body)
    assert again.status_code == 412


async def test_application_that_the_tenant_lacks_becomes_no_user(visitor: Visitor) -> None:
    body = {"applicationid": "4a3c6f36-3a5e-4e2f-9f0b-2f9c5d9b1234"}
    assert (await visitor.sales("POST", "systemusers", json=body)).status_code == 400


async def test_moved_user_loses_the_roles(visitor: Visitor) -> None:
    unit = visitor.row("businessunits", "north")["businessunitid"]
    body = {"businessunitid@odata.bind": f"/businessunits({unit})"}
    assert (await visitor.sales("PATCH", _user(visitor), json=body)).status_code == 204
    assert not await _held(visitor, "integration")


async def test_solution_is_uninstalled_by_who_may(visitor: Visitor) -> None:
    row = visitor.row("solutions", "MicrosoftDynamicsNavIntegration")
    path = f"solutions({row['solutionid']})"
    assert (await visitor.sales("DELETE", path)).status_code == 403
    may = {"Connection Bot": {"prvDeleteSolution": True}}
    await visitor.patch_sales({"privileges": may, "imports": {"seconds": 0}})
    assert (await visitor.sales("DELETE", path)).status_code == 204
    assert (await visitor.sales("GET", path)).status_code == 404


async def test_users_are_not_deleted(visitor: Visitor) -> None:
    assert (await visitor.sales("DELETE", _user(visitor))).status_code == 405


async def test_single_link_is_set_and_cleared(visitor: Visitor) -> None:
    path = f"{_user(visitor)}/transactioncurrencyid"
    currency = visitor.row("transactioncurrencies", "USD")["transactioncurrencyid"]
    body = {"@odata.id": f"transactioncurrencies({currency})"}
    assert (await visitor.sales("PUT", f"{path}/$ref", json=body)).status_code == 204
    assert (await visitor.sales("GET", path)).json()["isocurrencycode"] == "USD"
    assert (await visitor.sales("DELETE", f"{path}/$ref")).status_code == 204
    assert (await visitor.sales("GET", path)).status_code == 204


async def test_tables_of_a_solution_come_back_empty(visitor: Visitor) -> None:
    await visitor.patch_sales({"privileges": {"Connection Bot": {"*": True}}})
    assert (await visitor.sales("GET", "nav_accountstatisticses")).json()["value"]
    solution = visitor.row("solutions", "MicrosoftDynamicsNavIntegration")
    one = f"solutions({solution['solutionid']})"
    assert (await visitor.sales("DELETE", one)).status_code == 204
    gone = await visitor.sales("GET", "nav_accountstatisticses")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "0x8006088a")
    await visitor.patch_sales({"tables": {"solutions": {"again": solution}}})
    assert (await visitor.sales("GET", "nav_accountstatisticses")).json()["value"] == []
