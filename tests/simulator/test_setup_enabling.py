"""Page 5330: enabling and disabling, what opening it does, and what is installed by default."""

from typing import Any

import pytest

from simulator.bc.setup.defaults import MAPPINGS
from simulator.healthy.people import INTEGRATION
from tests.simulator.conftest import Visitor

SETUP = "CRM_Connection_Setup('')"
ANY = {"If-Match": "*"}
OK = (200, "")
DIALOG = (400, "Application_DialogException")
LOCKED = (400, "BadRequest_InvalidOperation")


async def _change(visitor: Visitor, **body: Any) -> tuple[int, str]:
    answer = await visitor.server_page("PATCH", SETUP, json=body, headers=ANY)
    return answer.status_code, answer.json().get("error", {}).get("code", "")


async def _shown(visitor: Visitor) -> dict[str, Any]:
    answer = await visitor.server_page("GET", SETUP)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def _store(visitor: Visitor, **values: Any) -> None:
    await visitor.patch_company({"crm_connection_setup": {"setup": values}})


async def _without_mappings(visitor: Visitor) -> None:
    holders = ("integration_table_mappings", "job_queue_entries")
    await visitor.patch_company(
        {holder: dict.fromkeys(visitor.pages()[holder]) for holder in holders}
    )


def _setup(visitor: Visitor) -> dict[str, Any]:
    found: dict[str, Any] = visitor.pages()["crm_connection_setup"]["setup"]
    return found


def _jobs(visitor: Visitor) -> dict[str, tuple[int, str, int, int]]:
    return {
        key: (
            row["Object_ID_to_Run"],
            row["Status"],
            row["No_of_Minutes_between_Runs"],
            row["inactivity_minutes"],
        )
        for key, row in visitor.pages()["job_queue_entries"].items()
    }


async def _orders(visitor: Visitor, *, on: bool) -> None:
    row = {"adventure": {"issopintegrationenabled": on}}
    await visitor.patch_sales({"tables": {"organizations": row}})


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"password": "another"}, "50126"),
        ({"enabled": False}, "50057"),
        ({"mfa_required": True}, "50076"),
        ({"password_expired": True}, "50055"),
    ],
)
async def test_enabling_signs_in_with_the_stored_password(
    visitor: Visitor, change: dict[str, Any], because: str
) -> None:
    await visitor.patch({"accounts": {INTEGRATION: change}})
    answer = await visitor.page("PATCH", SETUP, json={"Is_Enabled": True}, headers=ANY)
    assert answer.status_code == 400
    assert because in answer.json()["error"]["message"]
    assert not _setup(visitor)["Is_Enabled"]


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({"Connection_String": "Url=https://x.example; Password={PASSWORD};"}, DIALOG),
        ({"Server_Address": "https://nobody.crm4.dynamics.com"}, DIALOG),
        ({"Authentication_Type": "AD", "User_Name": "domain\\user"}, DIALOG),
        ({"Authentication_Type": "OAuth"}, DIALOG),
    ],
)
async def test_the_connection_is_the_one_of_the_string(
    visitor: Visitor, values: dict[str, str], outcome: tuple[int, str]
) -> None:
    assert await _change(visitor, **values) == OK
    assert await _change(visitor, Is_Enabled=True) == outcome


@pytest.mark.parametrize(
    ("app_id", "redirect", "outcome"),
    [
        ("11111111-2222-4333-8444-555555555555", "app://{}", OK),
        ("11111111-2222-4333-8444-555555555555", "https://x.example/{}", OK),
        ("11111111-2222-4333-8444-555555555555", "app://other", DIALOG),
        ("none", "app://{}", DIALOG),
    ],
)
async def test_oauth_wants_an_application_and_its_redirect_address(
    visitor: Visitor, app_id: str, redirect: str, outcome: tuple[int, str]
) -> None:
    string = (
        f"AuthType=OAuth; Url={visitor.ready['sales_url']}; UserName={INTEGRATION}; "
        f"Password={{PASSWORD}};AppId={app_id};RedirectUri={redirect.format(app_id)};"
    )
    typed = {"Authentication_Type": "OAuth", "Connection_String": string}
    assert await _change(visitor, **typed, Is_Enabled=True) == outcome


async def test_a_user_that_sales_knows_by_another_address_is_not_looked_at(
    visitor: Visitor,
) -> None:
    row = {"internalemailaddress": "other@x.example", "islicensed": False}
    await visitor.patch_sales({"tables": {"systemusers": {"integration": row}}})
    assert await _change(visitor, Is_Enabled=True) == OK


