"""Whether the calling Business Central user is mapped to a Sales user (15.17, section 4)."""

from simulator.bc.errors import dialog
from simulator.bc.setup.card import Card
from simulator.bc.setup.sales import Sales, UnreachableError, connected

BY_EMAIL = ("Office365", "OAuth")


def register(card: Card) -> None:
    """Sales is asked only while mapping is required; if that fails the connection is disabled."""
    if not card.setup["Is_User_Mapping_Required"]:
        return
    try:
        connected(card)
    except UnreachableError as error:
        card.setup.update({"Is_Enabled": False, "Is_User_Mapping_Required": False})
        card.setup["Is_User_Mapped_To_CRM_User"] = False
        card.commit()
        name = card.setup["User_Name"]
        raise dialog(
            "Dynamics 365 Sales cannot be reached, and the connection has been disabled. "
            f"Verify the credentials of the user account {name}, then enable the connection again."
        ) from error


def recompute(card: Card) -> None:
    setup = card.setup
    wanted = setup["Is_Enabled"] and setup["Is_User_Mapping_Required"]
    setup["Is_User_Mapped_To_CRM_User"] = wanted and _is_mapped(card)


def _is_mapped(card: Card) -> bool:
    try:
        return _has_match(card, connected(card))
    except UnreachableError:
        return False


def _has_match(card: Card, sales: Sales) -> bool:
    """By email or by domain name, as the type says; a caller without either has no match."""
    user = card.session.user or {}
    column, wanted = ("domainname", user.get("User_Name", ""))
    if card.setup["Authentication_Type"] in BY_EMAIL:
        column, wanted = ("internalemailaddress", user.get("Authentication_Email", ""))
    return bool(wanted) and any(
        str(row.get(column) or "").lower() == wanted.lower() and not row.get("isdisabled")
        for row in sales.rows("systemusers").values()
    )
