"""A row of the table systemuser of Dataverse (reference/entities/systemuser)."""

from msgspec import Struct

from connection.remote import SalesUser
from dynamics.calls import Service
from dynamics.odata import guid
from dynamics.typed_rows import Typed


class UserRow(Struct, gc=False):
    """As it comes, by Dataverse's own names."""

    systemuserid: str | None = None
    fullname: str | None = None
    internalemailaddress: str | None = None
    domainname: str | None = None
    isdisabled: bool | None = None
    islicensed: bool | None = None
    accessmode: int | None = None
    applicationid: str | None = None


SALES_USERS = Typed(UserRow)


def sales_user(row: UserRow) -> SalesUser:
    """A domain name that is the email, as it is online, is one text with it: there may be a hundred
    thousand."""
    email, domain_name = row.internalemailaddress or "", row.domainname or ""
    return SalesUser(
        guid(Service.SALES, row.systemuserid),
        row.fullname or "",
        email,
        email if domain_name == email else domain_name,
        row.isdisabled is True,
        row.islicensed is True,
        row.accessmode or 0,
        row.applicationid or "",
    )
