"""What an address and a header of the Web API can say beyond plain reads and writes."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.simulator.conftest import Visitor

FORMATTED = "OData.Community.Display.V1.FormattedValue"
ALL = {"Prefer": 'odata.include-annotations="*"'}
EVERYTHING = {"privileges": {"Connection Bot": {"*": True}}}


def _id(visitor: Visitor, entity_set: str, key: str, column: str) -> str:
    return str(visitor.row(entity_set, key)[column])


def _user(visitor: Visitor, key: str) -> str:
    return f"systemusers({_id(visitor, 'systemusers', key, 'systemuserid')})"


async def test_row_is_read_by_an_alternate_key(visitor: Visitor) -> None:
    await visitor.patch_sales(EVERYTHING)
    for key in ("accountnumber='c00001'", "accountnumber=@p"):
        answer = await visitor.sales("GET", f"accounts({key})?@p='C00001'")
        assert answer.json()["name"] == "Northwind Example"


async def test_role_of_a_unit_is_read_by_its_composite_key(visitor: Visitor) -> None:
    root = _id(visitor, "roles", "bc-integration-user", "roleid")
    unit = _id(visitor, "businessunits", "north", "businessunitid")
    key = f"_parentrootroleid_value={root},_businessunitid_value={unit},componentstate=0"
    answer = await visitor.sales("GET", f"roles({key},overwritetime=1900-01-01T00:00:00Z)")
    assert answer.json()["roleid"] == _id(visitor, "roles", "bc-integration-user/north", "roleid")


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("accountnumber='none'", 404, "0x80060891"),
        ("name='Northwind Example'", 400, "0x0"),
        ("accountnumber='C00001',name='x'", 400, "0x0"),
        ("accountnumber=7", 400, "0x0"),
        ("accountnumber", 400, "0x0"),
    ],
)
async def test_key_that_names_no_row_is_refused(
    visitor: Visitor, key: str, status: int, code: str
) -> None:
    await visitor.patch_sales(EVERYTHING)
    answer = await visitor.sales("GET", f"accounts({key})")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_alternate_key_is_of_one_row_only(visitor: Visitor) -> None:
    await visitor.patch_sales(EVERYTHING)
    answer = await visitor.sales("POST", "accounts", json={"accountnumber": "c00001"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (412, "0x80060892")


async def test_annotations_come_when_they_are_asked_for(visitor: Visitor) -> None:
    path = f"{_user(visitor, 'integration')}?$select=accessmode,isdisabled,_businessunitid_value"
    row = (await visitor.sales("GET", path, headers=ALL)).json()
    assert row[f"accessmode@{FORMATTED}"] == "Non-interactive"
    assert row[f"isdisabled@{FORMATTED}"] == "No"
    unit = "_businessunitid_value@"
    assert row[f"{unit}{FORMATTED}"] == "Adventure Example"
    assert row[f"{unit}Microsoft.Dynamics.CRM.lookuplogicalname"] == "businessunit"
    assert row[f"{unit}Microsoft.Dynamics.CRM.associatednavigationproperty"] == "businessunitid"
    plain = (await visitor.sales("GET", path)).json()
    assert [name for name in plain if "@" in name[1:]] == []


async def test_error_says_more_if_annotations_are_asked_for(visitor: Visitor) -> None:
    error = (await visitor.sales("GET", "shoes", headers=ALL)).json()["error"]
    assert error["@Microsoft.PowerApps.CDS.InnerError.Message"] == error["message"]
    assert "@Microsoft.PowerApps.CDS.HelpLink" in error


async def test_count_ends_at_5000_and_says_so(visitor: Visitor) -> None:
    rows = {f"crowd-{each}": {"fullname": "Crowd"} for each in range(5001)}
    await visitor.patch_sales({"tables": {"systemusers": rows}})
    headers = {"Prefer": 'odata.include-annotations="*",odata.maxpagesize=1'}
    page = (await visitor.sales("GET", "systemusers?$count=true", headers=headers)).json()
    assert page["@odata.count"] == 5000
    assert page["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is True
    assert (await visitor.sales("GET", "systemusers/$count")).text == "5000"
    few = await visitor.sales("GET", "systemusers/$count?$filter=fullname eq 'Ada Admin'")
    assert few.text == "1"


@pytest.mark.parametrize(
    ("header", "column"),
    [("CallerObjectId", "azureactivedirectoryobjectid"), ("MSCRMCallerID", "systemuserid")],
)
async def test_caller_acts_for_somebody_else(visitor: Visitor, header: str, column: str) -> None:
    headers = {header: _id(visitor, "systemusers", "ada", column)}
    assert (await visitor.sales("GET", "WhoAmI", headers=headers)).status_code == 403
    act = {"Connection Bot": {"prvActOnBehalfOfAnotherUser": True}}
    await visitor.patch_sales({"privileges": act})
    who = (await visitor.sales("GET", "WhoAmI", headers=headers)).json()
    assert who["UserId"] == _id(visitor, "systemusers", "ada", "systemuserid")


@pytest.mark.parametrize(("acting", "status"), [("ada", 200), ("olga", 403)])
async def test_impersonation_gives_no_more_than_both_may(
    visitor: Visitor, acting: str, status: int
) -> None:
    """Ada may everything and the bot reads roles; Olga does not read roles."""
    act = {"Connection Bot": {"prvActOnBehalfOfAnotherUser": True, "prvReadTeam": None}}
    await visitor.patch_sales({"privileges": act})
    headers = {"MSCRMCallerID": _id(visitor, "systemusers", acting, "systemuserid")}
    assert (await visitor.sales("GET", "roles", headers=headers)).status_code == status
    assert (await visitor.sales("GET", "teams", headers=headers)).status_code == 403


async def test_nobody_acts_for_who_is_not_there_or_is_disabled(visitor: Visitor) -> None:
    await visitor.patch_sales(EVERYTHING)
    nobody = {"MSCRMCallerID": "00000000-0000-4000-8000-000000000000"}
    assert (await visitor.sales("GET", "WhoAmI", headers=nobody)).status_code == 404
    olga = {"MSCRMCallerID": _id(visitor, "systemusers", "olga", "systemuserid")}
    await visitor.patch_sales({"tables": {"systemusers": {"olga": {"isdisabled": True}}}})
    answer = await visitor.sales("GET", "WhoAmI", headers=olga)
    assert answer.json()["error"]["code"] == "0x80040225"


async def test_team_gets_members_and_roles(visitor: Visitor) -> None:
    await visitor.patch_sales(EVERYTHING)
    team = f"teams({_id(visitor, 'teams', 'root-team', 'teamid')})"
    base = f"{visitor.ready['sales_url']}/api/data/v9.2"
    user = f"{base}/{_user(visitor, 'integration')}"
    members = f"{team}/teammembership_association"
    added = await visitor.sales("POST", f"{members}/$ref", json={"@odata.id": user})
    assert added.status_code == 204
    listed = (await visitor.sales("GET", f"{members}/$ref")).json()["value"]
    assert {"@odata.id": user} in listed
    assert (await visitor.sales("DELETE", f"{members}/$ref?$id={user}")).status_code == 204
    role = f"roles({_id(visitor, 'roles', 'bc-availability', 'roleid')})"
    given = await visitor.sales(
        "POST", f"{team}/teamroles_association/$ref", json={"@odata.id": role}
    )
    assert given.status_code == 204


async def test_lookup_is_bound_by_an_alternate_key(visitor: Visitor) -> None:
    await visitor.patch_sales(EVERYTHING)
    body = {"name": "Child", "parentaccountid@odata.bind": "/accounts(accountnumber='C00002')"}
    headers = {"Prefer": "return=representation"}
    row = (await visitor.sales("POST", "accounts", json=body, headers=headers)).json()
    assert row["_parentaccountid_value"] == _id(visitor, "accounts", "tailspin", "accountid")


async def test_one_column_is_read_by_itself(visitor: Visitor) -> None:
    answer = await visitor.sales("GET", f"{_user(visitor, 'ada')}/fullname")
    assert answer.json()["value"] == "Ada Admin"


async def test_metadata_document_has_the_tables_that_are_there(visitor: Visitor) -> None:
    answer = await visitor.sales("GET", "$metadata")
    assert answer.headers["Content-Type"].startswith("application/xml")
    space = "{http://docs.oasis-open.org/odata/ns/edm}"

    def sets(text: str) -> set[str]:
        found = ET.fromstring(text).iter(f"{space}EntitySet")  # noqa: S314
        return {str(each.get("Name")) for each in found}

    assert {"systemusers", "nav_connections"} <= sets(answer.text)
    await visitor.become("solution-missing")
    assert "nav_connections" not in sets((await visitor.sales("GET", "$metadata")).text)


async def test_if_none_match_null_says_nothing(visitor: Visitor) -> None:
    headers = {"If-None-Match": "null"}
    path = _user(visitor, "integration")
    assert (await visitor.sales("GET", path, headers=headers)).status_code == 200
    changed = await visitor.sales("PATCH", path, json={"title": "x"}, headers=headers)
    assert changed.status_code == 204


async def test_body_of_another_type_is_refused(visitor: Visitor) -> None:
    headers = {"Content-Type": "text/plain"}
    path = _user(visitor, "integration")
    assert (await visitor.sales("PATCH", path, content=b"{}", headers=headers)).status_code == 415


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"customertypecode": 77}, "0x8004431a"),
        ({"telephone1": "1" * 51}, "0x80044331"),
        ({"ownerid@odata.bind": "/systemusers(nobody)"}, "0x0"),
    ],
)
async def test_value_that_a_column_cannot_have_is_refused(
    visitor: Visitor, body: dict[str, Any], code: str
) -> None:
    await visitor.patch_sales(EVERYTHING)
    answer = await visitor.sales("POST", "accounts", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize(("app", "status"), [("bot", 403), ("integration", 204)])
async def test_only_an_integration_administrator_makes_a_connection(
    visitor: Visitor, app: str, status: int
) -> None:
    body = {"nav_name": "CRONUS", "nav_dynamicsnavurl": "https://bc.example"}
    answer = await visitor.sales("POST", "nav_connections", app=app, json=body)
    assert answer.status_code == status


async def test_order_integration_needs_to_write_the_organisation(visitor: Visitor) -> None:
    path = f"organizations({_id(visitor, 'organizations', 'adventure', 'organizationid')})"
    body = {"issopintegrationenabled": True}
    without = {"integration-app": {"bc-integration-user": None}}
    await visitor.patch_sales({"user_roles": without})
    refused = await visitor.sales("PATCH", path, app="integration", json=body)
    assert refused.status_code == 403
    await visitor.patch_sales({"user_roles": {"integration-app": {"bc-integration-user": True}}})
    assert (await visitor.sales("PATCH", path, app="integration", json=body)).status_code == 204
