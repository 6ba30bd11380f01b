"""What Business Central wants of the integration user, in its order (15.17, test connection)."""

from typing import Any

from simulator.bc.errors import dialog
from simulator.bc.setup.card import Card
from simulator.bc.setup.sales import Sales, UnreachableError, connected
from simulator.healthy.roles import (
    BC_INTEGRATION_ADMINISTRATOR,
    BC_INTEGRATION_USER,
    SYSTEM_ADMINISTRATOR,
)

Row = dict[str, Any]
NEEDED = {BC_INTEGRATION_ADMINISTRATOR, BC_INTEGRATION_USER}


def tested(card: Card) -> Sales:
    """Test Connection: the fields, a connection, the integration user."""
    refuse_incomplete(card)
    if card.setup["Authentication_Type"] == "OAuth":
        _refuse_oauth(card.setup["Connection_String"])
    sales = reached(card)
    refuse_integration_user(card, sales)
    return sales


def reached(card: Card) -> Sales:
    try:
        return connected(card)
    except UnreachableError as error:
        raise dialog(
            f"The connection setup cannot be validated with these settings. Detailed error: {error}"
        ) from error


def refuse_incomplete(card: Card) -> None:
    """From version 16 on no password is needed."""
    setup = card.setup
    if card.profile.major >= 16:
        if not (setup["Server_Address"] and setup["User_Name"]):
            raise dialog("Enabling a connection needs a URL and a user name.")
    elif not (setup["Server_Address"] and setup["User_Name"] and setup["Password"]):
        raise dialog("Enabling a connection needs a URL, a user name and a password.")


def _refuse_oauth(text: str) -> None:
    """`AppId` is a GUID, and `RedirectUri` contains it; `app://` is not looked at."""
    app_id = _between(text, "AppId=").replace(" ", "")
    if not _is_guid(app_id):
        raise dialog("An application must be registered in Entra ID and named by AppId.")
    if app_id not in _between(text, "RedirectUri="):
        raise dialog("RedirectUri must be given and contain the AppId.")


def _between(text: str, key: str) -> str:
    return text.partition(key)[2].partition(";")[0]


def _is_guid(text: str) -> bool:
    digits = text.strip("{}").replace("-", "")
    return len(digits) == 32 and all(each in "0123456789abcdefABCDEF" for each in digits)


def refuse_integration_user(card: Card, sales: Sales) -> None:
    """Looked up by email, without case, whatever the type; who is not found passes silently."""
    name, server = card.setup["User_Name"], card.setup["Server_Address"]
    found = next(
        (
            (key, row)
            for key, row in sales.rows("systemusers").items()
            if (row.get("internalemailaddress") or "").lower() == name.lower()
        ),
        None,
    )
    if found is None:
        return
    key, user = found
    if user.get("isdisabled"):
        raise dialog(f"User {name} is disabled on server {server}.")
    without_licence = card.profile.major >= 16 and card.setup["Authentication_Type"] == "Office365"
    if not (user.get("islicensed") or without_licence):
        raise dialog(f"User {name} is not licensed on server {server}.")
    roles = sales.roles_of(key)
    if not roles:
        raise dialog(f"User {name} has no user roles assigned on server {server}.")
    if any(role.get("_roletemplateid_value") == SYSTEM_ADMINISTRATOR for role in roles):
        raise dialog(f"User {name} has the System Administrator role on server {server}.")
    deployed = _ids(list(sales.rows("roles").values()))
    if deployed >= NEEDED and not _ids(roles) >= NEEDED:
        raise dialog(f"User {name} does not have the required roles on server {server}.")


def _ids(roles: list[Row]) -> set[str]:
    """A copy of a role in another business unit counts as the role."""
    return {str(role.get("_parentrootroleid_value")) for role in roles}
