"""Whatever is asked of the simulated Dataverse, it refuses in its own words and stays whole."""

import base64
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.dataverse.errors import DataverseError
from simulator.dataverse.packages import opened
from tests.simulator.conftest import Visitor
from tests.simulator.packing import files, zipped

DIGITS = "9" * 5_000
DEEP = "[" * 100_000
TOKEN = base64.b64encode(b'{"next": 1e999, "of": ""}').decode()
QUERIES = (
    "systemusers?$top=²",
    f"systemusers?$top={DIGITS[:4_400]}",
    "systemusers?$top=-1",
    f"systemusers?$skiptoken={TOKEN}",
    f"systemusers?$skiptoken={base64.b64encode(DEEP[:9_000].encode()).decode()}",
    "roles?$filter=Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=[\"\\x\"])",
    "systemusers?$filter=fullname eq '\\ud800'",
    "systemusers?$filter=accessmode eq " + DIGITS[:4_400],
    "systemusers?$filter=" + "(" * 3_000,
    "systemusers?$filter=createdon gt 2026-13-45T00:00:00Z",
    "systemusers?$orderby=",
    "systemusers?$select=,",
    "systemusers?$expand=(",
    "systemusers(",
    "systemusers('x')",
    "systemusers(00000000-0000-0000-0000-000000000000)/$ref",
    "$batch",
)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:40])
async def test_odd_query_is_refused(visitor: Visitor, query: str) -> None:
    answer = await visitor.sales("GET", query)
    assert answer.status_code in (200, 400, 404, 405, 501), answer.text[:200]


@pytest.mark.parametrize("size", ["²", DIGITS, "-1", "x"])
async def test_odd_page_size_is_passed_over(visitor: Visitor, size: str) -> None:
    prefer = {"Prefer": f"odata.maxpagesize={size}".encode()}
    answer = await visitor.sales("GET", "systemusers?$select=fullname", headers=prefer)
    assert answer.status_code == 200


BODIES = (
    '{"jobtitle": "\\ud800"}',
    '{"jobtitle": 5}',
    '{"isdisabled": "yes"}',
    '{"accessmode": 1e999}',
    '{"accessmode": NaN}',
    f'{{"accessmode": {DIGITS}}}',
    DEEP,
    "[]",
    "null",
    '{"businessunitid@odata.bind": 5}',
    '{"businessunitid@odata.bind": null}',
    '{"domainname": null}',
    '{"internalemailaddress": null}',
    '{"internalemailaddress": ""}',
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:40])
async def test_odd_change_is_refused_and_changes_nothing(visitor: Visitor, body: str) -> None:
    before = dict(visitor.row("systemusers", "vera"))
    await visitor.patch_sales({"user_roles": {"bot": {"system-administrator": True}}})
    answer = await visitor.sales(
        "PATCH",
        f"systemusers({before['systemuserid']})",
        content=body.encode(),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 400, answer.text[:200]
    assert answer.json()["error"]["message"]
    assert visitor.row("systemusers", "vera") == before
    assert (await visitor.sales("GET", "systemusers")).status_code == 200


async def test_a_filter_over_two_links_is_not_simulated(visitor: Visitor) -> None:
    query = "systemusers?$filter=parentsystemuserid/businessunitid/name eq 'x'"
    answer = await visitor.sales("GET", query)
    assert answer.status_code == 501
    assert answer.text.strip().endswith(".")


async def _as_administrator(visitor: Visitor) -> None:
    await visitor.patch_sales({"user_roles": {"bot": {"system-administrator": True}}})


@pytest.mark.parametrize("key", ["abc", 5, "", DIGITS])
async def test_a_key_that_is_none_is_refused(visitor: Visitor, key: object) -> None:
    await _as_administrator(visitor)
    answer = await visitor.sales("POST", "teams", json={"teamid": key, "name": "Made up"})
    assert answer.status_code == 400


async def test_a_team_needs_a_name(visitor: Visitor) -> None:
    await _as_administrator(visitor)
    assert (await visitor.sales("POST", "teams", json={})).status_code == 400


async def test_a_user_stays_in_a_business_unit(visitor: Visitor) -> None:
    await _as_administrator(visitor)
    user = visitor.row("systemusers", "vera")
    path = f"systemusers({user['systemuserid']})/businessunitid/$ref"
    assert (await visitor.sales("DELETE", path)).status_code == 400
    assert visitor.row("systemusers", "vera")["_businessunitid_value"]


async def test_an_application_has_one_user(visitor: Visitor) -> None:
    await _as_administrator(visitor)
    taken = visitor.row("systemusers", "bot")["applicationid"]
    user = visitor.row("systemusers", "vera")["systemuserid"]
    answer = await visitor.sales("PATCH", f"systemusers({user})", json={"applicationid": taken})
    assert answer.status_code == 412


async def test_an_upsert_may_name_its_key_in_the_body_too(visitor: Visitor) -> None:
    await _as_administrator(visitor)
    team = "00000000-0000-4000-8000-0000000000aa"
    body = {"teamid": team, "name": "Made up"}
    for _ in range(2):
        answer = await visitor.sales("PATCH", f"teams({team})", json=body)
        assert answer.status_code == 204, answer.text
    other = {"teamid": team.replace("aa", "ab"), "name": "Made up"}
    assert (await visitor.sales("PATCH", f"teams({team})", json=other)).status_code == 400


@pytest.mark.parametrize("name", ["publishers", "uomschedules", "annotations", "privileges"])
async def test_a_real_table_elsewhere_is_not_unknown(visitor: Visitor, name: str) -> None:
    assert (await visitor.sales("GET", name)).status_code == 501
    assert (await visitor.sales("GET", f"{name}s")).status_code == 404


WHOLE = base64.b64decode(zipped(files()))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6))
def test_any_damaged_package_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE)
    for place, value in changes:
        content[place] = value
    assert _status_of(base64.b64encode(content).decode()) in (200, 400, 413)


def _status_of(package: str) -> int:
    try:
        opened(package)
    except DataverseError as refused:
        return refused.status
    return 200


def _refusal(changed: dict[str, Any]) -> DataverseError:
    with pytest.raises(DataverseError) as caught:
        opened(zipped({**files(), **changed}))
    return caught.value


def test_a_package_of_very_many_elements_is_too_large() -> None:
    content = "<ImportExportXml>" + "<a/>" * 400_000 + "</ImportExportXml>"
    assert _refusal({"customizations.xml": content}).status == 413


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(coding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{coding}"?><!DOCTYPE x [<!ENTITY a "Expanded">]>'
        "<ImportExportXml><Entities><Entity><Name>&a;</Name></Entity></Entities></ImportExportXml>"
    )
    assert _refusal({"customizations.xml": text.encode(coding)}).status == 400


@pytest.mark.parametrize("version", [DIGITS, f"9.{DIGITS}"])
def test_a_version_of_very_many_digits_is_refused(version: str) -> None:
    assert _refusal(files(package_version=version)).status == 400
    assert _refusal(files(version=version)).status == 400
