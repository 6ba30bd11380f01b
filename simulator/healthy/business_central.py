"""The Business Central environment: its companies, published pages, users and registered apps."""

from typing import Any

from simulator.healthy.identity import TENANT
from simulator.healthy.people import COMPANY, INTEGRATION, PEOPLE, SECOND_COMPANY, address
from simulator.healthy.sales import HOST
from simulator.identifiers import Draw

ENVIRONMENT = "Production"
Rows = dict[str, dict[str, Any]]


def business_central(draw: Draw, identity: dict[str, Any]) -> dict[str, Any]:
    bot = identity["apps"]["bot"]["client_id"]
    return {
        ENVIRONMENT: {
            "tenant": TENANT,
            "type": "Production",
            "country": "DK",
            "status": "Active",
            "version": "15.17.47256.0",
            "encryption": True,
            "applications": {"bot": {"client_id": bot, "state": "Enabled"}},
            "admin_center_applications": {"bot": {"client_id": bot}},
            "web_services": _web_services(),
            "users": _users(draw),
            "companies": {
                COMPANY: _company(draw, COMPANY, "EUR", connected=True),
                SECOND_COMPANY: _company(draw, SECOND_COMPANY, "DKK", connected=False),
            },
        }
    }


def _web_services() -> dict[str, Any]:
    """Service name -> the page behind it (page 810, Web Services)."""
    pages = {
        "CRM_Connection_Setup": 5330,
        "Users": 9800,
        "Job_Queue_Entries": 672,
        "Integration_Table_Mapping_List": 5335,
        "General_Ledger_Setup": 118,
        "ProductItemAvailability": 5390,
    }
    return {
        name: {"object_type": "Page", "page": page, "published": True}
        for name, page in pages.items()
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
        }
        for person, name in PEOPLE.items()
    }


def _company(draw: Draw, name: str, currency: str, *, connected: bool) -> dict[str, Any]:
    return {
        "id": draw.guid(),
        "display_name": name,
        "business_profile_id": "",
        "dataverse_connection_enabled": False,
        "pages": {
            "general_ledger_setup": {"setup": {"Primary_Key": "", "LCY_Code": currency}},
            "crm_connection_setup": {"setup": connection_setup(connected=connected)},
            "job_queue_entries": _jobs(draw) if connected else {},
            "integration_table_mappings": _mappings() if connected else {},
            "product_item_availability": _availability() if connected else {},
        },
    }


def connection_setup(*, connected: bool) -> dict[str, Any]:
    """The one record of page 5330: filled in and not yet enabled, or untouched."""
    return {
        "Primary_Key": "",
        "Server_Address": f"https://{HOST}" if connected else "",
        "User_Name": INTEGRATION if connected else "",
        "Password": "*" if connected else "",
        "Is_Enabled": False,
        "ScheduledSynchJobsActive": "0 of 0",
        "SDKVersion": 100,
        "NAVURL": "",
        "ItemAvailabilityWebServEnabled": True,
        "NAVODataURL": "",
        "NAVODataUsername": "",
        "NAVODataAccesskey": "",
        "CRM_Version": "",
        "Is_CRM_Solution_Installed": False,
        "Is_S_Order_Integration_Enabled": False,
        "Auto_Create_Sales_Orders": False,
        "Auto_Process_Sales_Quotes": False,
        "Is_User_Mapping_Required": False,
        "Is_User_Mapped_To_CRM_User": False,
        "Use_Newest_UI": False,
        "Authentication_Type": "Office365",
        "Domain": "",
        "Connection_String": "",
    }


def _jobs(draw: Draw) -> Rows:
    known = {
        "CUSTOMER": (5339, " CUSTOMER - Dynamics 365 Sales synchronization job."),
        "CONTACT": (5339, " CONTACT - Dynamics 365 Sales synchronization job."),
        "STATISTICS": (5350, "Customer Statistics - CRM synchronization job"),
    }
    return {
        key: {
            "ID": draw.guid(),
            "Status": "On Hold",
            "Object_Type_to_Run": "Codeunit",
            "Object_ID_to_Run": codeunit,
            "Description": description,
            "Earliest_Start_Date_Time": "0001-01-01T00:00:00Z",
            "Scheduled": False,
            "Recurring_Job": True,
            "No_of_Minutes_between_Runs": 30,
        }
        for key, (codeunit, description) in known.items()
    }


def _mappings() -> Rows:
    known = {
        "SALESPEOPLE": ("Salesperson/Purchaser", "From Integration Table", "CRM Systemuser"),
        "CUSTOMER": ("Customer", "Bidirectional", "CRM Account"),
        "CONTACT": ("Contact", "Bidirectional", "CRM Contact"),
        "CURRENCY": ("Currency", "To Integration Table", "CRM Transactioncurrency"),
    }
    return {
        name: {
            "Name": name,
            "TableCaptionValue": table,
            "Direction": direction,
            "IntegrationTableCaptionValue": other,
            "Synch_Only_Coupled_Records": True,
            "Synch_Modified_On_Filter": "0001-01-01T00:00:00Z",
        }
        for name, (table, direction, other) in known.items()
    }


def _availability() -> Rows:
    return {"1000": {"ItemNo": "1000", "UOM": "PCS", "Inventory": 12.0}}
