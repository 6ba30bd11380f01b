"""A row of page 9800, Users, as its web service shows it (business-central base application)."""

import sys

from msgspec import Struct, field

from connection.remote import BcUser
from dynamics.calls import Service
from dynamics.odata import guid, plain_option
from dynamics.typed_rows import Typed


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
        sys.intern(plain_option(row.licence or "")),
        row.email or "",
    )
