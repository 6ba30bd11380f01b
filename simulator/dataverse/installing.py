"""What a solution does to the organisation: its row, its roles, and what it depends on.

import-update-export-solutions.md, upgrade-or-update-solutions, uninstall-delete-solution.md.
"""

from simulator.dataverse.import_rules import ALWAYS_THERE, UNMANAGED
from simulator.dataverse.installed import UPGRADE, Organisation, Row, installed, key_of, parts_of
from simulator.dataverse.packages import Package
from simulator.dataverse.solution_roles import add_role, remove_roles, roles_of, shipped_by
from simulator.dataverse.tables import TABLES
from simulator.identifiers import Draw


def install(
    organisation: Organisation, package: Package, draw: Draw, now: str, *, holding: bool = False
) -> Row:
    """Makes the solution's row or raises its version, and adds its roles."""
    name = package["unique_name"]
    staged = holding and installed(organisation, name) is not None
    unique = name + UPGRADE if staged else name
    row = installed(organisation, unique) or _new_row(draw, unique, package, now)
    row |= {"version": package["version"], "friendlyname": package["friendly_name"]}
    row |= {"updatedon": now, "modifiedon": now, "ismanaged": package["managed"]}
    row["_publisherid_value"] = _publisher_id(organisation, package["publisher"], draw)
    key = key_of(organisation, unique) or unique
    organisation["tables"]["solutions"][key] = row
    wanted = roles_of(package)
    before = parts_of(organisation, row["uniquename"])["roles"]
    organisation["solution_parts"][row["uniquename"]] = {
        "publisher": package["publisher"],
        "roles": before | dict.fromkeys(wanted, True),
        "requires": _required_solutions(package),
    }
    for root_id, role in wanted.items():
        add_role(organisation, root_id, role, draw, now, managed=package["managed"])
    return row


def _new_row(draw: Draw, unique: str, package: Package, now: str) -> Row:
    return {
        "solutionid": draw.guid(),
        "uniquename": unique,
        "isvisible": True,
        "solutiontype": 0,
        "solutionpackageversion": package["package_version"],
        "installedon": now,
        "createdon": now,
    }


def _publisher_id(organisation: Organisation, publisher: str, draw: Draw) -> str:
    known: dict[str, str] = organisation.setdefault("publishers", {})
    return known.setdefault(publisher, draw.guid())


def _required_solutions(package: Package) -> dict[str, bool]:
    required = (each["required"].get("solution", "") for each in package["requires"])
    names = (each.partition(" (")[0] for each in required)
    return {name: True for name in names if name.lower() not in (*ALWAYS_THERE, *UNMANAGED)}


def promote(organisation: Organisation, name: str, now: str) -> Row:
    """The staged upgrade takes the solution's place; roles that it lacks go."""
    staged = key_of(organisation, name + UPGRADE)
    key = key_of(organisation, name)
    if staged is None or key is None:
        raise LookupError(name)
    solutions, parts = organisation["tables"]["solutions"], organisation["solution_parts"]
    old: Row = solutions[key]
    new = parts.pop(solutions[staged]["uniquename"])
    gone = set(parts_of(organisation, old["uniquename"])["roles"]) - set(new["roles"])
    parts[old["uniquename"]] = new
    promoted: Row = solutions.pop(staged)
    promoted |= {"uniquename": old["uniquename"], "installedon": old["installedon"]}
    promoted |= {"updatedon": now, "modifiedon": now}
    solutions[key] = promoted
    remove_roles(organisation, gone - _brought_by_others(organisation))
    return promoted


def uninstall(organisation: Organisation, name: str) -> None:
    """A managed solution takes roles, assignments and tables along, an unmanaged one nothing."""
    key = key_of(organisation, name)
    if key is None:
        return
    row = organisation["tables"]["solutions"].pop(key)
    parts = parts_of(organisation, row["uniquename"])
    organisation["solution_parts"].pop(row["uniquename"], None)
    if row["ismanaged"]:
        brought = {*parts["roles"], *shipped_by(row["uniquename"])}
        remove_roles(organisation, brought - _brought_by_others(organisation))
        _remove_tables(organisation, row["uniquename"])


def _brought_by_others(organisation: Organisation) -> set[str]:
    """The roles of the solutions that are there: a role stays while one of them has it."""
    names = [row["uniquename"] for row in organisation["tables"]["solutions"].values()]
    roles = [{*parts_of(organisation, name)["roles"], *shipped_by(name)} for name in names]
    return set[str]().union(*roles)


def _remove_tables(organisation: Organisation, solution: str) -> None:
    for table in TABLES.values():
        if table.solution == solution:
            organisation["tables"].pop(table.entity_set, None)
