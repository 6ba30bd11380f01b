"""Tables that only say which rows are linked; they can be read as sets, and no other way.

reference/entities/systemuserroles.md. That the privilege to read roles is what it needs is
inferred.
"""

import uuid
from typing import Any

from simulator.dataverse.columns import GUID, of
from simulator.dataverse.shapes import Intersection, Table
from simulator.odata.kinds import Kind

Row = dict[str, Any]
_NAMESPACE = uuid.UUID("6f3c2c1e-0000-4000-8000-000000000000")

SYSTEMUSERROLES = Table(
    "systemuserrolescollection",
    "systemuserroles",
    "systemuserroleid",
    "",
    "Role",
    {
        "systemuserroleid": GUID,
        "systemuserid": GUID,
        "roleid": GUID,
        "versionnumber": of(Kind.LONG),
    },
    intersects=Intersection("user_roles", ("systemusers", "systemuserid"), ("roles", "roleid")),
)


def linked_rows(organisation: dict[str, Any], table: Table, links: Intersection) -> dict[str, Row]:
    """A row for each link whose two ends are there."""
    near_set, near_id = links.near
    far_set, far_id = links.far
    nears, fars = organisation["tables"][near_set], organisation["tables"][far_set]
    rows: dict[str, Row] = {}
    for near, held in organisation[links.held_in].items():
        for far, there in (held or {}).items():
            if there and near in nears and far in fars:
                key = str(uuid.uuid5(_NAMESPACE, f"{near} {far}"))
                ends = {near_id: nears[near][near_id], far_id: fars[far][far_id]}
                rows[key] = {table.key: key, **ends, "versionnumber": 1}
    return rows
