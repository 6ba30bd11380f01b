"""The security roles that a solution brings: copies in each business unit, or taken away.

A role has a copy in each business unit (role.md).
"""

from typing import Any

from simulator.dataverse.installed import Organisation
from simulator.dataverse.packages import Package
from simulator.healthy.roles import SHIPPED, copies, key_of_role
from simulator.identifiers import Draw


def roles_of(package: Package) -> dict[str, dict[str, Any]]:
    """The package's own, and those that the known solution brings whatever is in the package."""
    return {**shipped_by(package["unique_name"]), **package["roles"]}


def shipped_by(solution: str) -> dict[str, dict[str, Any]]:
    """Of a known solution; names do not mind case."""
    known = {name.lower(): roles for name, roles in SHIPPED.items()}
    return known.get(solution.lower(), {})


def taken_names(organisation: Organisation, package: Package) -> list[str]:
    """Names of its roles that another role has; privileges are kept by the name."""
    rows = organisation["tables"]["roles"].values()
    roots = {row["name"]: row["_parentrootroleid_value"] for row in rows}
    roles = roles_of(package).items()
    return [role["name"] for root, role in roles if roots.get(role["name"], root) != root]


def add_role(
    organisation: Organisation,
    root_id: str,
    role: dict[str, Any],
    draw: Draw,
    now: str,
    *,
    managed: bool,
) -> None:
    rows = organisation["tables"]["roles"]
    own = [row for row in rows.values() if row["_parentrootroleid_value"] == root_id]
    for row in own:
        organisation["privileges"].pop(row["name"], None)
        row["name"] = role["name"]
    organisation["privileges"][role["name"]] = dict(role["privileges"])
    if own:
        return
    units = organisation["tables"]["businessunits"]
    key = key_of_role(root_id, role["name"])
    key = root_id if key in rows else key
    for new_key, row in copies(draw, key, role["name"], root_id, units).items():
        rows[new_key] = row | {"ismanaged": managed, "createdon": now, "modifiedon": now}


def remove_roles(organisation: Organisation, roots: set[str]) -> None:
    rows = organisation["tables"]["roles"]
    gone = [key for key, row in rows.items() if row["_parentrootroleid_value"] in roots]
    for key in gone:
        name = rows.pop(key)["name"]
        if all(row["name"] != name for row in rows.values()):
            organisation["privileges"].pop(name, None)
        for held in (*organisation["user_roles"].values(), *organisation["team_roles"].values()):
            held.pop(key, None)
