"""The entity sets of the automation API: one row each, with the rows that a company shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.bc.access import Session
from simulator.bc.permissions import AUTOMATE, EXTEND
from simulator.healthy.automated import NO_APP
from simulator.odata.kinds import Kind

Row = dict[str, Any]
Rows = dict[str, Row]


@dataclass(frozen=True)
class Entity:
    """`held_in` is the key of the facts in the environment, `key` the column that names a row.

    `shown` makes the row of the API from its key in the facts and its facts.
    """

    name: str
    held_in: str
    key: str
    shown: Callable[[str, Row], Row]
    columns: Mapping[str, Kind]
    needs: str = AUTOMATE
    text_key: bool = False


def _user(_: str, user: Row) -> Row:
    """resources/dynamics_user.md: there is no authentication email."""
    return {
        "userSecurityId": user["User_Security_ID"],
        "userName": user["User_Name"],
        "displayName": user["Full_Name"],
        "state": user["State"],
        "expiryDate": user.get("expiry_date", "0001-01-01T00:00:00Z"),
        "contactEmail": user.get("contact_email", ""),
    }


def _as_it_is(_: str, facts: Row) -> Row:
    return dict(facts)


def _feature(key: str, facts: Row) -> Row:
    return {"id": key, **facts}


def _texts(*names: str) -> dict[str, Kind]:
    return dict.fromkeys(names, Kind.STRING)


_OF_USERS = {
    "userSecurityId": Kind.GUID,
    **_texts("userName", "displayName", "state", "contactEmail"),
    "expiryDate": Kind.TIME,
}
_OF_SETS = {**_texts("id", "displayName", "scope", "extensionName"), "appId": Kind.GUID}
_OF_GROUPS = {"id": Kind.GUID, **_texts("code", "groupName")}
_OF_FEATURES = {
    **_texts("id", "description", "enabled", "mustBeEnabledBy", "learnMoreLink"),
    "isOneWay": Kind.BOOLEAN,
}
_VERSIONS = ("versionMajor", "versionMinor", "versionBuild", "versionRevision", "scope")
_OF_EXTENSIONS = {
    "packageId": Kind.GUID,
    "id": Kind.GUID,
    **_texts("displayName", "publisher", "publishedAs"),
    **dict.fromkeys(_VERSIONS, Kind.INTEGER),
    "isInstalled": Kind.BOOLEAN,
}
OF_PERMISSIONS = {
    "id": Kind.GUID,
    "userSecurityId": Kind.GUID,
    "appId": Kind.GUID,
    **_texts("roleId", "displayName", "company", "extensionName", "scope"),
}
USERS = Entity("users", "users", "userSecurityId", _user, _OF_USERS)
ENTITIES = {
    each.name: each
    for each in (
        USERS,
        Entity("permissionSets", "permission_sets", "id", _as_it_is, _OF_SETS, text_key=True),
        Entity("securityGroups", "security_groups", "id", _as_it_is, _OF_GROUPS),
        Entity("features", "features", "id", _feature, _OF_FEATURES, text_key=True),
        Entity("extensions", "extensions", "packageId", _as_it_is, _OF_EXTENSIONS, needs=EXTEND),
    )
}

ELSEWHERE = frozenset(
    {
        "accessControls",
        "aggregatePermissionSets",
        "automationCompanies",
        "configurationPackages",
        "expandedPermissionSets",
        "extensionDeploymentStatus",
        "extensionUpload",
        "profiles",
        "scheduledJobs",
        "securityGroupMembers",
        "userPermissionSets",
        "usersPermissions",
    }
)
"""Names that the real API has and the simulator does not: 501, not 404."""


def permission_row(session: Session, user: Row, given: Row) -> Row:
    """One of `userPermissions`; what the set is comes from the permission sets."""
    known = session.environment["permission_sets"].get(given["roleId"], {})
    return {
        "id": given["id"],
        "userSecurityId": user["User_Security_ID"],
        "roleId": given["roleId"],
        "displayName": known.get("displayName", ""),
        "company": given.get("company", ""),
        "appId": known.get("appId", NO_APP),
        "extensionName": known.get("extensionName", ""),
        "scope": known.get("scope", "System"),
    }
