"""Published codeunits as unbound actions, online and on premises."""

from typing import Any

import httpx
import pytest

from simulator.healthy.people import COMPANY, INTEGRATION
from tests.simulator.conftest import Visitor

NAME = "CRMIntegrationManagement"
SETUP = "CRM_Connection_Setup('')"


async def _publish(visitor: Visitor) -> None:
    services = {NAME: {"published": True}, "CRMSetupDefaults": {"published": True}}
    await visitor.patch_environment({"web_services": services})


async def _call(visitor: Visitor, procedure: str, **parameters: Any) -> httpx.Response:
    path = f"ODataV4/{procedure}?company={COMPANY}"
    return await visitor.server("POST", path, json=parameters)


def _connection(visitor: Visitor) -> dict[str, Any]:
    tables = visitor.simulation.world.facts["sales"]["adventure"]["tables"]
    row: dict[str, Any] = next(iter(tables.get("nav_connections", {}).values()), {})
    return {name: value for name, value in row.items() if name.startswith("nav_dynamics")}


async def test_unpublished_codeunit_is_not_there(visitor: Visitor) -> None:
    answer = await _call(visitor, f"{NAME}_IsCRMIntegrationEnabled")
    assert answer.status_code == 404
    assert "ActionImport" not in (await visitor.bc("GET", "ODataV4/$metadata")).text


async def test_published_codeunit_is_described_and_answers(visitor: Visitor) -> None:
    await _publish(visitor)
    described = (await visitor.bc("GET", "ODataV4/$metadata")).text
    assert f'<ActionImport Name="{NAME}_SetCRMNAVConnectionUrl"' in described
    for enabled in (False, True):
        answer = await _call(visitor, f"{NAME}_IsCRMIntegrationEnabled")
        assert answer.json()["value"] is enabled
        body = {"Is_Enabled": True}
        await visitor.page("PATCH", SETUP, json=body, headers={"If-Match": "*"})
    for question in ("IsWorkingConnection", "IsCRMSolutionInstalled"):
        assert (await _call(visitor, f"{NAME}_{question}")).json()["value"] is True
    await visitor.patch_sales({"condition": "down"})
    for question in ("IsWorkingConnection", "IsCRMSolutionInstalled"):
        assert (await _call(visitor, f"{NAME}_{question}")).json()["value"] is False


async def test_addresses_are_written_to_sales_and_reset(visitor: Visitor) -> None:
    await _publish(visitor)
    set_url = await _call(visitor, f"{NAME}_SetCRMNAVConnectionUrl", webClientUrl="https://b")
    assert set_url.status_code == 204
    credentials = {"webServiceUrl": "https://o", "username": "OLGA", "accesskey": "made-up"}
    await _call(visitor, f"{NAME}_SetCRMNAVODataUrlCredentials", **credentials)
    assert _connection(visitor) == {
        "nav_dynamicsnavurl": "https://b",
        "nav_dynamicsnavodataurl": "https://o",
        "nav_dynamicsnavodatausername": "OLGA",
        "nav_dynamicsnavodataaccesskey": "made-up",
    }
    answer = await _call(visitor, "CRMSetupDefaults_ResetCRMNAVConnectionData")
    assert answer.status_code == 204
    row = _connection(visitor)
    assert row["nav_dynamicsnavurl"].startswith("https://bc.adventure-example.com/BC150")
    assert "/ProductItemAvailability" in row["nav_dynamicsnavodataurl"]
    assert row["nav_dynamicsnavodataaccesskey"] == ""


async def test_item_availability_is_published_without_a_question(visitor: Visitor) -> None:
    await _publish(visitor)
    await visitor.patch_environment({"web_services": {"ProductItemAvailability": None}})
    asked = f"{NAME}_IsItemAvailabilityWebServiceEnabled"
    assert (await _call(visitor, asked)).json()["value"] is False
    await _call(visitor, f"{NAME}_SetupItemAvailabilityService")
    assert (await _call(visitor, asked)).json()["value"] is True
    address = (await _call(visitor, f"{NAME}_GetItemAvailabilityWebServiceURL")).json()["value"]
    assert address.endswith("/ProductItemAvailability")


@pytest.mark.parametrize(
    ("procedure", "body", "code"),
    [
        ("CheckOrEnableCRMConnection", {}, "Application_CallbackNotAllowed"),
        ("SetCRMNAVConnectionUrl", {}, "BadRequest_RequiredParamNotProvided"),
        ("SetCRMNAVConnectionUrl", {"webClientUrl": 1}, "BadRequest_RequiredParamNotProvided"),
        ("SetCRMNAVConnectionUrl", {"webClientUrl": "x" * 251}, "Application_StringExceededLength"),
        ("IsCRMIntegrationEnabled", {"x": "y"}, "BadRequest"),
        ("ResetConfiguration", {}, "BadRequest_ResourceNotFound"),
    ],
)
async def test_call_that_cannot_be_is_refused(
    visitor: Visitor, procedure: str, body: dict[str, Any], code: str
) -> None:
    await _publish(visitor)
    answer = await _call(visitor, f"{NAME}_{procedure}", **body)
    assert answer.json()["error"]["code"] == code


async def test_procedure_is_posted_to(visitor: Visitor) -> None:
    await _publish(visitor)
    path = f"ODataV4/{NAME}_IsCRMIntegrationEnabled?company={COMPANY}"
    assert (await visitor.server("GET", path)).status_code == 405


@pytest.mark.parametrize(
    ("sales", "ledger", "outcome"),
    [
        ({}, "EUR", True),
        ({"condition": "down"}, "EUR", False),
        ({}, "XXX", "Application_DialogException"),
    ],
)
async def test_a_connection_is_restored_once_after_an_upgrade(
    visitor: Visitor, sales: dict[str, Any], ledger: str, outcome: bool | str
) -> None:
    await _publish(visitor)
    await visitor.patch_sales(sales)
    setup = {"crm_connection_setup": {"setup": {"restore_connection": True}}}
    await visitor.patch_company(setup | {"general_ledger_setup": {"setup": {"LCY_Code": ledger}}})
    answer = (await _call(visitor, f"{NAME}_IsCRMIntegrationEnabled")).json()
    assert answer.get("value", answer.get("error", {}).get("code")) == outcome
    row = visitor.pages()["crm_connection_setup"]["setup"]
    assert (row["restore_connection"], row["Is_Enabled"]) == (False, outcome is True)


@pytest.mark.parametrize(("email", "status"), [(INTEGRATION, 204), ("nobody@x.example", 400)])
async def test_the_connection_is_checked_for_the_user_who_asks(
    visitor: Visitor, email: str, status: int
) -> None:
    await _publish(visitor)
    ready = visitor.ready["bc"]
    user = {ready["on_premises_user"].upper(): {"Authentication_Email": email}}
    await visitor.patch_environment({"users": user})
    for body in ({"Is_Enabled": True}, {"Is_User_Mapping_Required": True}):
        answer = await visitor.server_page("PATCH", SETUP, json=body, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
    assert (await _call(visitor, f"{NAME}_CheckOrEnableCRMConnection")).status_code == status


@pytest.mark.parametrize(("version", "status"), [("17.0.1.0", 200), ("18.0.1.0", 404)])
async def test_the_web_service_of_item_availability_is_gone_from_version_18_on(
    visitor: Visitor, version: str, status: int
) -> None:
    await _publish(visitor)
    await visitor.patch_environment({"version": version})
    answer = await _call(visitor, f"{NAME}_IsItemAvailabilityWebServiceEnabled")
    assert answer.status_code == status
