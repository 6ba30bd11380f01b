"""The Business Central environment: its companies, published pages, users and registered apps."""

from typing import Any

from simulator.bc.limits import LIMITS
from simulator.bc.setup.defaults import JOBS, STATISTICS, mappings_of
from simulator.bc.setup.record import BLANK
from simulator.bc.setup.tables import NO_TIME, lone_job, mapping_job, mapping_row, set_status
from simulator.healthy.automated import BOT_SETS, automated
from simulator.healthy.identity import TENANT
from simulator.healthy.people import (
    ADMINISTRATOR,
    COMPANY,
    INTEGRATION,
    PEOPLE,
    SECOND_COMPANY,
    address,
)
from simulator.healthy.sales import HOST
from simulator.identifiers import Draw

ENVIRONMENT = "Production"
Rows = dict[str, dict[str, Any]]


def business_central(draw: Draw, identity: dict[str, Any]) -> dict[str, Any]:
    bot = identity["apps"]["bot"]["client_id"]
    password = identity["accounts"][INTEGRATION]["password"]
    return {
        ENVIRONMENT: {
            "tenant": TENANT,
            "type": "Production",
            "country": "DK",
            "status": "Active",
            "version": "15.17.47256.0",
            "encryption": True,
            "limits": dict(LIMITS),
            "takes": 0,
            "applications": {
                "bot": {
                    "client_id": bot,
                    "state": "Enabled",
                    "permission_sets": dict.fromkeys(BOT_SETS, True),
                }
            },
            "admin_center_applications": {"bot": {"client_id": bot}},
            "web_services": _web_services(),
            "users": _users(draw),
            **automated(draw),
            "companies": {
                COMPANY: _company(draw, COMPANY, "EUR", password),
                SECOND_COMPANY: _company(draw, SECOND_COMPANY, "DKK", ""),
            },
        }
    }


def _web_services() -> dict[str, Any]:
    """Service name -> what is behind it (page 810, Web Services); codeunits must be published."""
    pages = {
        "CRM_Connection_Setup": 5330,
        "CDS_Connection_Setup": 7200,
        "Users": 9800,
        "Job_Queue_Entries": 672,
        "Integration_Table_Mapping_List": 5335,
        "General_Ledger_Setup": 118,
        "ProductItemAvailability": 5390,
    }
    codeunits = {"CRMIntegrationManagement": 5330, "CRMSetupDefaults": 5334}
    return {
        name: {"object_type": "Page", "page": page, "published": True}
        for name, page in pages.items()
    } | {
        name: {"object_type": "Codeunit", "codeunit": codeunit, "published": False}
        for name, codeunit in codeunits.items()
    }


def _users(draw: Draw) -> Rows:
    return {
        person.upper(): {
            "User_Security_ID": draw.guid(),
            "User_Name": person.upper(),
            "Full_Name": name,
            "State": "Enabled",
            "Windows_User_Name": "",
            "License_Type": "Full User",
            "Authentication_Email": address(person),
            "access_key": draw.access_key(),
            "contact_email": "",
            "expiry_date": NO_TIME,
            "permissions": {
                "main": {
                    "id": draw.guid(),
                    "roleId": "SUPER" if person == ADMINISTRATOR else "D365 BUS FULL ACCESS",
                    "company": "",
                }
            },
        }
        for person, name in PEOPLE.items()
    }


def _company(draw: Draw, name: str, currency: str, password: str) -> dict[str, Any]:
    return {
        "id": draw.guid(),
        "display_name": name,
        "business_profile_id": "",
        "pages": {
            "general_ledger_setup": {"setup": {"Primary_Key": "", "LCY_Code": currency}},
            "crm_connection_setup": {"setup": connection_setup(password)},
            "cds_connection_setup": {},
            "job_queue_entries": _jobs(draw) if password else {},
            "integration_table_mappings": _mappings() if password else {},
            "product_item_availability": _availability() if password else {},
        },
    }


def connection_setup(password: str) -> dict[str, Any]:
    """The one record of page 5330: filled in and not yet enabled, or untouched without password."""
    filled = {"Server_Address": f"https://{HOST}", "User_Name": INTEGRATION, "Password": password}
    return BLANK | {"SDKVersion": 91} | (filled if password else {})


def _jobs(draw: Draw) -> Rows:
    """Those of a connection that was enabled once, and one that it has nothing to do with."""
    defaults = mappings_of(15)
    rows = {each.name: mapping_job(draw, each) for each in defaults if each.minutes}
    rows[JOBS[STATISTICS].key] = lone_job(draw, STATISTICS)
    set_status(rows, _mappings(), "On Hold")
    rows["EXCHANGE RATES"] = {
        "ID": draw.guid(),
        "Status": "Ready",
        "Object_Type_to_Run": "Codeunit",
        "Object_ID_to_Run": 1281,
        "Description": "Update Currency Exchange Rates",
        "Earliest_Start_Date_Time": "2026-01-16T05:00:00Z",
        "Scheduled": True,
        "Recurring_Job": True,
        "No_of_Minutes_between_Runs": 1440,
    }
    return rows


def _mappings() -> Rows:
    return {each.name: mapping_row(each) for each in mappings_of(15)}


def _availability() -> Rows:
    return {"1000": {"ItemNo": "1000", "UOM": "PCS", "Inventory": 12.0}}
