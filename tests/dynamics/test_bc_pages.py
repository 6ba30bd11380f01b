"""Rows of Business Central's pages, and what a token says: any of them is a value or a fault."""

import base64
import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import Unintelligible
from connection.remote import ConnectionPage, JobQueueEntry, PublishedService, TableMapping
from dynamics.bc_pages import connection_page, job_queue_entry, table_mapping
from dynamics.odata import Row
from dynamics.service_metadata import published_services
from dynamics.token_claims import app_permissions
from tests.dynamics.microsoft import BC, TENANT, Desk, Reply, the_access

JOB = {"Status": "Ready", "Object_ID_to_Run": 5339, "Description": " X"}
MAPPING = {
    "Name": "CUSTOMER",
    "Direction": "Bidirectional",
    "Synch_Only_Coupled_Records": True,
}
SETUP = {
    "Server_Address": "https://contoso.crm4.dynamics.com",
    "User_Name": "a@b.example",
    "Is_Enabled": True,
    "CRM_Version": "9.2",
    "Is_CRM_Solution_Installed": True,
}
READ: dict[str, tuple[Callable[[Row], object], dict[str, Any], object]] = {
    "job": (job_queue_entry, JOB, JobQueueEntry(5339, "Ready", " X")),
    "mapping": (table_mapping, MAPPING, TableMapping("CUSTOMER", "Bidirectional")),
    "setup": (
        connection_page,
        SETUP,
        ConnectionPage(SETUP["Server_Address"], "a@b.example", True, "9.2", True),  # type: ignore[arg-type]
    ),
}
ANYTHING = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers())


@pytest.mark.parametrize("kind", READ)
def test_a_row_becomes_its_value(kind: str) -> None:
    read, row, value = READ[kind]
    assert read(row) == value


@pytest.mark.parametrize("kind", READ)
@given(data=st.data())
def test_a_row_with_anything_in_it_is_a_value_or_unintelligible(
    kind: str, data: st.DataObject
) -> None:
    read, row, value = READ[kind]
    changed = data.draw(st.dictionaries(st.sampled_from(list(row)), ANYTHING))
    found = _found(read, {**row, **changed})
    if isinstance(found, Unintelligible):
        assert any(name in found.message for name in changed)
    else:
        assert type(found) is type(value)


def _found(read: Callable[[Row], object], row: Row) -> object:
    try:
        return read(row)
    except Unintelligible as fault:
        return fault


@pytest.mark.parametrize(
    ("kind", "name"),
    [("job", "Status"), ("job", "Object_ID_to_Run"), ("mapping", "Name"), ("setup", "Is_Enabled")],
)
def test_a_row_that_lacks_what_is_needed_is_of_another_page(kind: str, name: str) -> None:
    read, row, _ = READ[kind]
    with pytest.raises(Unintelligible, match=name):
        read({key: value for key, value in row.items() if key != name})


def _token(claims: object) -> str:
    parts = ({"alg": "RS256"}, claims)
    sealed = (base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts)
    return ".".join(part.rstrip(b"=").decode() for part in sealed) + ".signature"


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=4))
def test_the_permissions_of_a_token_come_back(roles: list[str]) -> None:
    assert app_permissions(_token({"roles": roles, "aud": BC})) == frozenset(roles)


def test_a_token_without_permissions_has_none_and_another_thing_is_not_known() -> None:
    assert app_permissions(_token({"aud": BC})) == frozenset()
    for odd in (_token([]), _token({"roles": "all"}), _token({"roles": [1]}), "opaque", "a.b.c"):
        assert app_permissions(odd) is None


@given(st.text() | st.text(alphabet="abcAB09-_=.").map(lambda text: f"a.{text}.c"))
def test_any_text_is_a_token_that_can_be_read_or_not(text: str) -> None:
    found = app_permissions(text)
    assert found is None or isinstance(found, frozenset)


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)


@given(st.dictionaries(NAMES.filter(lambda name: name != "Company"), st.sets(NAMES), max_size=5))
def test_what_metadata_describes_comes_back(services: dict[str, set[str]]) -> None:
    types = "".join(
        f'<EntityType Name="{name}">'
        + "".join(f'<Property Name="{one}" Type="Edm.String"/>' for one in sorted(columns))
        + "</EntityType>"
        for name, columns in services.items()
    )
    sets = "".join(f'<EntitySet Name="{name}" EntityType="NAV.{name}"/>' for name in services)
    document = (
        '<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><Schema Namespace="NAV" '
        f'xmlns="http://docs.oasis-open.org/odata/ns/edm">{types}'
        f'<EntityContainer Name="NAV">{sets}</EntityContainer></Schema></edmx:Edmx>'
    )
    found = published_services(document.encode())
    assert set(found) == {
        PublishedService(name, frozenset(columns)) for name, columns in services.items()
    }


@given(st.binary() | st.text().map(str.encode))
def test_any_document_is_services_or_a_value_error(document: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(published_services(document), tuple)


COMPANY = "ODataV4/Company('CRONUS%20International%20Ltd.')"


async def test_jobs_are_asked_for_by_codeunit_and_reports_are_left_out(desk: Desk) -> None:
    rows = [JOB | {"Object_Type_to_Run": kind} for kind in ("Codeunit", "Report")]
    desk.bc_says(f"{COMPANY}/Jobs", Reply(body={"value": rows}))
    jobs = await desk.business_central.synchronisation_jobs(the_access(), "Jobs")
    assert jobs == [JobQueueEntry(5339, "Ready", " X")]
    (asked,) = desk.microsoft.sent_to(f"{BC}/v2.0/{TENANT}/Production/{COMPANY}")
    assert asked.url.params["$filter"].startswith("Object_ID_to_Run eq 5339 or ")


async def test_the_setup_page_is_read_without_its_secrets(desk: Desk) -> None:
    desk.bc_says(f"{COMPANY}/Setup", Reply(body={"value": [SETUP]}))
    page = await desk.business_central.connection_page(the_access(), "Setup")
    assert page.enabled
    (asked,) = desk.microsoft.sent_to(f"{BC}/v2.0/{TENANT}/Production/{COMPANY}")
    columns = asked.url.params["$select"].split(",")
    assert not {"Password", "NAVODataAccesskey", "Connection_String"} & set(columns)


@pytest.mark.parametrize(("rows", "some"), [([], False), ([{"Authentication_Email": "a@b"}], True)])
async def test_one_user_with_an_email_is_enough(desk: Desk, rows: list[Row], some: bool) -> None:
    desk.bc_says(f"{COMPANY}/Users", Reply(body={"value": rows}))
    assert await desk.business_central.has_authentication_emails(the_access(), "Users") is some
    (asked,) = desk.microsoft.sent_to(f"{BC}/v2.0/{TENANT}/Production/{COMPANY}")
    assert asked.url.params["$top"] == "1"


async def test_options_are_read_as_their_names_are_meant(desk: Desk) -> None:
    status = JOB | {"Status": "On_x0020_Hold"}
    way = {"Direction": "To_x0020_Integration_x0020_Table", "Synch_Only_Coupled_Records": True}
    desk.bc_says(f"{COMPANY}/Jobs", Reply(body={"value": [status]}))
    desk.bc_says(f"{COMPANY}/Mappings", Reply(body={"value": [MAPPING | way]}))
    (job,) = await desk.business_central.synchronisation_jobs(the_access(), "Jobs")
    assert job.status == "On Hold"
    mappings = await desk.business_central.table_mappings(the_access(), "Mappings")
    assert mappings == [TableMapping("CUSTOMER", "To Integration Table", only_coupled=True)]