async def test_enabling_without_any_mapping_installs_the_defaults(visitor: Visitor) -> None:
    await _without_mappings(visitor)
    assert await _change(visitor, Is_Enabled=True) == OK
    mappings = visitor.pages()["integration_table_mappings"]
    assert set(mappings) == {each.name for each in MAPPINGS if each.since <= 15}
    jobs = _jobs(visitor)
    long = {"SALESPEOPLE", "ITEM-PRODUCT", "CUSTPRCGRP-PRICE", "SALESPRC-PRODPRICE"}
    long.add("POSTEDSALESINV-INV")
    short = {"CUSTOMER", "CONTACT", "CURRENCY", "RESOURCE-PRODUCT", "UNIT OF MEASURE"}
    wanted = dict.fromkeys(long, (5339, "Ready", 30, 1440))
    wanted |= dict.fromkeys(short, (5339, "Ready", 30, 720))
    wanted["STATISTICS"] = (5350, "On Hold with Inactivity Timeout", 30, 30)
    assert jobs == wanted
    described = [row["Description"] for row in visitor.pages()["job_queue_entries"].values()]
    assert " CUSTOMER - Dynamics 365 Sales synchronization job." in described
    assert (await _shown(visitor))["ScheduledSynchJobsActive"] == "10 of 11"


async def test_enabling_with_a_mapping_installs_none(visitor: Visitor) -> None:
    await _without_mappings(visitor)
    own = {"Name": "OWN", "Direction": "Bidirectional", "synch_codeunit": 5340}
    await visitor.patch_company({"integration_table_mappings": {"OWN": own}})
    assert await _change(visitor, Is_Enabled=True) == OK
    assert set(visitor.pages()["integration_table_mappings"]) == {"OWN"}
    assert visitor.pages()["job_queue_entries"] == {}


async def test_installing_the_defaults_saves_what_later_fails(visitor: Visitor) -> None:
    """Business Central commits before it installs them."""
    await _without_mappings(visitor)
    failing = {"SDKVersion": 9, "Is_Enabled": True, "NAVODataAccesskey": "x"}
    assert await _change(visitor, **failing) == LOCKED
    assert not _setup(visitor)["Is_Enabled"]
    failing = {"SDKVersion": 9, "Is_Enabled": True, "User_Name": "x@y"}
    assert await _change(visitor, **failing) == LOCKED
    assert (_setup(visitor)["Is_Enabled"], _setup(visitor)["SDKVersion"]) == (True, 9)
    assert visitor.pages()["integration_table_mappings"] == {}


async def test_enabled_stays_when_installing_the_defaults_fails(visitor: Visitor) -> None:
    """Here the connection's own user may not write to Sales, and is not looked at before."""
    await _without_mappings(visitor)
    row = {"internalemailaddress": "other@x.example"}
    await visitor.patch_sales(
        {
            "tables": {"systemusers": {"integration": row}},
            "user_roles": {"integration": {"bc-integration-administrator": None}},
        }
    )
    assert await _change(visitor, Is_Enabled=True) == DIALOG
    assert _setup(visitor)["Is_Enabled"]
    assert visitor.pages()["integration_table_mappings"] == {}
    assert (await _shown(visitor))["Is_Enabled"]


async def test_without_that_commit_nothing_of_a_failing_patch_stays(visitor: Visitor) -> None:
    before = _setup(visitor)
    failing = {"SDKVersion": 9, "Is_Enabled": True, "User_Name": "x@y"}
    assert await _change(visitor, **failing) == LOCKED
    assert _setup(visitor) == before


async def test_enabling_clears_the_reason_of_the_last_disabling(visitor: Visitor) -> None:
    await _store(visitor, disable_reason="ABC")
    assert await _change(visitor, Is_Enabled=True) == OK
    assert _setup(visitor)["disable_reason"] == ""


async def test_enabling_reads_version_currency_and_sales_hub(visitor: Visitor) -> None:
    hub = {"appmoduleid": "a1", "name": "Sales Hub"}
    await visitor.patch_sales({"tables": {"appmodules": {"hub": hub}}})
    assert await _change(visitor, Is_Enabled=True) == OK
    setup = _setup(visitor)
    organisation = visitor.simulation.world.facts["sales"]["adventure"]
    assert setup["CRM_Version"] == organisation["version"]
    assert setup["base_currency_symbol"] == "€"
    assert setup["currency_decimal_precision"] == 2
    assert (setup["Use_Newest_UI"], setup["newest_ui_app_module_id"]) == (True, "a1")


