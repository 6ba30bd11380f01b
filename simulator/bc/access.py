"""Who calls Business Central, and which environment of which tenant is meant."""

from dataclasses import dataclass
from typing import Any

from simulator.bc.errors import BusinessCentralError, rejected
from simulator.entra.tokens import Caller, Signer, TokenRefusedError
from simulator.hosts import BUSINESS_CENTRAL
from simulator.world import World

AUDIENCES = [f"https://{BUSINESS_CENTRAL}{end}" for end in ("", "/")]
API_PERMISSIONS = {"API.ReadWrite.All", "Automation.ReadWrite.All", "app_access"}
ADMIN_PERMISSION = "AdminCenter.ReadWrite.All"


@dataclass(frozen=True)
class Session:
    world: World
    tenant: str
    name: str
    environment: dict[str, Any]
    base: str


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
    if not (_knows_app(found[1], caller) if caller.upn is None else _knows_user(found[1], caller)):
        raise rejected()
    realm = tenant or world.facts["tenants"][key]["id"]
    return Session(
        world, key, found[0], found[1], f"https://{BUSINESS_CENTRAL}/v2.0/{realm}/{found[0]}"
    )


def _knows_app(environment: dict[str, Any], caller: Caller) -> bool:
    """Consent gives the token its roles; the environment's own list must have the app too."""
    return bool(caller.roles & API_PERMISSIONS) and any(
        app["client_id"].lower() == caller.app_id.lower() and app.get("state") == "Enabled"
        for app in environment["applications"].values()
    )


def _knows_user(environment: dict[str, Any], caller: Caller) -> bool:
    return any(
        user.get("Authentication_Email", "").lower() == (caller.upn or "").lower()
        and user.get("State") == "Enabled"
        for user in environment["users"].values()
    )
