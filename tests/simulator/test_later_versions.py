"""Business Central 16 to 27: page 7200 first, and what page 5330 has then and has no longer."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from simulator.healthy.people import COMPANY, INTEGRATION
from tests.simulator.conftest import Visitor

SALES, DATAVERSE = "CRM_Connection_Setup('')", "CDS_Connection_Setup('')"
ANY = {"If-Match": "*"}
OK = (200, "")
DIALOG = (400, "Application_DialogException")
LOCKED = (400, "BadRequest_InvalidOperation")
ASKS = (400, "Application_CallbackNotAllowed")
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
GONE_IN_18 = {
    "ItemAvailabilityWebServEnabled",
    "NAVODataURL",
    "NAVODataUsername",
    "NAVODataAccesskey",
}
GONE_IN_26 = {"Is_User_Mapping_Required", "Is_User_Mapped_To_CRM_User"}


async def _change(visitor: Visitor, page: str, **body: Any) -> tuple[int, str]:
    answer = await visitor.page("PATCH", page, json=body, headers=ANY)
    return answer.status_code, answer.json().get("error", {}).get("code", "")


async def _change_on_server(visitor: Visitor, page: str, **body: Any) -> tuple[int, str]:
    answer = await visitor.server_page("PATCH", page, json=body, headers=ANY)
    return answer.status_code, answer.json().get("error", {}).get("code", "")


async def _version(visitor: Visitor, version: str) -> None:
    await visitor.patch_environment({"version": version})


async def _dataverse(visitor: Visitor, version: str) -> None:
    """Enabled as the integration app, the way an administrator would."""
    await _version(visitor, version)
    app = visitor.ready["apps"]["integration"]
    wanted = {
        "Server_Address": visitor.ready["sales_url"],
        "User_Name": INTEGRATION,
        "Client_Id": app["client_id"],
        "Client_Secret": app["client_secret"],
        "Is_Enabled": True,
    }
    assert await _change(visitor, DATAVERSE, **wanted) == OK


@pytest.mark.parametrize(
    ("version", "lacks", "has"),
    [
        ("15.17.47256.0", {"Item_Availability_Enabled"}, GONE_IN_18 | GONE_IN_26),
        ("18.0.1.0", GONE_IN_18, {"Item_Availability_Enabled"} | GONE_IN_26),
        ("26.0.1.0", GONE_IN_18 | GONE_IN_26, {"Unit_Group_Mapping_Enabled"}),
    ],
)
async def test_metadata_and_answers_have_the_controls_of_the_version(
    visitor: Visitor, version: str, lacks: set[str], has: set[str]
) -> None:
    if version.startswith("15"):
        await _version(visitor, version)
    else:
        await _dataverse(visitor, version)
    root = ET.fromstring((await visitor.bc("GET", "ODataV4/$metadata")).content)  # noqa: S314
    types = {each.get("Name"): each for each in root.iter(f"{EDM}EntityType")}
    assert ("CDS_Connection_Setup" in types) is (not version.startswith("15"))
    assert ("ProductItemAvailability" in types) is version.startswith("15")
    described = {each.get("Name") for each in types["CRM_Connection_Setup"].iter(f"{EDM}Property")}
    shown = (await visitor.page("GET", SALES)).json().keys()
    for names in (described, shown):
        assert not lacks & names
        assert has <= names


async def test_page_7200_is_not_there_in_version_15(visitor: Visitor) -> None:
    assert (await visitor.page("GET", DATAVERSE)).status_code == 404


async def test_page_5330_is_not_even_read_before_page_7200_is_enabled(visitor: Visitor) -> None:
    await _version(visitor, "18.0.1.0")
    answer = await visitor.page("GET", SALES)
    assert answer.json()["error"]["code"] == DIALOG[1]
    await _dataverse(visitor, "18.0.1.0")
    shown = (await visitor.page("GET", SALES)).json()
    assert shown["Server_Address"] == visitor.ready["sales_url"]
    assert shown["User_Name"] == INTEGRATION


@pytest.mark.parametrize("version", ["16.5.1.0", "18.0.1.0", "26.0.1.0"])
async def test_both_pages_are_enabled_one_after_the_other_and_disabled_in_reverse(
    visitor: Visitor, version: str
) -> None:
    await _dataverse(visitor, version)
    assert await _change(visitor, SALES, Is_Enabled=True) == OK
    assert await _change(visitor, DATAVERSE, Is_Enabled=False) == DIALOG
    assert await _change(visitor, SALES, Is_Enabled=False) == OK
    assert await _change(visitor, DATAVERSE, Is_Enabled=False) == OK


@pytest.mark.parametrize(("version", "rows"), [("18.0.1.0", 1), ("26.0.1.0", 0)])
async def test_the_newest_versions_take_their_row_away_when_they_are_disabled(
    visitor: Visitor, version: str, rows: int
) -> None:
    await _dataverse(visitor, version)
    assert await _change(visitor, SALES, Is_Enabled=True) == OK
    tables = visitor.simulation.world.facts["sales"]["adventure"]["tables"]
    (row,) = tables["nav_connections"].values()
    assert row.get("nav_name") == (COMPANY if version.startswith("26") else None)
    assert await _change(visitor, SALES, Is_Enabled=False) == OK
    assert len(tables["nav_connections"]) == rows


async def test_each_page_installs_its_part_of_the_defaults(visitor: Visitor) -> None:
    holders = ("integration_table_mappings", "job_queue_entries")
    await visitor.patch_company(
        {holder: dict.fromkeys(visitor.pages()[holder]) for holder in holders}
    )
    await _dataverse(visitor, "18.0.1.0")
    first = set(visitor.pages()["integration_table_mappings"])
    assert {"SALESPEOPLE", "VENDOR", "PAYMENT TERMS"} <= first
    assert "ITEM-PRODUCT" not in first
    assert await _change(visitor, SALES, Is_Enabled=True) == OK
    second = set(visitor.pages()["integration_table_mappings"]) - first
    assert {"ITEM-PRODUCT", "UNIT OF MEASURE", "OPPORTUNITY"} <= second


async def test_item_availability_is_a_job_from_version_18_on(visitor: Visitor) -> None:
    await _dataverse(visitor, "18.0.1.0")
    assert await _change(visitor, SALES, Is_Enabled=True) == OK
    for wanted in (True, False):
        assert await _change(visitor, SALES, Item_Availability_Enabled=wanted) == OK
        jobs = visitor.pages()["job_queue_entries"].values()
        assert (5356 in {row["Object_ID_to_Run"] for row in jobs}) is wanted


async def test_the_newest_versions_want_the_local_currency_among_all_of_sales(
    visitor: Visitor,
) -> None:
    ledger = {"general_ledger_setup": {"setup": {"LCY_Code": "DKK"}}}
    await visitor.patch_company(ledger)
    await _version(visitor, "18.0.1.0")
    app = visitor.ready["apps"]["integration"]
    wanted = {
        "Server_Address": visitor.ready["sales_url"],
        "Client_Id": app["client_id"],
        "Is_Enabled": True,
    }
    assert await _change(visitor, DATAVERSE, **wanted) == DIALOG
    await _version(visitor, "26.0.1.0")
    assert await _change(visitor, DATAVERSE, **wanted) == OK


@pytest.mark.parametrize(
    ("entered", "outcome"),
    [
        ("http://test.dynamics.com", DIALOG),
        ("test.dynamics.com", ASKS),
        ("https://test.dynamics.com/", OK),
        ("https://test.dynamics.com/x", ASKS),
        ("https://test2.com:555/myOrg", OK),
        ("https://CamelCaseUrl.crm4.dynamics.com", OK),
        ("", OK),
    ],
)
async def test_page_7200_takes_https_only(
    visitor: Visitor, entered: str, outcome: tuple[int, str]
) -> None:
    await _version(visitor, "18.0.1.0")
    assert await _change(visitor, DATAVERSE, Server_Address=entered) == outcome
    if outcome == OK:
        shown = (await visitor.page("GET", DATAVERSE)).json()
        assert shown["Server_Address"] == entered.rstrip("/")


async def test_the_business_unit_follows_the_address(visitor: Visitor) -> None:
    await _version(visitor, "18.0.1.0")
    shown = (await visitor.page("GET", DATAVERSE)).json()
    assert (shown["Business_Unit_Name"], shown["Ownership_Model"]) == ("", "Team")
    await _change(visitor, DATAVERSE, Server_Address="https://a.crm.dynamics.com")
    shown = (await visitor.page("GET", DATAVERSE)).json()
    assert shown["Business_Unit_Name"].startswith(f"{COMPANY} (")
    await visitor.patch_company(
        {"cds_connection_setup": {"setup": {"Business_Unit_Name": "Test Business Unit"}}}
    )
    shown = (await visitor.page("GET", DATAVERSE)).json()
    assert shown["Business_Unit_Name"] == "Test Business Unit"
    await _change(visitor, DATAVERSE, Server_Address="")
    assert (await visitor.page("GET", DATAVERSE)).json()["Business_Unit_Name"] == ""


async def test_secrets_of_page_7200_are_stars_and_its_fields_are_locked_while_enabled(
    visitor: Visitor,
) -> None:
    await _dataverse(visitor, "18.0.1.0")
    shown = (await visitor.page("GET", DATAVERSE)).json()
    assert (shown["Client_Secret"], shown["Password"]) == ("*", "")
    for change in ({"Client_Id": "x"}, {"Ownership_Model": "Person"}, {"SDKVersion": 9}):
        assert await _change(visitor, DATAVERSE, **change) == LOCKED


@pytest.mark.parametrize(
    ("missing", "outcome"),
    [({"Server_Address": ""}, DIALOG), ({"Client_Id": "x"}, DIALOG), ({"Client_Secret": "x"}, OK)],
)
async def test_page_7200_signs_in_as_the_app_with_a_certificate_online(
    visitor: Visitor, missing: dict[str, str], outcome: tuple[int, str]
) -> None:
    """From 18 on; before, with the secret."""
    await _version(visitor, "18.0.1.0")
    app = visitor.ready["apps"]["integration"]
    wanted = {"Server_Address": visitor.ready["sales_url"], "Client_Id": app["client_id"]}
    assert await _change(visitor, DATAVERSE, **{**wanted, **missing, "Is_Enabled": True}) == outcome


async def test_a_wrong_secret_keeps_page_7200_disabled_in_version_16(visitor: Visitor) -> None:
    await _version(visitor, "16.5.1.0")
    app = visitor.ready["apps"]["integration"]
    wanted = {"Server_Address": visitor.ready["sales_url"], "Client_Id": app["client_id"]}
    wrong = {**wanted, "Client_Secret": "wrong", "Is_Enabled": True}
    assert await _change(visitor, DATAVERSE, **wrong) == DIALOG
    assert not (await visitor.page("GET", DATAVERSE)).json()["Is_Enabled"]


USER_RULES: dict[str, dict[str, Any]] = {
    "is disabled": {"tables": {"systemusers": {"integration-app": {"isdisabled": True}}}},
    "no user roles": {
        "user_roles": {
            "integration-app": dict.fromkeys(
                ("bc-integration-administrator", "bc-integration-user", "bc-base-integration")
            )
        }
    },
    "System Administrator": {"user_roles": {"integration-app": {"system-administrator": True}}},
    "integration role": {"user_roles": {"integration-app": {"bc-base-integration": None}}},
    "base integration solution": {"tables": {"solutions": {"bcbi_CdsBaseIntegration": None}}},
}


@pytest.mark.parametrize("says", USER_RULES)
async def test_page_7200_has_rules_of_its_own_for_the_user(visitor: Visitor, says: str) -> None:
    await _version(visitor, "18.0.1.0")
    await visitor.patch_sales(USER_RULES[says])
    app = visitor.ready["apps"]["integration"]
    wanted = {"Server_Address": visitor.ready["sales_url"], "Client_Id": app["client_id"]}
    answer = await visitor.page(
        "PATCH", DATAVERSE, json={**wanted, "Is_Enabled": True}, headers=ANY
    )
    assert says in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("change", "outcome"),
    [({}, OK), ({"accessmode": 0}, DIALOG), ({"isintegrationuser": False}, DIALOG)],
)
async def test_a_user_with_a_password_is_a_non_interactive_integration_user(
    visitor: Visitor, change: dict[str, Any], outcome: tuple[int, str]
) -> None:
    """On premises, by OAuth."""
    await _version(visitor, "18.0.1.0")
    await visitor.patch_sales({"tables": {"systemusers": {"integration": change}}})
    password = visitor.simulation.world.facts["accounts"][INTEGRATION]["password"]
    wanted = {
        "Server_Address": visitor.ready["sales_url"],
        "Authentication_Type": "OAuth",
        "User_Name": INTEGRATION,
        "Password": password,
        "Is_Enabled": True,
    }
    assert await _change_on_server(visitor, DATAVERSE, **wanted) == outcome


async def test_another_sdk_version_changes_one_segment_of_the_string(visitor: Visitor) -> None:
    await _dataverse(visitor, "17.0.1.0")
    stored = visitor.pages()["cds_connection_setup"]["setup"]["Connection_String"]
    assert stored.startswith("AuthType=ClientSecret; ")
    assert await _change(visitor, SALES, SDKVersion=8) == OK
    kept = visitor.pages()["crm_connection_setup"]["setup"]["Connection_String"]
    assert kept == stored.replace("ProxyVersion=91", "ProxyVersion=8")


@pytest.mark.parametrize(("version", "status"), [("17.0.1.0", 501), ("18.0.1.0", 404)])
async def test_odata_v3_is_gone_from_version_18_on(
    visitor: Visitor, version: str, status: int
) -> None:
    await _version(visitor, version)
    answer = await visitor.bc("GET", f"OData/Company('{COMPANY}')/Users")
    assert answer.status_code == status
