"""Reads of the Web API: what is chosen, in which order, on which page."""

from typing import Any
from urllib.parse import quote

import pytest

from simulator.dataverse.tables import TABLES
from simulator.healthy.roles import BC_INTEGRATION_ADMINISTRATOR
from simulator.identifiers import Draw
from tests.simulator.conftest import Visitor

MEMBERS = """Microsoft.Dynamics.CRM.In(PropertyName='fullname',PropertyValues=["ada admin","x"])"""
MEMBERS_BY_ALIAS = """Microsoft.Dynamics.CRM.In(PropertyName=@a,PropertyValues=@b)\
&@a='fullname'&@b=["ada admin","nobody"]"""


async def _names(visitor: Visitor, query: str) -> list[str]:
    answer = await visitor.sales("GET", f"systemusers?$select=fullname&{query}")
    assert answer.status_code == 200, answer.text
    return [row["fullname"] for row in answer.json()["value"]]


async def test_who_am_i_is_the_apps_user(visitor: Visitor) -> None:
    answer = (await visitor.sales("GET", "WhoAmI()")).json()
    assert answer["UserId"] == visitor.row("systemusers", "bot")["systemuserid"]


async def test_version_is_the_worlds(visitor: Visitor) -> None:
    await visitor.patch_sales({"version": "9.2.1.2"})
    assert (await visitor.sales("GET", "RetrieveVersion")).json()["Version"] == "9.2.1.2"


@pytest.mark.parametrize(
    "call",
    [
        "(AccessType=@p1)?@p1=Microsoft.Dynamics.CRM.EndpointAccessType'Default'",
        "(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')",
    ],
)
async def test_organisation_tells_its_tenant(visitor: Visitor, call: str) -> None:
    answer = await visitor.sales("GET", f"RetrieveCurrentOrganization{call}")
    assert answer.json()["Detail"]["TenantId"] == visitor.ready["tenant"]


@pytest.mark.parametrize("entity_set", [one for one in TABLES if not TABLES[one].intersects])
async def test_every_table_is_read_whole_and_by_id(visitor: Visitor, entity_set: str) -> None:
    await visitor.patch_sales({"privileges": {"Connection Bot": {"*": True}}})
    table = TABLES[entity_set]
    if table.solution:
        await visitor.patch_sales({"tables": {entity_set: {"one": {table.primary_name: "One"}}}})
    rows = (await visitor.sales("GET", entity_set)).json()["value"]
    assert rows
    assert set(table.columns) <= rows[0].keys()
    one = await visitor.sales("GET", f"{entity_set}({rows[0][table.key]})")
    assert one.json()["@odata.etag"] == rows[0]["@odata.etag"]


async def test_who_holds_which_role_is_read_as_a_set_and_no_other_way(visitor: Visitor) -> None:
    address = "systemuserrolescollection"
    rows = (await visitor.sales("GET", address)).json()["value"]
    vera = visitor.row("systemusers", "vera")["systemuserid"]
    own = visitor.row("roles", "salesperson/north")["roleid"]
    held = [row["roleid"] for row in rows if row["systemuserid"] == vera]
    assert held == [own]
    some = (await visitor.sales("GET", f"{address}?$filter=roleid eq {own}")).json()["value"]
    assert [row["systemuserid"] for row in some] == [vera]
    one = await visitor.sales("GET", f"{address}({rows[0]['systemuserroleid']})")
    assert one.status_code == 404
    refused = await visitor.sales("POST", address, json={})
    assert refused.status_code == 405
    await visitor.patch_sales({"user_roles": {"vera": {"salesperson/north": None}}})
    left = (await visitor.sales("GET", address)).json()["value"]
    assert len(left) == len(rows) - 1


async def test_pages_follow_the_next_link_byte_for_byte(visitor: Visitor) -> None:
    headers = {"Prefer": "odata.maxpagesize=2"}
    path = "systemusers?%24select=fullname&$orderby=fullname"
    seen: list[str] = []
    while path:
        answer = await visitor.sales("GET", path, headers=headers)
        assert answer.headers["Preference-Applied"] == "odata.maxpagesize=2"
        page = answer.json()
        assert len(page["value"]) <= 2
        seen += [row["fullname"] for row in page["value"]]
        path = page.get("@odata.nextLink", "")
    assert seen == await _names(visitor, "$orderby=fullname")


