"""What the permission sets of a caller allow, and which app permission each API wants.

bc/administration/automation-apis-using-s2s-authentication.md. What a set allows is told roughly:
the real ones list thousands of objects.
"""

from collections.abc import Mapping
from typing import Any

from simulator.bc.errors import forbidden, rejected

SUPER = "SUPER"
READ, WRITE, AUTOMATE, EXTEND = "read data", "change data", "automate", "manage extensions"
ALLOWS: dict[str, frozenset[str]] = {
    SUPER: frozenset({READ, WRITE, AUTOMATE, EXTEND}),
    "D365 AUTOMATION": frozenset({READ, AUTOMATE}),
    "D365 BUS FULL ACCESS": frozenset({READ, WRITE}),
    "D365 FULL ACCESS": frozenset({READ, WRITE}),
    "D365 SETUP": frozenset({READ, WRITE}),
    "D365 BASIC": frozenset({READ}),
    "D365 READ": frozenset({READ}),
    "EXTEN. MGT. - ADMIN": frozenset({EXTEND}),
    "SECURITY": frozenset({AUTOMATE}),
}
PERMISSIONS: dict[str, str] = {
    "data": "API.ReadWrite.All",
    "automation": "Automation.ReadWrite.All",
}
"""Door -> the permission that the token of an app needs."""


def refuse_token(door: str, roles: frozenset[str]) -> None:
    """Consent gives the token its roles (that their lack is 401 is inferred)."""
    if PERMISSIONS[door] not in roles:
        raise rejected()


def allowed_to(held: Mapping[str, Any]) -> frozenset[str]:
    """All that these permission sets allow; `held` is by role id."""
    sets = (ALLOWS.get(name, frozenset()) for name, given in held.items() if given)
    return frozenset(each for allows in sets for each in allows)


def require(allowed: frozenset[str], what: str) -> None:
    if what not in allowed:
        raise forbidden(what)