async def test_sales_hub_is_found_by_its_exact_name(visitor: Visitor) -> None:
    hub = {"appmoduleid": "a1", "name": "Sales hub"}
    await visitor.patch_sales({"tables": {"appmodules": {"hub": hub}}})
    assert await _change(visitor, Is_Enabled=True) == OK
    assert await _change(visitor, Use_Newest_UI=True) == OK
    assert _setup(visitor)["newest_ui_app_module_id"] == ""
    await visitor.patch_sales({"tables": {"appmodules": {"hub": {"name": "Sales Hub"}}}})
    assert await _change(visitor, Use_Newest_UI=True) == OK
    assert _setup(visitor)["newest_ui_app_module_id"] == "a1"
    assert await _change(visitor, Use_Newest_UI=False) == OK
    assert _setup(visitor)["newest_ui_app_module_id"] == ""


async def test_disabling_clears_what_came_from_sales_and_leaves_sales_alone(
    visitor: Visitor,
) -> None:
    await _orders(visitor, on=True)
    assert await _change(visitor, Is_Enabled=True) == OK
    assert await _change(visitor, Auto_Create_Sales_Orders=True, NAVURL="https://bc.x") == OK
    enabled = dict(_setup(visitor))
    assert await _change(visitor, Is_Enabled=False) == OK
    setup = _setup(visitor)
    cleared = {
        "CRM_Version": "",
        "Is_S_Order_Integration_Enabled": False,
        "Is_CRM_Solution_Installed": False,
        "currency_decimal_precision": 0,
        "base_currency_id": None,
        "base_currency_precision": 0,
        "base_currency_symbol": "",
    }
    assert setup == enabled | cleared | {"Is_Enabled": False}
    assert (setup["NAVURL"], setup["Auto_Create_Sales_Orders"]) == ("https://bc.x", True)
    assert visitor.row("organizations", "adventure")["issopintegrationenabled"]
    (row,) = visitor.simulation.world.facts["sales"]["adventure"]["tables"][
        "nav_connections"
    ].values()
    assert row["nav_dynamicsnavurl"] == "https://bc.x"
    assert "AUTO ORDERS" in visitor.pages()["job_queue_entries"]


async def test_a_disabled_connection_can_be_disabled_while_sales_is_down(
    visitor: Visitor,
) -> None:
    assert await _change(visitor, Is_Enabled=True) == OK
    await visitor.patch_sales({"condition": "down"})
    assert await _change(visitor, Is_Enabled=False) == OK


async def test_jobs_of_other_mappings_and_codeunits_are_never_touched(visitor: Visitor) -> None:
    jobs = {
        "OTHER": {"ID": "1", "Status": "Error", "Object_ID_to_Run": 1509, "mapping": None},
        "FOREIGN": {"ID": "2", "Status": "Ready", "Object_ID_to_Run": 5339, "mapping": "FOREIGN"},
        "ONE-SHOT": {"ID": "3", "Status": "Ready", "Object_ID_to_Run": 5339, "mapping": "SHOT"},
        "UNBOUND": {"ID": "4", "Status": "Error", "Object_ID_to_Run": 5339, "mapping": None},
    }
    mappings = {
        "FOREIGN": {"Name": "FOREIGN", "synch_codeunit": 9999},
        "SHOT": {"Name": "SHOT", "temporary": True},
    }
    await visitor.patch_company({"job_queue_entries": jobs, "integration_table_mappings": mappings})
    for enabled in (True, False):
        assert await _change(visitor, Is_Enabled=enabled) == OK
        now = visitor.pages()["job_queue_entries"]
        assert {key: now[key]["Status"] for key in jobs} == {
            key: row["Status"] for key, row in jobs.items()
        }


async def test_a_solution_that_cannot_be_read_counts_as_missing(visitor: Visitor) -> None:
    assert await _change(visitor, Is_Enabled=True) == OK
    role = "Business Central Integration User"
    await visitor.patch_sales({"privileges": {role: {"prvReadnav_accountstatistics": None}}})
    admin = {"Business Central Integration Administrator": {"prvReadnav_accountstatistics": None}}
    assert (await _shown(visitor))["Is_CRM_Solution_Installed"]
    await visitor.patch_sales({"privileges": admin})
    assert not (await _shown(visitor))["Is_CRM_Solution_Installed"]


