"""Security roles with one copy for each business unit, and the privileges they carry.

Ids: role.md (templates) and Business Central's base application (the integration roles); the id of
the Product Availability User is made up.
"""

from typing import Any

from simulator.healthy.shipped_privileges import SHIPPED_PRIVILEGES
from simulator.identifiers import Draw

SYSTEM_ADMINISTRATOR = "627090ff-40a3-4053-8790-584edc5be201"
SYSTEM_CUSTOMIZER = "119f245c-3cc8-4b62-b31c-d1a046ced15d"
BC_INTEGRATION_ADMINISTRATOR = "8c8d4f51-a72b-e511-80d9-3863bb349780"
BC_INTEGRATION_USER = "6f960e32-a72b-e511-80d9-3863bb349780"
BC_BASE_INTEGRATION = "a2b18661-9ff5-e911-a812-000d3a0b9028"
BC_AVAILABILITY = "b3a1c0de-a72b-e511-80d9-3863bb349780"
BOT_ROLE = "connection-bot"

# key, name, id of the copy in the root unit, id of the template
ROLES: tuple[tuple[str, str, str | None, str | None], ...] = (
    ("system-administrator", "System Administrator", None, SYSTEM_ADMINISTRATOR),
    ("system-customizer", "System Customizer", None, SYSTEM_CUSTOMIZER),
    ("salesperson", "Salesperson", None, None),
    (
        "bc-integration-administrator",
        "Business Central Integration Administrator",
        BC_INTEGRATION_ADMINISTRATOR,
        None,
    ),
    ("bc-integration-user", "Business Central Integration User", BC_INTEGRATION_USER, None),
    ("bc-base-integration", "Business Central Base Integration", BC_BASE_INTEGRATION, None),
    (
        "bc-availability",
        "Business Central Product Availability User",
        BC_AVAILABILITY,
        None,
    ),
    (BOT_ROLE, "Connection Bot", None, None),
)

_READ = (
    "prvReadAsyncOperation",
    "prvReadBusinessUnit",
    "prvReadEntity",
    "prvReadImportJob",
    "prvReadOrganization",
    "prvReadRole",
    "prvReadSolution",
    "prvReadTeam",
    "prvReadTransactionCurrency",
    "prvReadUser",
)
_READ_THE_SOLUTIONS_OWN = ("prvReadnav_accountstatistics", "prvReadnav_connection")
_CHANGE = (
    "prvAssignRole",
    "prvCreateUser",
    "prvWriteOrganization",
    "prvWriteUser",
)
_CUSTOMIZE = (
    "prvExportCustomization",
    "prvImportCustomization",
    "prvPublishCustomization",
)

PRIVILEGES: dict[str, dict[str, bool]] = {
    "System Administrator": {"*": True},
    "System Customizer": dict.fromkeys((*_READ, *_CUSTOMIZE, "prvDeleteSolution"), True),
    "Salesperson": dict.fromkeys(("prvReadUser", "prvReadBusinessUnit", "prvReadTeam"), True),
    **SHIPPED_PRIVILEGES,
    "Business Central Base Integration": dict.fromkeys(_READ, True),
    "Connection Bot": dict.fromkeys(
        (*_READ, *_READ_THE_SOLUTIONS_OWN, *_CHANGE, *_CUSTOMIZE), True
    ),
}
"""Role name -> the privileges of all its copies; `*` stands for every privilege."""


SHIPPED: dict[str, dict[str, dict[str, Any]]] = {
    "MicrosoftDynamicsNavIntegration": {
        root_id: {"name": name, "privileges": SHIPPED_PRIVILEGES[name]}
        for _, name, root_id, _ in ROLES
        if root_id is not None and name in SHIPPED_PRIVILEGES
    },
    "bcbi_CdsBaseIntegration": {
        BC_BASE_INTEGRATION: {
            "name": "Business Central Base Integration",
            "privileges": PRIVILEGES["Business Central Base Integration"],
        }
    },
}
"""Unique name of a known solution -> root id -> name and privileges of the roles it brings."""


def key_of_role(root_id: str, name: str) -> str:
    """The readable key of a role; one that is not known is called after its name."""
    keys = {known_id: key for key, _, known_id, _ in ROLES if known_id}
    return keys.get(root_id, name.lower().replace(" ", "-"))


def copies(
    draw: Draw,
    key: str,
    name: str,
    root_id: str,
    units: dict[str, dict[str, Any]],
    template: str | None = None,
) -> dict[str, dict[str, Any]]:
    """A role's copies by key: one in each business unit, the root unit's with the known id."""
    rows: dict[str, dict[str, Any]] = {}
    for unit_key, unit in units.items():
        is_root = unit["_parentbusinessunitid_value"] is None
        rows[key if is_root else f"{key}/{unit_key}"] = {
            "roleid": root_id if is_root else draw.guid(),
            "name": name,
            "_businessunitid_value": unit["businessunitid"],
            "_parentroleid_value": None if is_root else root_id,
            "_parentrootroleid_value": root_id,
            "_roletemplateid_value": template,
            "isinherited": 1,
            "ismanaged": key.startswith("bc-"),
            "componentstate": 0,
            "overwritetime": "1900-01-01T00:00:00Z",
            "createdon": "2026-01-15T08:00:00Z",
            "modifiedon": "2026-01-15T08:00:00Z",
        }
    return rows


def roles(draw: Draw, units: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for key, name, known_id, template in ROLES:
        rows |= copies(draw, key, name, known_id or draw.guid(), units, template)
    return rows
