"""Page 5330 while it is enabled: orders, quotes, web client, availability and user mapping."""

from typing import Any

import pytest

from simulator.healthy.people import COMPANY, SECOND_COMPANY
from tests.simulator.conftest import BC, LOGIN, Visitor

SETUP = "CRM_Connection_Setup('')"
ANY = {"If-Match": "*"}
OK = (200, "")
DIALOG = (400, "Application_DialogException")
LOCKED = (400, "BadRequest_InvalidOperation")
ASKS = (400, "Application_CallbackNotAllowed")


async def _change(visitor: Visitor, **body: Any) -> tuple[int, str]:
    answer = await visitor.page("PATCH", SETUP, json=body, headers=ANY)
    return answer.status_code, answer.json().get("error", {}).get("code", "")


async def _shown(visitor: Visitor) -> dict[str, Any]:
    shown: dict[str, Any] = (await visitor.page("GET", SETUP)).json()
    return shown


async def _enabled(visitor: Visitor, *, orders: bool = False) -> None:
    row = {"adventure": {"issopintegrationenabled": orders}}
    await visitor.patch_sales({"tables": {"organizations": row}})
    assert await _change(visitor, Is_Enabled=True) == OK


def _connection(visitor: Visitor) -> dict[str, Any]:
    """What Sales has of Business Central, without id and version."""
    tables = visitor.simulation.world.facts["sales"]["adventure"]["tables"]
    rows = tables.get("nav_connections", {})
    row: dict[str, Any] = next(iter(rows.values()), {})
    return {name: value for name, value in row.items() if name.startswith("nav_dynamics")}


def _codeunits(visitor: Visitor) -> set[int]:
    return {row["Object_ID_to_Run"] for row in visitor.pages()["job_queue_entries"].values()}


async def test_sales_order_integration_asks_when_it_is_turned_on(visitor: Visitor) -> None:
    await _enabled(visitor)
    assert await _change(visitor, Is_S_Order_Integration_Enabled=True) == ASKS
    assert not visitor.row("organizations", "adventure")["issopintegrationenabled"]


async def test_sales_order_integration_stays_on_while_an_order_is_submitted(
    visitor: Visitor,
) -> None:
    await _enabled(visitor, orders=True)
    await visitor.patch_sales({"tables": {"salesorders": {"one": {"statecode": 1}}}})
    assert await _change(visitor, Is_S_Order_Integration_Enabled=False) == DIALOG
    assert visitor.row("organizations", "adventure")["issopintegrationenabled"]
    assert (await _shown(visitor))["Is_S_Order_Integration_Enabled"]


async def test_sales_orders_are_turned_off_by_a_user_who_may_write_the_organisation(
    visitor: Visitor,
) -> None:
    await _enabled(visitor, orders=True)
    role = "Business Central Integration User"
    await visitor.patch_sales({"privileges": {role: {"prvWriteOrganization": None}}})
    assert await _change(visitor, Is_S_Order_Integration_Enabled=False) == DIALOG
    assert visitor.row("organizations", "adventure")["issopintegrationenabled"]


async def test_turning_sales_orders_off_turns_automatic_orders_off(visitor: Visitor) -> None:
    await _enabled(visitor, orders=True)
    await visitor.patch_sales({"tables": {"salesorders": {"one": {"statecode": 3}}}})
    wanted = {"Auto_Create_Sales_Orders": True, "Auto_Process_Sales_Quotes": True}
    assert await _change(visitor, **wanted) == OK
    assert {5349, 5354} <= _codeunits(visitor)
    assert await _change(visitor, Is_S_Order_Integration_Enabled=False) == OK
    shown = await _shown(visitor)
    assert (shown["Auto_Create_Sales_Orders"], shown["Auto_Process_Sales_Quotes"]) == (False, True)
    assert {5349, 5354} & _codeunits(visitor) == {5354}
    assert not visitor.row("organizations", "adventure")["issopintegrationenabled"]
    assert await _change(visitor, Auto_Create_Sales_Orders=True) == LOCKED


@pytest.mark.parametrize(
    ("control", "codeunit"),
    [("Auto_Create_Sales_Orders", 5349), ("Auto_Process_Sales_Quotes", 5354)],
)
async def test_an_automatic_job_is_there_exactly_while_it_is_wanted(
    visitor: Visitor, control: str, codeunit: int
) -> None:
    await _enabled(visitor, orders=True)
    for wanted in (True, True, False):
        assert await _change(visitor, **{control: wanted}) == OK
        assert (codeunit in _codeunits(visitor)) is wanted
    assert _codeunits(visitor) & {5349, 5354} == set()


