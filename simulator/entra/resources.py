"""What a scope asks a token for: a Sales organisation, their discovery, Business Central."""

from dataclasses import dataclass
from typing import Any

from simulator.entra.errors import EntraError
from simulator.hosts import BUSINESS_CENTRAL, DISCOVERY
from simulator.world import World

BUSINESS_CENTRAL_APP = "996def3d-b36c-4153-8607-a6fd3c01b89f"
SIGN_IN_SCOPES = frozenset({"openid", "profile", "offline_access", "email"})
DELEGATED = {
    "dataverse": ("user_impersonation",),
    "business_central": ("Financials.ReadWrite.All", "user_impersonation"),
}


@dataclass(frozen=True)
class Resource:
    """`kind` is the key of an app's consents, `audience` the token's `aud`."""

    kind: str
    audience: str
    permission: str


def resource_of(world: World, tenant: str, scope: str, *, app_only: bool) -> Resource:
    """Raises 70011 for a scope that cannot be, 500011 for a resource that is not there."""
    asked = [each for each in scope.split() if each not in SIGN_IN_SCOPES]
    if len(asked) != 1 or "/" not in asked[0]:
        raise EntraError(70011, name=scope)
    name, _, permission = asked[0].rpartition("/")
    name = name.rstrip("/")
    kind = _kind(world, tenant, name)
    if kind is None:
        raise EntraError(500011, name=name)
    allowed = () if app_only else DELEGATED[kind]
    if permission not in (".default", *allowed):
        raise EntraError(70011, name=scope)
    audience = f"https://{BUSINESS_CENTRAL}" if kind == "business_central" else name
    return Resource(kind, audience, permission)


def _kind(world: World, tenant: str, name: str) -> str | None:
    if name.lower() in (f"https://{BUSINESS_CENTRAL}", BUSINESS_CENTRAL_APP):
        return "business_central"
    scheme, _, host = name.partition("://")
    if (scheme, host.lower()) == ("https", DISCOVERY):
        return "dataverse"
    organisation: dict[str, Any] | None = world.organisation_at(host)
    if scheme != "https" or organisation is None or organisation["tenant"] != tenant:
        return None
    return "dataverse"