async def test_page_size_counts_for_one_page_only(visitor: Visitor) -> None:
    first = await visitor.sales("GET", "systemusers", headers={"Prefer": "odata.maxpagesize=2"})
    rest = await visitor.sales("GET", first.json()["@odata.nextLink"])
    total = len((await visitor.sales("GET", "systemusers")).json()["value"])
    assert len(rest.json()["value"]) == total - 2


@pytest.mark.parametrize("change", [("%22", "x"), ("$skiptoken=", "$skiptoken=A")])
async def test_changed_skiptoken_is_refused(visitor: Visitor, change: tuple[str, str]) -> None:
    first = await visitor.sales("GET", "systemusers", headers={"Prefer": "odata.maxpagesize=2"})
    link = first.json()["@odata.nextLink"].replace(
        "$skiptoken=", "$filter=isdisabled eq false&$skiptoken="
    )
    assert (await visitor.sales("GET", link.replace(*change))).status_code == 400


async def test_top_is_ignored_beside_a_page_size(visitor: Visitor) -> None:
    headers = {"Prefer": "odata.maxpagesize=3"}
    answer = await visitor.sales("GET", "systemusers?$top=1", headers=headers)
    assert len(answer.json()["value"]) == 3
    assert len(await _names(visitor, "$top=1")) == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$filter=fullname eq 'ADA ADMIN'", ["Ada Admin"]),
        (
            "$filter=startswith(fullname,'ol') or endswith(fullname,'VIEWER')&$orderby=fullname",
            None,
        ),
        ("$filter=contains(fullname,'gr') and isintegrationuser eq true", ["Integration Account"]),
        ("$filter=not (applicationid eq null) and accessmode ge 4&$top=1", None),
        ("$filter=fullname eq 'O''Nobody'", []),
        ("$filter=businessunitid/name eq 'North Region (example)'", ["Vera Viewer"]),
        ("$filter=createdon lt 2020-01-01T00:00:00Z", []),
        (f"$filter={MEMBERS}", ["Ada Admin"]),
        (f"$filter={MEMBERS_BY_ALIAS}", ["Ada Admin"]),
    ],
)
async def test_filter_chooses(visitor: Visitor, query: str, expected: list[str] | None) -> None:
    names = await _names(visitor, query)
    assert names if expected is None else names == expected


async def test_expansion_brings_the_roles(visitor: Visitor) -> None:
    query = "$filter=isintegrationuser eq true&$expand=systemuserroles_association($select=name)"
    answer = await visitor.sales("GET", f"systemusers?{query},businessunitid($select=name)")
    (user,) = answer.json()["value"]
    roles = {role["name"] for role in user["systemuserroles_association"]}
    assert "Business Central Integration User" in roles
    assert user["businessunitid"]["name"] == "Adventure Example"


async def test_each_unit_has_its_copy_of_a_role(visitor: Visitor) -> None:
    root = BC_INTEGRATION_ADMINISTRATOR
    answer = await visitor.sales(
        "GET", f"roles?$filter=_parentrootroleid_value eq {root}&$count=true"
    )
    units = {row["_businessunitid_value"] for row in answer.json()["value"]}
    assert len(units) == answer.json()["@odata.count"] == len(answer.json()["value"])


async def test_row_that_is_known_already_is_not_sent_again(visitor: Visitor) -> None:
    path = f"systemusers({visitor.row('systemusers', 'ada')['systemuserid']})"
    etag = (await visitor.sales("GET", path)).json()["@odata.etag"]
    again = await visitor.sales("GET", path, headers={"If-None-Match": etag})
    plain = await visitor.sales("GET", path, headers={"If-None-Match": "null"})
    assert (again.status_code, plain.status_code) == (304, 200)


async def test_etag_follows_a_change_of_the_world(visitor: Visitor) -> None:
    path = f"systemusers({visitor.row('systemusers', 'ada')['systemuserid']})"
    before = (await visitor.sales("GET", path)).json()["@odata.etag"]
    await visitor.patch_sales({"tables": {"systemusers": {"ada": {"isdisabled": True}}}})
    after = (await visitor.sales("GET", path)).json()
    assert after["@odata.etag"] != before
    assert after["isdisabled"]


