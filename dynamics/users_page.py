"""A row of page 9800, Users, as its web service shows it (business-central base application).

An option is shown by its name, in which `_x0020_` stands for what a name may not have (OData).
"""

import re

from connection.remote import BcUser
from dynamics.calls import Service
from dynamics.odata import Row, guid

USER_COLUMNS = "User_Security_ID,User_Name,Full_Name,State,License_Type,Authentication_Email"
_ENCODED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def user_of(row: Row) -> BcUser:
    """Written out, for a hundred thousand of them."""
    told = row.get
    name, full_name, email = told("User_Name"), told("Full_Name"), told("Authentication_Email")
    licence = told("License_Type")
    return BcUser(
        guid(Service.BUSINESS_CENTRAL, told("User_Security_ID")),
        name if isinstance(name, str) else "",
        full_name if isinstance(full_name, str) else "",
        told("State") == "Enabled",
        _plain(licence) if isinstance(licence, str) else "",
        email if isinstance(email, str) else "",
    )


def _plain(option: str) -> str:
    if "_x" not in option:
        return option
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), option)
