"""The page that holds the connection in Business Central, as the simulated one follows it.

The bot does not change it yet; when it does, it meets these rules.
"""

from typing import Any

import httpx
import pytest

from simulator.healthy.people import COMPANY, INTEGRATION, SECOND_COMPANY
from simulator.healthy.sales import HOST
from tests.simulator.conftest import Visitor

SETUP = "CRM_Connection_Setup('')"
ANY = {"If-Match": "*"}
REFUSED = (400, "Application_DialogException")
LOCKED = (400, "BadRequest_InvalidOperation")
ASKS = (400, "Application_CallbackNotAllowed")


async def _change(visitor: Visitor, **body: object) -> tuple[int, str]:
    """Status and code of the answer; the code is '' if it was accepted."""
    return _outcome(await visitor.page("PATCH", SETUP, json=body, headers=ANY))


async def _change_on_server(visitor: Visitor, **body: object) -> tuple[int, str]:
    """On premises, where the authentication details are not hidden."""
    return _outcome(await visitor.server_page("PATCH", SETUP, json=body, headers=ANY))


def _outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("error", {}).get("code", "")


async def _shown(visitor: Visitor) -> dict[str, Any]:
    answer = await visitor.page("GET", SETUP)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def _patch_company(visitor: Visitor, patch: dict[str, Any], version: str) -> None:
    environment = {"version": version, "companies": {COMPANY: patch}}
    await visitor.patch({"business_central": {"Production": environment}})


async def test_the_page_calls_sales_only_while_the_connection_is_enabled(visitor: Visitor) -> None:
    assert await _change(visitor, Is_Enabled=True) == (200, "")
    assert (await _shown(visitor))["CRM_Version"]
    assert await _change(visitor, Is_Enabled=False) == (200, "")
    await visitor.patch_sales({"condition": "down"})
    assert (await _shown(visitor))["CRM_Version"] == ""


@pytest.mark.parametrize("blank", ["Server_Address", "User_Name", "Password"])
async def test_enabling_needs_address_user_name_and_password(visitor: Visitor, blank: str) -> None:
    assert await _change(visitor, **{blank: ""}) == (200, "")
    assert await _change(visitor, Is_Enabled=True) == REFUSED
    assert not (await _shown(visitor))["Is_Enabled"]


async def test_from_version_16_enabling_needs_the_address_and_no_password(visitor: Visitor) -> None:
    """The connection is the one of the page for Dataverse, with an app's secret."""
    app = visitor.ready["apps"]["integration"]
    dataverse = {
        "Is_Enabled": True,
        "Server_Address": visitor.ready["sales_url"],
        "User_Name": INTEGRATION,
        "Password": "",
        "Authentication_Type": "Office365",
        "SDKVersion": 9,
        "Client_Id": app["client_id"],
        "Client_Secret": app["client_secret"],
    }
    await visitor.patch_environment({"version": "16.5.1.0"})
    await visitor.patch_company({"cds_connection_setup": {"setup": dataverse}})
    assert await _change(visitor, Is_Enabled=True) == (200, "")
    assert (await _shown(visitor))["Password"] == ""
    assert await _change(visitor, Is_Enabled=False) == (200, "")
    await visitor.patch_company({"cds_connection_setup": {"setup": {"Server_Address": ""}}})
    assert await _change(visitor, Is_Enabled=True) == REFUSED


async def test_the_complete_setup_of_one_company_does_not_enable_that_of_another(
    visitor: Visitor,
) -> None:
    path = f"ODataV4/Company('{SECOND_COMPANY}')/{SETUP}"
    answer = await visitor.bc("PATCH", path, json={"Is_Enabled": True}, headers=ANY)
    assert answer.json()["error"]["code"] == REFUSED[1]
    assert await _change(visitor, Is_Enabled=True) == (200, "")


async def test_an_untouched_setup_is_disabled_and_requires_no_user_mapping(
    visitor: Visitor,
) -> None:
    shown = (await visitor.bc("GET", f"ODataV4/Company('{SECOND_COMPANY}')/{SETUP}")).json()
    assert not shown["Is_Enabled"]
    assert not shown["Is_User_Mapping_Required"]


async def test_enabled_is_what_was_last_chosen(visitor: Visitor) -> None:
    assert not (await _shown(visitor))["Is_Enabled"]
    for wanted in (True, False):
        await _change(visitor, Is_Enabled=wanted)
        assert (await _shown(visitor))["Is_Enabled"] is wanted


async def test_currencies_that_differ_keep_the_connection_disabled(visitor: Visitor) -> None:
    ledger = {"pages": {"general_ledger_setup": {"setup": {"LCY_Code": "XXX"}}}}
    await _patch_company(visitor, ledger, "15.17.47256.0")
    answer = await visitor.page("PATCH", SETUP, json={"Is_Enabled": True}, headers=ANY)
    assert "LCY Code XXX" in answer.json()["error"]["message"]
    assert not (await _shown(visitor))["Is_Enabled"]


@pytest.mark.parametrize("before", ["Ready", "In Process", "Error", "On Hold"])
async def test_enabling_makes_every_job_ready_and_disabling_puts_it_on_hold(
    visitor: Visitor, before: str
) -> None:
    jobs = {key: {"Status": before} for key in visitor.pages()["job_queue_entries"]}
    await visitor.patch_company({"job_queue_entries": jobs})
    for enabled, after in ((True, "Ready"), (False, "On Hold")):
        assert await _change(visitor, Is_Enabled=enabled) == (200, "")
        rows = visitor.pages()["job_queue_entries"]
        others = {key: row["Status"] for key, row in rows.items() if key != "EXCHANGE RATES"}
        assert others == dict.fromkeys(others, after)
        assert rows["EXCHANGE RATES"]["Status"] == before


