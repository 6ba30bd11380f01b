"""Is Enabled of page 7200, from version 16 on, with its rules for the integration user."""

from typing import Any

from simulator.bc.dataverse_page.record import DataverseCard
from simulator.bc.errors import dialog
from simulator.bc.setup.defaults import mappings_of
from simulator.bc.setup.enabling import refuse_currency
from simulator.bc.setup.requirements import reached
from simulator.bc.setup.sales import Sales
from simulator.bc.setup.tables import install_mapping, set_status
from simulator.healthy.roles import BC_BASE_INTEGRATION, SYSTEM_ADMINISTRATOR

Row = dict[str, Any]
BASE_SOLUTION = "bcbi_CdsBaseIntegration"
NON_INTERACTIVE = 4


def set_enabled(card: DataverseCard, wanted: bool) -> None:
    setup = card.setup
    if wanted == setup["Is_Enabled"]:
        return
    if wanted:
        _enable(card)
    else:
        if card.sales_setup.get("Is_Enabled"):
            raise dialog("The connection to Sales is enabled; it must be disabled before this one.")
        setup["Is_Enabled"] = False
        set_status(card.jobs, card.mappings, "On Hold")


def _enable(card: DataverseCard) -> None:
    setup = card.setup
    _refuse_incomplete(setup)
    sales = reached(card)
    _refuse_integration_user(card, sales)
    _refuse_solution(sales)
    refuse_currency(card, sales)
    setup |= {"Is_Enabled": True, "disable_reason": ""}
    draw, major = card.session.world.draw, card.profile.major
    for each in mappings_of(major, of_dataverse=True):
        install_mapping(card.mappings, card.jobs, draw, each, "Dataverse")


def _refuse_incomplete(setup: Row) -> None:
    if setup["Authentication_Type"] == "Office365":
        if not setup["Server_Address"]:
            raise dialog("A URL is needed.")
    elif not (setup["Server_Address"] and setup["User_Name"] and setup["Password"]):
        raise dialog("A URL, a user name and a password are needed.")


def _refuse_integration_user(card: DataverseCard, sales: Sales) -> None:
    """An app's user may be interactive; a person's is an integration user without a screen."""
    name = card.setup["User_Name"]
    by_app = "Password=" not in card.setup["Connection_String"]
    found = sales.user if by_app else _user_named(sales, name)
    if found is None:
        raise dialog(f"There is no user {name} in Dataverse.")
    user = sales.rows("systemusers")[found]
    if user.get("isdisabled"):
        raise dialog(f"User {name} is disabled.")
    apart = user.get("isintegrationuser") and user.get("accessmode") == NON_INTERACTIVE
    if not (by_app or apart):
        raise dialog(f"User {name} is not a non-interactive integration user.")
    roles = sales.roles_of(found)
    if not roles:
        raise dialog(f"User {name} has no user roles assigned.")
    if any(role.get("_roletemplateid_value") == SYSTEM_ADMINISTRATOR for role in roles):
        raise dialog(f"User {name} has the System Administrator role.")
    if not any(role.get("_parentrootroleid_value") == BC_BASE_INTEGRATION for role in roles):
        raise dialog(f"User {name} does not have the integration role.")


def _user_named(sales: Sales, name: str) -> str | None:
    rows = sales.rows("systemusers").items()
    emails = ((key, row.get("internalemailaddress") or "") for key, row in rows)
    return next((key for key, email in emails if email.lower() == name.lower()), None)


def _refuse_solution(sales: Sales) -> None:
    """Valid from version 1 on; that enabling wants it is inferred."""
    for row in sales.rows("solutions").values():
        if row["uniquename"] == BASE_SOLUTION and int(row["version"].partition(".")[0]) >= 1:
            return
    raise dialog("The base integration solution was not detected in Dataverse.")
