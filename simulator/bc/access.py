"""Who calls Business Central, and which environment of which tenant is meant."""

from dataclasses import dataclass
from typing import Any

from simulator.bc.errors import BusinessCentralError, rejected
from simulator.bc.profile import Profile, profile_of
from simulator.entra.tokens import Caller, Signer, TokenRefusedError
from simulator.hosts import BUSINESS_CENTRAL
from simulator.world import World

AUDIENCES = [f"https://{BUSINESS_CENTRAL}{end}" for end in ("", "/")]
API_PERMISSIONS = {"API.ReadWrite.All", "Automation.ReadWrite.All", "app_access"}
ADMIN_PERMISSION = "AdminCenter.ReadWrite.All"


@dataclass(frozen=True)
class Session:
    """One authenticated call. `user` is the caller's row of page 9800; an app has none."""

    world: World
    tenant: str
    name: str
    environment: dict[str, Any]
    base: str
    web_client: str
    user: dict[str, Any] | None = None
    online: bool = True

    @property
    def profile(self) -> Profile:
        return profile_of(self.environment["version"], online=self.online)


def caller_in(
    world: World, signer: Signer, authorization: str | None, tenant: str | None
) -> tuple[str, Caller]:
    """The tenant's key and the caller. Without a tenant in the address the token's own counts."""
    if tenant is not None:
        found = world.tenant_of(tenant)
        known = [] if found is None else [found]
    else:
        known = list(world.facts["tenants"].items())
    for key, facts in known:
        try:
            return key, signer.caller(authorization, AUDIENCES, facts["id"])
        except TokenRefusedError:
            continue
    raise rejected()


def enter(
    world: World, signer: Signer, authorization: str | None, tenant: str | None, name: str
) -> Session:
    """An environment, for a caller that it knows (automation-apis-using-s2s-authentication.md)."""
    key, caller = caller_in(world, signer, authorization, tenant)
    found = world.environment_of(name, key)
    if found is None:
        raise BusinessCentralError(404, "NoEnvironment", "Environment does not exist.")
    user = None if caller.upn is None else _user_of(found[1], caller.upn)
    if not (_knows_app(found[1], caller) if caller.upn is None else user):
        raise rejected()
    tenant_id = world.facts["tenants"][key]["id"]
    base = f"https://{BUSINESS_CENTRAL}/v2.0/{tenant or tenant_id}/{found[0]}"
    web_client = f"https://businesscentral.dynamics.com/{tenant_id}/{found[0]}"
    return Session(world, key, found[0], found[1], base, web_client, user)


def _knows_app(environment: dict[str, Any], caller: Caller) -> bool:
    """Consent gives the token its roles; the environment's own list must have the app too."""
    return bool(caller.roles & API_PERMISSIONS) and any(
        app["client_id"].lower() == caller.app_id.lower() and app.get("state") == "Enabled"
        for app in environment["applications"].values()
    )


def _user_of(environment: dict[str, Any], upn: str) -> dict[str, Any] | None:
    for user in environment["users"].values():
        known = user.get("Authentication_Email", "").lower() == upn.lower()
        if known and user.get("State") == "Enabled":
            found: dict[str, Any] = user
            return found
    return None