@pytest.mark.parametrize("wanted", [True, False])
async def test_the_defaults_bring_the_automatic_quotes_job_if_it_is_wanted(
    visitor: Visitor, wanted: bool
) -> None:
    await _without_mappings(visitor)
    await _store(visitor, Auto_Process_Sales_Quotes=wanted)
    assert await _change(visitor, Is_Enabled=True) == OK
    assert ("AUTO QUOTES" in visitor.pages()["job_queue_entries"]) is wanted


async def test_only_jobs_of_the_connection_are_counted(visitor: Visitor) -> None:
    assert (await _shown(visitor))["ScheduledSynchJobsActive"] == "0 of 0"
    rows = {
        "A": {"ID": "a", "Status": "Ready", "Object_ID_to_Run": 5339},
        "B": {"ID": "b", "Status": "In Process", "Object_ID_to_Run": 5339},
        "C": {"ID": "c", "Status": "Ready", "Object_ID_to_Run": 5350},
        "D": {"ID": "d", "Status": "In Process", "Object_ID_to_Run": 5351},
    }
    assert await _change(visitor, Is_Enabled=True) == OK
    gone = dict.fromkeys(visitor.pages()["job_queue_entries"])
    await visitor.patch_company({"job_queue_entries": gone | rows})
    assert (await _shown(visitor))["ScheduledSynchJobsActive"] == "3 of 3"
    await visitor.patch_company({"job_queue_entries": {"B": {"Status": "Error"}}})
    assert (await _shown(visitor))["ScheduledSynchJobsActive"] == "2 of 3"
    await visitor.patch_sales({"tables": {"solutions": {"MicrosoftDynamicsNavIntegration": None}}})
    assert (await _shown(visitor))["ScheduledSynchJobsActive"] == "1 of 2"


@pytest.mark.parametrize("on", [True, False])
async def test_the_mapping_of_orders_comes_and_goes_with_enabling(
    visitor: Visitor, on: bool
) -> None:
    names = {"SALESORDER-ORDER", "ORDER STATUS", "NOTES"}
    await _orders(visitor, on=not on)
    assert await _change(visitor, Is_Enabled=True) == OK
    await _orders(visitor, on=on)
    assert (await _shown(visitor))["Is_S_Order_Integration_Enabled"] is on
    assert bool(names & set(visitor.pages()["job_queue_entries"])) is not on
    assert await _change(visitor, Is_Enabled=True) == OK
    found = names & set(visitor.pages()["job_queue_entries"])
    assert found == (names if on else set())
    assert ("SALESORDER-ORDER" in visitor.pages()["integration_table_mappings"]) is on


async def test_opening_a_broken_connection_loses_sight_of_the_solution_only(
    visitor: Visitor,
) -> None:
    """15.17 swallows errors of reading while users need not map."""
    assert await _change(visitor, Is_Enabled=True) == OK
    await visitor.patch_sales({"condition": "down"})
    shown = await _shown(visitor)
    assert (shown["Is_Enabled"], shown["Is_CRM_Solution_Installed"]) == (True, False)
    assert shown["CRM_Version"]
    assert shown["ScheduledSynchJobsActive"] == "10 of 10"


async def test_a_connection_that_opening_disables_no_longer_requires_mapping(
    visitor: Visitor,
) -> None:
    assert await _change(visitor, Is_Enabled=True, Is_User_Mapping_Required=True) == OK
    await visitor.patch({"accounts": {INTEGRATION: {"password": "changed"}}})
    refused = await visitor.server_page("GET", SETUP)
    assert refused.status_code == 400
    assert "the connection has been disabled" in refused.json()["error"]["message"]
    shown = await _shown(visitor)
    assert (shown["Is_Enabled"], shown["Is_User_Mapping_Required"]) == (False, False)


async def test_opening_takes_over_what_sales_says(visitor: Visitor) -> None:
    assert await _change(visitor, Is_Enabled=True) == OK
    row = {"nav_dynamicsnavurl": "https://changed.example", "nav_dynamicsnavodatausername": "X"}
    await visitor.patch_sales(
        {"version": "9.3.1.2", "tables": {"nav_connections": {"connection": row}}}
    )
    shown = await _shown(visitor)
    assert (shown["NAVURL"], shown["NAVODataUsername"]) == ("https://changed.example", "X")
    assert shown["CRM_Version"] == "9.3.1.2"
