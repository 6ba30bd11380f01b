"""Which facts about Business Central can be: a patch of the world that says another is refused."""

from collections.abc import Iterator
from typing import Any

from simulator.bc.limits import LIMITS
from simulator.bc.permissions import SUPER

HOLDERS = {
    "applications": "permission_sets",
    "admin_center_applications": "",
    "permission_sets": "",
    "security_groups": "",
    "features": "",
    "extensions": "",
    "web_services": "",
    "users": "permissions",
    "companies": "pages",
}
"""Records of an environment -> what of each is an object too."""


def faults_in(facts: dict[str, Any]) -> Iterator[str]:
    """One sentence for each fact that cannot be."""
    environments = facts.get("business_central")
    if not isinstance(environments, dict):
        yield f"business_central cannot be {environments!r}; it is an object"
        return
    for name, each in environments.items():
        if isinstance(each, dict):
            yield from _faults_of(f"business_central.{name}", each)
        else:
            yield f"business_central.{name} cannot be {each!r}; it is an object"


def _faults_of(place: str, environment: dict[str, Any]) -> Iterator[str]:
    wrong = list(_shapes_of(place, environment))
    yield from wrong
    if wrong:
        return
    for key, app in environment.get("applications", {}).items():
        if app.get("permission_sets", {}).get(SUPER):
            yield f"{place}.applications.{key} cannot have {SUPER}: no app can be given it"
    for key, number in environment.get("limits", {}).items():
        if key not in LIMITS or type(number) is not int or number < 1:
            yield f"{place}.limits.{key} cannot be {number!r}; it is a whole number from 1 on"
    takes = environment.get("takes", 0)
    if type(takes) not in (int, float) or takes < 0:
        yield f"{place}.takes cannot be {takes!r}; it is a number of seconds"


def _shapes_of(place: str, environment: dict[str, Any]) -> Iterator[str]:
    """Records are objects under a key, and so is what hangs below some of them."""
    if not isinstance(environment.get("limits", {}), dict):
        yield f"{place}.limits cannot be {environment['limits']!r}; it is an object"
    for name, below in HOLDERS.items():
        rows = environment.get(name, {})
        if not isinstance(rows, dict):
            yield f"{place}.{name} cannot be {rows!r}; it is an object"
            continue
        for key, row in rows.items():
            if not isinstance(row, dict):
                yield f"{place}.{name}.{key} cannot be {row!r}; it is an object"
            elif below and not isinstance(row.get(below, {}), dict):
                yield f"{place}.{name}.{key}.{below} cannot be {row[below]!r}; it is an object"
