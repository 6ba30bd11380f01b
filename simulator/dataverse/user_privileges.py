"""RetrieveUserPrivileges: what one user may, from all roles of its own and of its teams.

webapi/reference/retrieveuserprivileges and roleprivilege; that each entry carries the name is what
third parties read of live organisations. Inferred: which privileges the caller needs.
"""

import uuid
from typing import Any

from starlette.responses import JSONResponse, Response

from simulator.dataverse.access import privileges_of, roles_of
from simulator.dataverse.asked import Asked
from simulator.dataverse.errors import no_route
from simulator.dataverse.session import Session

NAME = "Microsoft.Dynamics.CRM.RetrieveUserPrivileges"
RIGHTS = ("Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign", "Share")
NO_FILTER = "00000000-0000-0000-0000-000000000000"


def user_privileges(asked: Asked, user: dict[str, Any]) -> Response:
    session = asked.session
    if asked.method != "GET":
        raise no_route(asked.method)
    session.require("prvReadRole", "role")
    key = session.key_of("systemusers", "systemuserid", user["systemuserid"]) or ""
    roles = list(roles_of(session.organisation, key))
    names = privileges_of(session.organisation, roles)
    context = f"{session.base}/$metadata#Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse"
    rows = [_row(name, user) for name in sorted(_every(session) if "*" in names else names)]
    return JSONResponse({"@odata.context": context, "RolePrivileges": rows})


def _every(session: Session) -> set[str]:
    """A System Administrator has all that there are."""
    granted = session.organisation["privileges"].values()
    of_tables = {f"prv{right}{table.privilege}" for table in session.tables() for right in RIGHTS}
    return {name for each in granted for name in each if name != "*"} | of_tables


def _row(name: str, user: dict[str, Any]) -> dict[str, Any]:
    return {
        "Depth": "Global",
        "PrivilegeId": str(uuid.uuid5(uuid.NAMESPACE_DNS, name)),
        "BusinessUnitId": user["_businessunitid_value"],
        "PrivilegeName": name,
        "RecordFilterId": NO_FILTER,
        "RecordFilterUniqueName": None,
    }