async def test_sdk_finds_the_entity_set_of_a_table(visitor: Visitor) -> None:
    query = "%24select=LogicalName,EntitySetName,PrimaryIdAttribute"
    answer = await visitor.sales(
        "GET", f"EntityDefinitions?{query}&%24filter=LogicalName eq 'systemuser'"
    )
    (row,) = answer.json()["value"]
    assert (row["EntitySetName"], row["PrimaryIdAttribute"]) == ("systemusers", "systemuserid")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nothings", 404, "0x8006088a"),
        ("systemusers(00000000-0000-4000-8000-000000000000)", 404, "0x80040217"),
        ("systemusers?$select=shoesize", 400, "0x0"),
        ("systemusers?$filter=shoesize eq 1", 400, "0x0"),
        ("systemusers?$filter=fullname eq", 400, "0x0"),
        ("systemusers?$filter=fullname in ('a','b')", 400, "0x0"),
        ("systemusers?$filter=systemuserid eq 'text'", 400, "0x0"),
        ("systemusers?$filter=isdisabled gt true", 400, "0x0"),
        ("systemusers?$filter=createdon gt 2026-13-45", 400, "0x0"),
        ("systemusers?$filter=" + "(" * 90 + "isdisabled eq true" + ")" * 90, 400, "0x0"),
        ("systemusers?$skip=5", 400, "0x0"),
        ("systemusers?$top=many", 400, "0x0"),
        ("systemusers?$expand=shoes", 400, "0x0"),
        ("systemusers?shoesize=44", 400, "0x0"),
        ("RetrieveCurrentOrganization(AccessType=@p1)", 400, "0x0"),
    ],
)
async def test_bad_read_is_refused(visitor: Visitor, path: str, status: int, code: str) -> None:
    answer = await visitor.sales("GET", path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.headers["x-ms-service-request-id"]


@pytest.mark.parametrize(
    "path",
    [
        "systemusers?fetchXml=<fetch/>",
        "systemusers?sql=SELECT fullname FROM systemuser",
        "systemusers?$apply=aggregate($count as n)",
        "opportunities",
        "EntityDefinitions(LogicalName='systemuser')/Privileges",
    ],
)
async def test_what_is_not_simulated_says_so(visitor: Visitor, path: str) -> None:
    answer = await visitor.sales("GET", path)
    assert answer.status_code == 501
    assert "does not simulate" in answer.text


async def test_long_segment_is_an_invalid_url(visitor: Visitor) -> None:
    answer = await visitor.sales("GET", "x" * 261)
    assert (answer.status_code, "Invalid URL" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("version", "status"), [("v9.0", 200), ("v9.1", 200), ("v9.2", 200), ("v8.2", 501)]
)
async def test_every_minor_version_answers(visitor: Visitor, version: str, status: int) -> None:
    address: Any = f"{visitor.ready['sales_url']}/api/data/{version}/WhoAmI"
    assert (await visitor.sales("GET", address)).status_code == status


PIECES = (
    "systemusers", "(", ")", "/", "?", "&", "$filter=", "$select=", "$orderby=", "$expand=",
    "$top=", "$skiptoken=", "fullname", "createdon", " eq ", " gt ", "'a'", "null", "true", "5",
    "٣", "2026-01-01", "not ", "contains(", "@p1", "$id=", "WhoAmI", "=", "%", "é", "\\", "/$ref",
)  # fmt: skip


async def test_no_odd_read_is_an_error_of_the_simulators_own(visitor: Visitor) -> None:
    draw = Draw(11).random
    for _ in range(150):
        path = "systemusers" + "".join(draw.choice(PIECES) for _ in range(draw.randint(1, 8)))
        answer = await visitor.sales("GET", quote(path, safe="/?&=$(),'@"))
        assert answer.status_code != 500, path


@pytest.mark.parametrize(
    ("lambda_", "names"),
    [
        ("any(r:r/name eq 'System Administrator')", ["Ada Admin"]),
        ("any(r:startswith(r/name,'System') and r/ismanaged eq false)", ["Ada Admin"]),
        ("any(r:r/name eq 'Nothing')", []),
    ],
)
async def test_users_are_found_by_their_roles(
    visitor: Visitor, lambda_: str, names: list[str]
) -> None:
    assert await _names(visitor, f"$filter=systemuserroles_association/{lambda_}") == names


async def test_all_and_any_of_no_rows(visitor: Visitor) -> None:
    await visitor.patch_sales({"user_roles": {"ada": None}})
    link = "systemuserroles_association"
    without = await _names(visitor, f"$filter=not {link}/any()")
    assert without == ["Ada Admin"]
    assert "Ada Admin" in await _names(visitor, f"$filter={link}/all(r:r/name eq 'x')")


@pytest.mark.parametrize(
    "text", ["shoes/any(r:r/name eq 'x')", "systemuserroles_association/any(r:name eq 'x')"]
)
async def test_lambda_over_nothing_is_refused(visitor: Visitor, text: str) -> None:
    answer = await visitor.sales("GET", f"systemusers?$filter={text}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x0")
