"""A row of Dataverse's `roles`, as a value."""

from connection.remote import SalesRole
from dynamics.calls import Service
from dynamics.odata import Row, guid, text_in

ROLE_COLUMNS = "roleid,name,_parentrootroleid_value,_roletemplateid_value"


def sales_role(row: Row) -> SalesRole:
    """With `ROLE_COLUMNS`; a role whose root is not told is its own."""
    own = guid(Service.SALES, row.get("roleid"))
    return SalesRole(
        id=own,
        name=text_in(row, "name"),
        root_id=text_in(row, "_parentrootroleid_value") or own,
        template_id=text_in(row, "_roletemplateid_value"),
    )
