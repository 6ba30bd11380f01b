"""A row of page 9800, Users, as its web service shows it (business-central base application).

An option is shown by its name, in which `_x0020_` stands for what a name may not have (OData).
"""

import re
import sys

from msgspec import Struct, field

from connection.remote import BcUser
from dynamics.calls import Service
from dynamics.odata import guid
from dynamics.typed_rows import Typed

_ENCODED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class UserRow(Struct, gc=False):
    """As it comes."""

    id: str | None = field(name="User_Security_ID", default=None)
    name: str | None = field(name="User_Name", default=None)
    full_name: str | None = field(name="Full_Name", default=None)
    state: str | None = field(name="State", default=None)
    licence: str | None = field(name="License_Type", default=None)
    email: str | None = field(name="Authentication_Email", default=None)


USERS = Typed(UserRow)


def user_of(row: UserRow) -> BcUser:
    """Raises `Unintelligible` for a row without an id. A hundred thousand users share the few words
    for licences."""
    guid(Service.BUSINESS_CENTRAL, row.id)
    return BcUser(
        row.name or "",
        row.full_name or "",
        row.state == "Enabled",
        sys.intern(_plain(row.licence or "")),
        row.email or "",
    )


def _plain(option: str) -> str:
    if "_x" not in option:
        return option
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), option)
