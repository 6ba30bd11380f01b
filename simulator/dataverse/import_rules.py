"""What speaks against a package in an organisation: version, kind, publisher, dependencies.

import-update-export-solutions.md and upgrade-or-update-solutions; codes from the error reference.
That a lower version and a role with the name of another are refused, and with which code, is
inferred.
"""

from simulator.dataverse.failures import (
    IMPORT_FAILED,
    NEWER_PACKAGE,
    Failure,
    failure,
    missing_dependencies,
)
from simulator.dataverse.installed import UPGRADE, Organisation, Row, installed, parts_of
from simulator.dataverse.packages import Package, version_of
from simulator.dataverse.solution_roles import taken_names
from simulator.dataverse.tables import TABLES

ALWAYS_THERE = ("system", "default", "basic")
"""Solutions of the platform itself."""
UNMANAGED = ("active", "")
"""What stands where a required component came from no managed solution."""


def refusal_of(organisation: Organisation, package: Package, *, holding: bool) -> Failure | None:
    """What speaks against this package here, if anything does."""
    name, here = package["unique_name"], installed(organisation, package["unique_name"])
    if version_of(package["package_version"])[:2] > version_of(organisation["version"])[:2]:
        return failure(
            NEWER_PACKAGE,
            f"{name} was made for version {package['package_version']}, and this organisation has "
            f"{organisation['version']}.",
            stops_at=0.0,
        )
    refusal = None if here is None else _mismatch(organisation, package, here)
    taken = taken_names(organisation, package)
    if refusal is None and taken:
        refusal = failure(IMPORT_FAILED, f"A role named {taken[0]} is there already.")
    missing = [each for each in package["requires"] if not _is_there(organisation, each)]
    if refusal is None and missing:
        refusal = missing_dependencies(name, missing)
    if refusal is None and holding and here is not None:
        refusal = _no_holding(organisation, package)
    return refusal


def _mismatch(organisation: Organisation, package: Package, here: Row) -> Failure | None:
    name, version = package["unique_name"], package["version"]
    if here["ismanaged"] != package["managed"]:
        code = "0x80048041" if here["ismanaged"] else "0x80048040"
        kinds = ("managed", "unmanaged") if here["ismanaged"] else ("unmanaged", "managed")
        return failure(code, f"{name} is installed as {kinds[0]}, and the package is {kinds[1]}.")
    if version_of(version) < version_of(here["version"]):
        return failure(
            IMPORT_FAILED, f"{name} {here['version']} is installed, and {version} is lower."
        )
    publisher = parts_of(organisation, here["uniquename"])["publisher"]
    if package["managed"] and publisher not in (None, package["publisher"]):
        return failure(
            "0x8004801C", f"{name} is by {publisher}, and the package by {package['publisher']}."
        )
    return None


def _no_holding(organisation: Organisation, package: Package) -> Failure | None:
    """Inferred: what is staged is managed, and staged once."""
    name = package["unique_name"]
    if not package["managed"]:
        return failure(IMPORT_FAILED, f"{name} is unmanaged, and only managed ones are staged.")
    if installed(organisation, name + UPGRADE):
        return failure(IMPORT_FAILED, f"An upgrade of {name} is staged already.")
    return None


def _is_there(organisation: Organisation, dependency: dict[str, dict[str, str]]) -> bool:
    """A required component names the solution that brings it, with its version: `Name (1.0)`."""
    required = dependency["required"]
    name, _, rest = required.get("solution", "").partition(" (")
    if name.lower() in ALWAYS_THERE:
        return True
    if name.lower() in UNMANAGED:
        entities = {table.entity for table in TABLES.values()}
        return required.get("schemaName", "").lower() in entities
    row = installed(organisation, name)
    return row is not None and version_of(row["version"]) >= version_of(rest.rstrip(")"))
