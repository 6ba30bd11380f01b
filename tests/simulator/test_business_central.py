"""Business Central: companies, published pages, and the page that acts when it is opened."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from simulator.bc.pages import PAGES
from simulator.healthy.people import COMPANY, INTEGRATION, SECOND_COMPANY
from tests.simulator.conftest import BC, LOGIN, Visitor

SETUP = "CRM_Connection_Setup('')"
ANY = {"If-Match": "*"}
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


def _code(answer: Any) -> tuple[int, str]:
    assert "CorrelationId:  " in answer.json()["error"]["message"]
    return answer.status_code, answer.json()["error"]["code"]


async def test_companies_are_listed_and_found(visitor: Visitor) -> None:
    rows = (await visitor.bc("GET", "api/v2.0/companies")).json()["value"]
    assert [row["name"] for row in rows] == [COMPANY, SECOND_COMPANY]
    chosen = await visitor.bc("GET", f"api/v2.0/companies?$filter=name eq '{COMPANY}'&$select=id")
    assert chosen.json()["value"] == [{"id": rows[0]["id"]}]
    one = await visitor.bc("GET", f"api/v2.0/companies({rows[0]['id']})")
    assert one.json()["displayName"] == COMPANY


async def test_metadata_describes_every_published_page(visitor: Visitor) -> None:
    answer = await visitor.bc("GET", "ODataV4/$metadata")
    root = ET.fromstring(answer.content)  # noqa: S314
    types = {each.get("Name"): each for each in root.iter(f"{EDM}EntityType")}
    services = visitor.simulation.world.facts["business_central"]["Production"]["web_services"]
    services = {n: r for n, r in services.items() if "page" in r and PAGES[r["page"]].since <= 15}
    assert set(types) == {"Company", *services}
    for name, service in services.items():
        columns = {each.get("Name") for each in types[name].iter(f"{EDM}Property")}
        assert columns == {control.name for control in PAGES[service["page"]].at(15).controls}


async def test_unpublished_page_is_neither_described_nor_served(visitor: Visitor) -> None:
    service = {"web_services": {"Users": {"published": False}}}
    await visitor.patch({"business_central": {"Production": service}})
    assert "Users" not in (await visitor.bc("GET", "ODataV4/$metadata")).text
    assert "Users" not in (await visitor.bc("GET", "ODataV4/")).text
    assert _code(await visitor.page("GET", "Users")) == (404, "BadRequest_ResourceNotFound")


@pytest.mark.parametrize("service", ["Users", "General_Ledger_Setup", "Job_Queue_Entries"])
async def test_page_shows_its_records(visitor: Visitor, service: str) -> None:
    rows = (await visitor.page("GET", service)).json()["value"]
    assert rows
    assert rows[0]["@odata.etag"].startswith('W/"')


@pytest.mark.parametrize(
    "form", ["Company({id})/Users", "Company(Id={id})/Users", "Users?company={id}"]
)
async def test_company_is_named_by_its_id_too(visitor: Visitor, form: str) -> None:
    companies = visitor.simulation.world.facts["business_central"]["Production"]["companies"]
    path = form.format(id=companies[COMPANY]["id"])
    assert (await visitor.bc("GET", f"ODataV4/{path}")).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("ODataV4/Company('adventure example ltd.')/Users", 404, "Internal_CompanyNotFound"),
        ("ODataV4/Company('It''s nobody')/Users", 404, "Internal_CompanyNotFound"),
        (f"ODataV4/Company('{COMPANY}')/Nope", 404, "BadRequest_ResourceNotFound"),
        (f"ODataV4/Company('{COMPANY}')/Users(x)", 404, "Internal_RecordNotFound"),
        (f"ODataV4/Company('{COMPANY}')/Users?$filter=Nope eq 1", 400, "BadRequest"),
        (
            f"ODataV4/Company('{COMPANY}')/Users?$filter=State eq 'A' or User_Name eq 'B'",
            400,
            "BadRequest",
        ),
        (
            "api/v2.0/companies(00000000-0000-4000-8000-000000000000)",
            404,
            "Internal_CompanyNotFound",
        ),
        ("Nope/x", 404, "BadRequest_ResourceNotFound"),
    ],
)
async def test_bad_read_is_refused(visitor: Visitor, path: str, status: int, code: str) -> None:
    assert _code(await visitor.bc("GET", path)) == (status, code)


async def test_unknown_environment_is_refused(visitor: Visitor) -> None:
    token = await visitor.token(BC)
    address = f"{BC}/v2.0/{visitor.ready['tenant']}/Sandbox/api/v2.0/companies"
    answer = await visitor.http.get(address, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 404


async def test_tenant_may_be_left_out(visitor: Visitor) -> None:
    token = await visitor.token(BC)
    address = f"{BC}/v2.0/production/api/v2.0/companies"
    answer = await visitor.http.get(address, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "environments/v1.2",
        "admin/v2.29/applications/BusinessCentral/environments",
        "admin/v2.29/applications/environments",
    ],
)
async def test_environments_are_listed(visitor: Visitor, path: str) -> None:
    token = await visitor.token(BC)
    answer = await visitor.http.get(f"{BC}/{path}", headers={"Authorization": f"Bearer {token}"})
    assert [row["name"] for row in answer.json()["value"]] == ["Production"]


async def test_app_that_the_admin_center_does_not_know_sees_no_list(visitor: Visitor) -> None:
    await visitor.patch(
        {"business_central": {"Production": {"admin_center_applications": {"bot": None}}}}
    )
    token = await visitor.token(BC)
    address = f"{BC}/admin/v2.29/applications/BusinessCentral/environments"
    answer = await visitor.http.get(address, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403
    assert {"code", "message", "clientError"} <= answer.json().keys()


async def test_person_enters_as_a_business_central_user(visitor: Visitor) -> None:
    account = "ada.admin@adventure-example.onmicrosoft.com"
    body = {
        "grant_type": "password",
        "client_id": visitor.ready["apps"]["admin"]["client_id"],
        "username": account,
        "password": visitor.simulation.world.facts["accounts"][account]["password"],
        "scope": f"{BC}/.default",
    }
    token = await visitor.http.post(f"{LOGIN}/organizations/oauth2/v2.0/token", data=body)
    headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
    address = f"{BC}/v2.0/{visitor.ready['tenant']}/Production/api/v2.0/companies"
    assert (await visitor.http.get(address, headers=headers)).status_code == 200
    ada = {"users": {"ADA": {"State": "Disabled"}}}
    await visitor.patch({"business_central": {"Production": ada}})
    assert (await visitor.http.get(address, headers=headers)).status_code == 401


async def test_opening_the_connection_page_is_marked_in_the_log(visitor: Visitor) -> None:
    await visitor.page("GET", "Users")
    await visitor.page("GET", "CRM_Connection_Setup")
    notes = [row.get("note") for row in await visitor.calls(site="bc")]
    assert notes == [None, f"opened page 5330 of {COMPANY} in Production"]


async def test_connection_is_enabled_and_disabled(visitor: Visitor) -> None:
    on = await visitor.page("PATCH", SETUP, json={"Is_Enabled": True}, headers=ANY)
    assert on.json()["Is_Enabled"]
    assert on.json()["Is_CRM_Solution_Installed"]
    jobs = (await visitor.page("GET", "Job_Queue_Entries")).json()["value"]
    assert {job["Status"] for job in jobs} == {"Ready"}
    assert on.json()["ScheduledSynchJobsActive"] == f"{len(jobs) - 1} of {len(jobs) - 1}"
    off = await visitor.page("PATCH", SETUP, json={"Is_Enabled": False}, headers=ANY)
    assert (off.json()["Is_Enabled"], off.json()["CRM_Version"]) == (False, "")


@pytest.mark.parametrize(
    ("scenario", "says"),
    [
        ("user-disabled", "is disabled"),
        ("user-unlicensed", "is not licensed"),
        ("user-is-administrator", "System Administrator"),
        ("role-missing", "required roles"),
        ("currency-mismatch", "LCY Code GBP"),
        ("dataverse-down", "cannot be validated"),
    ],
)
async def test_enabling_tests_the_connection_first(
    visitor: Visitor, scenario: str, says: str
) -> None:
    await visitor.become(scenario)
    answer = await visitor.page("PATCH", SETUP, json={"Is_Enabled": True}, headers=ANY)
    assert _code(answer) == (400, "Application_DialogException")
    assert says in answer.json()["error"]["message"]
    assert not (await visitor.page("GET", SETUP)).json()["Is_Enabled"]


async def test_opening_a_broken_connection_disables_it(visitor: Visitor) -> None:
    """In 15.17 only while users must map, since only then opening looks a user up."""
    wanted = {"Is_Enabled": True, "Is_User_Mapping_Required": True}
    await visitor.page("PATCH", SETUP, json=wanted, headers=ANY)
    await visitor.patch_sales({"condition": "down"})
    assert _code(await visitor.page("GET", SETUP)) == (400, "Application_DialogException")
    assert not (await visitor.page("GET", SETUP)).json()["Is_Enabled"]


async def test_newer_business_central_wants_the_dataverse_connection_first(
    visitor: Visitor,
) -> None:
    await visitor.patch({"business_central": {"Production": {"version": "27.1.0.0"}}})
    answer = await visitor.page("PATCH", SETUP, json={"Is_Enabled": True}, headers=ANY)
    assert "Dataverse" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"Is_S_Order_Integration_Enabled": True}, "BadRequest_InvalidOperation"),
        (
            {"Is_Enabled": True, "Is_S_Order_Integration_Enabled": True},
            "Application_CallbackNotAllowed",
        ),
        ({"Server_Address": "example.crm4.dynamics.com"}, "Application_CallbackNotAllowed"),
        ({"User_Name": "nobody"}, "Application_DialogException"),
        ({"CRM_Version": "9"}, "BadRequest_InvalidOperation"),
        ({"NAVURL": "https://x.example"}, "BadRequest_InvalidOperation"),
        ({"Auto_Create_Sales_Orders": True}, "BadRequest_InvalidOperation"),
        ({"Nope": 1}, "BadRequest"),
        ({"Is_Enabled": "yes"}, "BadRequest"),
    ],
)
async def test_page_refuses_what_a_web_service_cannot_change(
    visitor: Visitor, body: dict[str, Any], code: str
) -> None:
    assert _code(await visitor.page("PATCH", SETUP, json=body, headers=ANY)) == (400, code)


async def test_password_while_encryption_is_off_would_ask(visitor: Visitor) -> None:
    """On a server only: online, encryption is always on."""
    await visitor.patch_environment({"encryption": False})
    answer = await visitor.server_page("PATCH", SETUP, json={"Password": "x"}, headers=ANY)
    assert _code(answer) == (400, "Application_CallbackNotAllowed")
    online = await visitor.page("PATCH", SETUP, json={"Password": "x"}, headers=ANY)
    assert online.status_code == 200


async def test_password_is_never_shown(visitor: Visitor) -> None:
    answer = await visitor.page("PATCH", SETUP, json={"Password": "hidden"}, headers=ANY)
    assert answer.json()["Password"] == "*"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (400, "BadRequest_InvalidToken")),
        ({"If-Match": "nonsense"}, (400, "BadRequest_InvalidToken")),
        ({"If-Match": 'W/"b2xk"'}, (409, "Request_EntityChanged")),
    ],
)
async def test_patch_needs_the_current_etag(
    visitor: Visitor, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    body = {"User_Name": INTEGRATION}
    assert _code(await visitor.page("PATCH", SETUP, json=body, headers=headers)) == expected


async def test_patch_with_the_current_etag_changes_the_setup(visitor: Visitor) -> None:
    etag = (await visitor.page("GET", SETUP)).json()["@odata.etag"]
    body = {"SDKVersion": 91}
    answer = await visitor.page("PATCH", SETUP, json=body, headers={"If-Match": etag})
    assert answer.json()["SDKVersion"] == 91
    assert answer.json()["@odata.etag"] != etag


async def test_list_pages_are_not_written(visitor: Visitor) -> None:
    rows = (await visitor.page("GET", "Users")).json()["value"]
    path = f"Users({rows[0]['User_Security_ID']})"
    answer = await visitor.page("PATCH", path, json={"Authentication_Email": "x"}, headers=ANY)
    assert _code(answer) == (400, "BadRequest_InvalidOperation")
    assert (await visitor.page("POST", "Users", json={})).status_code == 405