async def test_the_web_client_s_address_is_written_to_sales_at_once(visitor: Visitor) -> None:
    await _enabled(visitor)
    failing = {"NAVURL": "https://bc.example", "Use_Newest_UI": True, "User_Name": "x@y"}
    assert await _change(visitor, **failing) == LOCKED
    assert _connection(visitor) == {"nav_dynamicsnavurl": "https://bc.example"}
    assert (await _shown(visitor))["NAVURL"] == "https://bc.example"


async def test_dataverse_shows_what_business_central_wrote(visitor: Visitor) -> None:
    await visitor.patch_sales({"user_roles": {"bot": {"system-administrator": True}}})
    assert (await visitor.sales("GET", "nav_connections")).json()["value"] == []
    await _enabled(visitor)
    assert await _change(visitor, NAVURL="https://bc.example") == OK
    (row,) = (await visitor.sales("GET", "nav_connections")).json()["value"]
    assert row["nav_dynamicsnavurl"] == "https://bc.example"
    assert row["createdon"] <= row["modifiedon"]
    path = f"nav_connections({row['nav_connectionid']})"
    body = {"nav_dynamicsnavurl": "https://by.hand"}
    assert (await visitor.sales("PATCH", path, json=body)).status_code == 204
    assert (await _shown(visitor))["NAVURL"] == "https://by.hand"


async def test_address_user_and_key_are_written_to_sales_together(visitor: Visitor) -> None:
    await _enabled(visitor)
    assert await _change(visitor, NAVODataURL="https://o.example", NAVODataUsername="OLGA") == OK
    users = visitor.simulation.world.facts["business_central"]["Production"]["users"]
    assert _connection(visitor) == {
        "nav_dynamicsnavodataurl": "https://o.example",
        "nav_dynamicsnavodatausername": "OLGA",
        "nav_dynamicsnavodataaccesskey": users["OLGA"]["access_key"],
    }
    shown = await _shown(visitor)
    assert shown["NAVODataAccesskey"] == users["OLGA"]["access_key"]


@pytest.mark.parametrize("name", ["NOBODY", "olga", ""])
async def test_an_unknown_odata_user_blanks_name_and_key_and_leaves_sales_alone(
    visitor: Visitor, name: str
) -> None:
    await _enabled(visitor)
    await _change(visitor, NAVODataUsername="OLGA")
    before = _connection(visitor)
    answer = await visitor.page("PATCH", SETUP, json={"NAVODataUsername": name}, headers=ANY)
    assert (answer.json()["NAVODataUsername"], answer.json()["NAVODataAccesskey"]) == ("", "")
    assert _connection(visitor) == before
    assert (await _shown(visitor))["NAVODataUsername"] == "OLGA"


async def test_only_an_integration_administrator_writes_to_the_connection(
    visitor: Visitor,
) -> None:
    await _enabled(visitor)
    await visitor.patch_sales(
        {"user_roles": {"integration": {"bc-integration-administrator": None}}}
    )
    assert await _change(visitor, NAVURL="https://bc.example") == DIALOG
    assert _connection(visitor) == {}


async def test_item_availability_asks_whichever_way_it_is_turned(visitor: Visitor) -> None:
    await _enabled(visitor)
    assert (await _shown(visitor))["ItemAvailabilityWebServEnabled"]
    assert await _change(visitor, ItemAvailabilityWebServEnabled=False) == ASKS
    assert await _change(visitor, ItemAvailabilityWebServEnabled=True) == OK
    await visitor.patch_environment(
        {"web_services": {"ProductItemAvailability": {"published": False}}}
    )
    assert not (await _shown(visitor))["ItemAvailabilityWebServEnabled"]
    assert await _change(visitor, ItemAvailabilityWebServEnabled=True) == ASKS


async def test_without_the_service_its_address_is_shown_as_blank(visitor: Visitor) -> None:
    await _enabled(visitor)
    await _change(visitor, NAVODataURL="https://o.example")
    await visitor.patch_environment(
        {"web_services": {"ProductItemAvailability": {"published": False}}}
    )
    assert (await _shown(visitor))["NAVODataURL"] == ""
    assert _connection(visitor)["nav_dynamicsnavodataurl"] == "https://o.example"


