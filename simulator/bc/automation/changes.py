"""What may be changed of a user (bc/administration/api/dynamics_user_update.md)."""

from typing import Any

from simulator.bc.errors import BusinessCentralError, read_only
from simulator.bc.filtering import moment

Row = dict[str, Any]
# Property -> column of page 9800, or the fact that the page does not show.
CHANGED = {
    "displayName": "Full_Name",
    "state": "State",
    "expiryDate": "expiry_date",
    "contactEmail": "contact_email",
}
FIXED = ("userSecurityId", "userName")
LONGEST = {"displayName": 80, "contactEmail": 250}
"""Full Name is Text[80], Contact Email Text[250] of table User."""

STATES = ("Enabled", "Disabled")


def change_user(user: Row, changes: Row) -> None:
    """All of it or nothing."""
    for name, value in changes.items():
        if name in FIXED:
            raise read_only(name)
        if name not in CHANGED or not isinstance(value, str):
            text = f"The property '{name}' does not exist or is of another type."
            raise BusinessCentralError(400, "BadRequest", text)
        if len(value) > LONGEST.get(name, len(value)):
            text = f"'{name}' is longer than {LONGEST[name]}."
            raise BusinessCentralError(400, "Application_StringExceededLength", text)
        if name == "expiryDate" and not _is_time(value):
            raise BusinessCentralError(400, "BadRequest", f"'{value}' is no time.")
        if name == "state" and value not in STATES:
            text = f"'{value}' is no value of state."
            raise BusinessCentralError(400, "Application_EvaluateException", text)
    user |= {CHANGED[name]: value for name, value in changes.items()}


def _is_time(text: str) -> bool:
    try:
        moment(text)
    except ValueError:
        return False
    return True