LOCKED_FIELDS: dict[str, object] = {
    "Server_Address": "https://other.crm4.dynamics.com",
    "User_Name": INTEGRATION,
    "Password": "x",
    "SDKVersion": 9,
    "Authentication_Type": "IFD",
    "Connection_String": "Url=x; Password={PASSWORD};",
}


@pytest.mark.parametrize("field", LOCKED_FIELDS)
async def test_what_the_connection_stands_on_is_changed_only_while_it_is_disabled(
    visitor: Visitor, field: str
) -> None:
    await _change(visitor, Is_Enabled=True)
    assert await _change_on_server(visitor, **{field: LOCKED_FIELDS[field]}) == LOCKED
    await _change(visitor, Is_Enabled=False)
    assert await _change_on_server(visitor, **{field: LOCKED_FIELDS[field]}) == (200, "")


APP = "11111111-2222-4333-8444-555555555555"
STRINGS = {
    "Office365": "AuthType=Office365;",
    "AD": "AuthType=AD;Domain=ADVENTURE;",
    "IFD": "AuthType=IFD;HomeRealmUri= ;",
    "OAuth": f"AuthType=OAuth;AppId={APP};RedirectUri=app://{APP};",
}


@pytest.mark.parametrize("kind", STRINGS)
async def test_the_connection_string_is_locked_while_enabled_whatever_the_type(
    visitor: Visitor, kind: str
) -> None:
    host = HOST if kind in ("Office365", "OAuth") else "sales.adventure-example.com"
    await visitor.patch_sales({"host": host})
    start = f"Url=https://{host}; UserName={INTEGRATION}; Password={{PASSWORD}}; "
    assert await _change_on_server(visitor, Authentication_Type=kind) == (200, "")
    string = start + STRINGS[kind]
    assert await _change_on_server(visitor, Connection_String=string) == (200, "")
    assert await _change_on_server(visitor, Is_Enabled=True) == (200, "")
    assert await _change_on_server(visitor, Connection_String=f"{string}x") == LOCKED


@pytest.mark.parametrize("field", ["Authentication_Type", "Domain", "Connection_String"])
async def test_online_the_authentication_details_are_hidden_and_locked(
    visitor: Visitor, field: str
) -> None:
    value = "AD" if field == "Authentication_Type" else "Password={PASSWORD};"
    assert await _change(visitor, **{field: value}) == LOCKED


async def test_the_domain_is_never_typed(visitor: Visitor) -> None:
    assert await _change_on_server(visitor, Domain="domain001") == LOCKED


@pytest.mark.parametrize("number", [8, 9])
async def test_the_sdk_version_is_shown_as_it_was_chosen(visitor: Visitor, number: int) -> None:
    assert await _change(visitor, SDKVersion=number) == (200, "")
    assert (await _shown(visitor))["SDKVersion"] == number


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [("AD", "admin", "domain\\admin"), ("Office365", "admin", "admin@domain.com")],
)
async def test_the_user_name_follows_the_authentication_type_of_the_page(
    visitor: Visitor, kind: str, wrong: str, right: str
) -> None:
    assert await _change_on_server(visitor, Authentication_Type=kind) == (200, "")
    assert await _change_on_server(visitor, User_Name=wrong) == REFUSED
    assert await _change_on_server(visitor, User_Name=right) == (200, "")


async def test_a_blank_user_name_is_taken_and_changes_nothing_else(visitor: Visitor) -> None:
    page = {"setup": {"Authentication_Type": "AD", "Domain": "domain001"}}
    await _patch_company(visitor, {"pages": {"crm_connection_setup": page}}, "15.17.47256.0")
    assert await _change(visitor, User_Name="") == (200, "")
    shown = await _shown(visitor)
    assert (shown["User_Name"], shown["Domain"]) == ("", "domain001")
    assert shown["Authentication_Type"] == "AD"


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("", (200, "")),
        ("https://CamelCaseUrl.crm4.dynamics.com", (200, "")),
        ("http://test1.com", (200, "")),
        ("http://test2.com:555/myOrg", (200, "")),
        ("test.dynamics.com", ASKS),
        ("http://test3.com/myOrg", ASKS),
    ],
)
async def test_the_page_takes_addresses_that_it_would_not_ask_about(
    visitor: Visitor, address: str, answer: tuple[int, str]
) -> None:
    assert await _change(visitor, Server_Address=address) == answer


@pytest.mark.parametrize(
    ("scenario", "installed"), [("healthy", True), ("solution-missing", False)]
)
async def test_the_enabled_page_tells_whether_the_solution_is_installed(
    visitor: Visitor, scenario: str, installed: bool
) -> None:
    await visitor.become(scenario)
    assert await _change(visitor, Is_Enabled=True) == (200, "")
    assert (await _shown(visitor))["Is_CRM_Solution_Installed"] is installed


async def test_orders_are_created_automatically_only_with_sales_order_integration(
    visitor: Visitor,
) -> None:
    await _change(visitor, Is_Enabled=True)
    assert await _change(visitor, Auto_Create_Sales_Orders=True) == LOCKED
    rows = {"organizations": {"adventure": {"issopintegrationenabled": True}}}
    await visitor.patch_sales({"tables": rows})
    assert (await _shown(visitor))["Is_S_Order_Integration_Enabled"]
    assert await _change(visitor, Auto_Create_Sales_Orders=True) == (200, "")
    assert (await _shown(visitor))["Auto_Create_Sales_Orders"]