@pytest.mark.parametrize("published", [True, False])
async def test_the_defaults_write_web_client_and_availability_to_sales(
    visitor: Visitor, published: bool
) -> None:
    await visitor.patch_environment(
        {"web_services": {"ProductItemAvailability": {"published": published}}}
    )
    gone = dict.fromkeys(visitor.pages()["integration_table_mappings"])
    await visitor.patch_company({"integration_table_mappings": gone})
    await _enabled(visitor)
    row = _connection(visitor)
    assert row["nav_dynamicsnavurl"].startswith("https://businesscentral.dynamics.com/")
    assert ("/ProductItemAvailability" in row["nav_dynamicsnavodataurl"]) is published
    assert (row["nav_dynamicsnavodatausername"], row["nav_dynamicsnavodataaccesskey"]) == ("", "")


async def _as_ada(visitor: Visitor, method: str, **more: Any) -> dict[str, Any]:
    account = "ada.admin@adventure-example.onmicrosoft.com"
    body = {
        "grant_type": "password",
        "client_id": visitor.ready["apps"]["admin"]["client_id"],
        "username": account,
        "password": visitor.simulation.world.facts["accounts"][account]["password"],
        "scope": f"{BC}/.default",
    }
    token = await visitor.http.post(f"{LOGIN}/organizations/oauth2/v2.0/token", data=body)
    headers = {"Authorization": f"Bearer {token.json()['access_token']}", **ANY}
    root = f"{BC}/v2.0/{visitor.ready['tenant']}/Production/ODataV4/Company('{COMPANY}')"
    answer = await visitor.http.request(method, f"{root}/{SETUP}", headers=headers, **more)
    found: dict[str, Any] = answer.json()
    return found


async def test_whether_a_user_is_mapped_is_told_of_the_caller(visitor: Visitor) -> None:
    await _enabled(visitor)
    assert not (await _as_ada(visitor, "GET"))["Is_User_Mapped_To_CRM_User"]
    required = {"Is_User_Mapping_Required": True}
    assert (await _as_ada(visitor, "PATCH", json=required))["Is_User_Mapped_To_CRM_User"]
    assert not (await _shown(visitor))["Is_User_Mapped_To_CRM_User"], "the app is no user"
    assert (await _as_ada(visitor, "GET"))["Is_User_Mapped_To_CRM_User"]
    await visitor.patch_sales({"tables": {"systemusers": {"ada": {"isdisabled": True}}}})
    assert not (await _as_ada(visitor, "GET"))["Is_User_Mapped_To_CRM_User"]


async def test_another_reader_changes_no_etag(visitor: Visitor) -> None:
    await _enabled(visitor)
    await _change(visitor, Is_User_Mapping_Required=True)
    etag = (await _shown(visitor))["@odata.etag"]
    assert (await _as_ada(visitor, "GET"))["@odata.etag"] == etag
    assert (await _shown(visitor))["@odata.etag"] == etag


async def test_active_directory_maps_by_domain_name(visitor: Visitor) -> None:
    host = "sales.adventure-example.com"
    row = {"domainname": "sync", "internalemailaddress": "admin@domain.com"}
    await visitor.patch_sales({"host": host, "tables": {"systemusers": {"vera": row}}})
    body = {
        "Server_Address": f"https://{host}",
        "User_Name": "domain\\user",
        "Is_Enabled": True,
        "Is_User_Mapping_Required": True,
    }
    answer = await visitor.server_page("PATCH", SETUP, json=body, headers=ANY)
    assert answer.json()["Is_User_Mapped_To_CRM_User"]
    await visitor.patch_sales({"tables": {"systemusers": {"vera": {"domainname": "other"}}}})
    answer = await visitor.server_page("GET", SETUP)
    assert not answer.json()["Is_User_Mapped_To_CRM_User"]


@pytest.mark.parametrize(("method", "path"), [("POST", "CRM_Connection_Setup"), ("DELETE", SETUP)])
async def test_the_record_is_neither_inserted_nor_deleted(
    visitor: Visitor, method: str, path: str
) -> None:
    answer = await visitor.page(method, path, json={}, headers=ANY)
    assert answer.json()["error"]["code"] == "BadRequest_MethodNotAllowed"


async def test_another_company_s_jobs_stay_as_they_are(visitor: Visitor) -> None:
    await _enabled(visitor)
    path = f"ODataV4/Company('{SECOND_COMPANY}')/Job_Queue_Entries"
    assert (await visitor.bc("GET", path)).json()["value"] == []
