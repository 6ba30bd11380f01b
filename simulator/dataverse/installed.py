"""The solutions that an organisation has, and what is known of each beside its row."""

from typing import Any

Organisation = dict[str, Any]
Row = dict[str, Any]
UPGRADE = "_Upgrade"
"""How the unique name of a staged upgrade ends (upgrade-or-update-solutions)."""


def key_of(organisation: Organisation, name: str) -> str | None:
    """The key of the solution with this unique name; names do not mind case."""
    for key, row in organisation["tables"]["solutions"].items():
        if row["uniquename"].lower() == name.lower():
            return str(key)
    return None


def installed(organisation: Organisation, name: str) -> Row | None:
    key = key_of(organisation, name)
    row: Row | None = None if key is None else organisation["tables"]["solutions"][key]
    return row


def parts_of(organisation: Organisation, name: str) -> dict[str, Any]:
    """What the simulator knows of an installed solution beside its row."""
    known = organisation.setdefault("solution_parts", {}).get(name, {})
    return {"publisher": None, "roles": {}, "requires": {}, **known}


def dependents_of(organisation: Organisation, name: str) -> list[str]:
    """The installed solutions that need this one."""
    rows = organisation["tables"]["solutions"].values()
    names = (row["uniquename"] for row in rows if row["uniquename"].lower() != name.lower())
    return [each for each in names if name.lower() in _required_by(organisation, each)]


def _required_by(organisation: Organisation, name: str) -> set[str]:
    return {each.lower() for each in parts_of(organisation, name)["requires"]}
