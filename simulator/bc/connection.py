"""What the connection page 5330 does of itself when it is opened or changed.

Base application 15.17, table and page 5330: test connection, enable, disable, refresh. Messages
are our own; the rules and their order are BC's.
"""

from typing import Any
from urllib.parse import urlsplit

from simulator.bc.access import Session
from simulator.bc.errors import BusinessCentralError, callback, dialog, read_only
from simulator.healthy.roles import (
    BC_INTEGRATION_ADMINISTRATOR,
    BC_INTEGRATION_USER,
    SYSTEM_ADMINISTRATOR,
)

Row = dict[str, Any]
SOLUTION = "MicrosoftDynamicsNavIntegration"
ONLY_WHILE_DISABLED = (
    "Server_Address",
    "User_Name",
    "Password",
    "SDKVersion",
    "Authentication_Type",
    "Connection_String",
)
ONLY_WITH_SOLUTION = ("NAVURL", "NAVODataURL", "NAVODataUsername")


def opened(session: Session, setup: Row) -> None:
    """Opening an enabled setup contacts Sales; a broken connection is disabled by it."""
    if not setup["Is_Enabled"]:
        return
    organisation = _organisation(session, setup)
    if organisation is None or organisation["condition"] != "running":
        _disable(setup)
        raise dialog("Dynamics 365 Sales cannot be reached, so the connection has been disabled.")
    _refresh(setup, organisation)


def changed(session: Session, company: Row, setup: Row, changes: Row) -> None:
    """Validates and applies a PATCH, control by control in the order given."""
    for name, value in changes.items():
        _refuse(session, setup, name, value)
    wanted = dict(changes)
    enabled = wanted.pop("Is_Enabled", setup["Is_Enabled"])
    if wanted.get("Password"):
        wanted["Password"] = "*"
    setup |= wanted
    if "User_Name" in wanted:
        setup["User_Name"] = setup["User_Name"].strip()
    if enabled == setup["Is_Enabled"]:
        return
    if enabled:
        _enable(session, company, setup)
    else:
        _disable(setup)
    _set_jobs(company, "Ready" if enabled else "On Hold")


def _refuse(session: Session, setup: Row, name: str, value: Any) -> None:
    if name in ONLY_WHILE_DISABLED and setup["Is_Enabled"]:
        raise read_only(name)
    if name in ONLY_WITH_SOLUTION and not setup["Is_CRM_Solution_Installed"]:
        raise read_only(name)
    if name == "Auto_Create_Sales_Orders" and not setup["Is_S_Order_Integration_Enabled"]:
        raise read_only(name)
    if name == "Is_S_Order_Integration_Enabled" and value and not setup[name]:
        raise callback("sales order integration")
    if name == "Password" and value and not session.environment["encryption"]:
        raise callback("a password while encryption is off")
    if name == "Server_Address" and value and not _is_normal(value):
        raise callback("an address that needs correction")
    if name == "User_Name" and value and not _is_login(value, setup["Authentication_Type"]):
        raise dialog(f"The user name is not one for {setup['Authentication_Type']}.")


def _is_login(name: str, authentication: str) -> bool:
    """Office365 wants an address, AD a domain; the others want nothing."""
    needed = {"Office365": "@", "AD": "\\"}.get(authentication, "")
    return needed in name


def _is_normal(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return False
    if parts.port not in (None, 80, 443):
        return True
    return address.lower() == f"{parts.scheme}://{(parts.hostname or '')}"


def _enable(session: Session, company: Row, setup: Row) -> None:
    if _major(session.environment["version"]) >= 16:
        if not company["dataverse_connection_enabled"]:
            raise dialog("You must enable the connection to Dataverse before this one.")
    elif not (setup["Server_Address"] and setup["User_Name"] and setup["Password"]):
        raise dialog("Enabling needs a URL, a user name and a password.")
    organisation = _organisation(session, setup)
    if organisation is None or organisation["condition"] != "running":
        raise dialog("The connection cannot be validated with these settings.")
    refuse_integration_user(organisation, setup["User_Name"], setup["Server_Address"])
    _refuse_currency(organisation, company)
    setup["Is_Enabled"] = True
    _refresh(setup, organisation)


def refuse_integration_user(organisation: Row, name: str, server: str) -> None:
    """The requirements in BC's order; a user who is not found passes silently, as in BC."""
    found = next(
        (
            (key, row)
            for key, row in organisation["tables"]["systemusers"].items()
            if (row.get("internalemailaddress") or "").lower() == name.lower()
        ),
        None,
    )
    if found is None:
        return
    key, user = found
    if user.get("isdisabled"):
        raise dialog(f"User {name} is disabled on server {server}.")
    if not user.get("islicensed"):
        raise dialog(f"User {name} is not licensed on server {server}.")
    rows = organisation["tables"]["roles"]
    held = organisation["user_roles"].get(key, {})
    roles = [rows[each] for each, given in held.items() if given and each in rows]
    if not roles:
        raise dialog(f"User {name} has no user roles assigned on server {server}.")
    if any(role.get("_roletemplateid_value") == SYSTEM_ADMINISTRATOR for role in roles):
        raise dialog(f"User {name} has the System Administrator role on server {server}.")
    needed = {BC_INTEGRATION_ADMINISTRATOR, BC_INTEGRATION_USER}
    deployed = needed <= {role.get("_parentrootroleid_value") for role in rows.values()}
    if deployed and not needed <= {role.get("_parentrootroleid_value") for role in roles}:
        raise dialog(f"User {name} does not have the required roles on server {server}.")


def _refuse_currency(organisation: Row, company: Row) -> None:
    base = next(iter(organisation["tables"]["organizations"].values()))["_basecurrencyid_value"]
    currencies = organisation["tables"]["transactioncurrencies"].values()
    codes = [row["isocurrencycode"] for row in currencies if row["transactioncurrencyid"] == base]
    ledger = next(iter(company["pages"]["general_ledger_setup"].values()))
    if ledger["LCY_Code"].strip() not in codes:
        raise dialog(
            f"LCY Code {ledger['LCY_Code']} is not the base currency of Sales ({', '.join(codes)})."
        )


def _organisation(session: Session, setup: Row) -> Row | None:
    return session.world.organisation_at(urlsplit(setup["Server_Address"]).hostname or "")


def _refresh(setup: Row, organisation: Row) -> None:
    tables = organisation["tables"]
    setup["CRM_Version"] = organisation["version"]
    solutions = {row["uniquename"] for row in tables["solutions"].values()}
    setup["Is_CRM_Solution_Installed"] = SOLUTION in solutions
    row = next(iter(tables["organizations"].values()))
    setup["Is_S_Order_Integration_Enabled"] = row["issopintegrationenabled"]


def _disable(setup: Row) -> None:
    setup |= {
        "Is_Enabled": False,
        "CRM_Version": "",
        "Is_CRM_Solution_Installed": False,
        "Is_S_Order_Integration_Enabled": False,
    }


def _set_jobs(company: Row, status: str) -> None:
    for job in company["pages"]["job_queue_entries"].values():
        job["Status"] = status


def _major(version: str) -> int:
    number = version.partition(".")[0]
    if not number.isdigit():
        raise BusinessCentralError(500, "Internal_ServerError", "The version cannot be read.")
    return int(number)
