"""Who calls Business Central, and which environment of which tenant is meant."""

from dataclasses import dataclass
from typing import Any

from simulator.bc.errors import BusinessCentralError, rejected
from simulator.bc.limits import LIMITS
from simulator.bc.permissions import ALLOWS, SUPER, allowed_to, refuse_token, require
from simulator.bc.profile import Profile, profile_of
from simulator.entra.tokens import Caller, Signer, TokenRefusedError
from simulator.hosts import BUSINESS_CENTRAL
from simulator.world import World

AUDIENCES = [f"https://{BUSINESS_CENTRAL}{end}" for end in ("", "/")]
LATER = 30
Row = dict[str, Any]
ADMIN_PERMISSION = "AdminCenter.ReadWrite.All"


@dataclass(frozen=True)
class Session:
    """One authenticated call. `user` is the caller's row of page 9800; an app has none.

    `caller` is told apart from others by the limits, `allowed` is what its permission sets allow.
    """

    world: World
    tenant: str
    name: str
    environment: Row
    base: str
    web_client: str
    user: Row | None = None
    online: bool = True
    caller: str = ""
    allowed: frozenset[str] = ALLOWS[SUPER]

    def require(self, what: str) -> None:
        """Raises 403 unless a permission set of the caller allows it."""
        require(self.allowed, what)

    @property
    def limits(self) -> dict[str, int]:
        changed: dict[str, int] = self.environment.get("limits", {})
        return LIMITS | changed

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
    world: World,
    signer: Signer,
    authorization: str | None,
    tenant: str | None,
    name: str,
    door: str,
) -> Session:
    """An environment, for a caller that it knows (automation-apis-using-s2s-authentication.md).

    `door` is one of PERMISSIONS. An environment that is not Active answers 503 (inferred).
    """
    key, caller = caller_in(world, signer, authorization, tenant)
    found = world.environment_of(name, key)
    if found is None:
        raise BusinessCentralError(404, "NoEnvironment", "Environment does not exist.")
    environment = found[1]
    if environment["status"] != "Active":
        text = f"The environment is {environment['status']}."
        raise BusinessCentralError(503, "Internal_TenantUnavailable", text, LATER)
    user, held = _known(environment, caller, door)
    tenant_id = world.facts["tenants"][key]["id"]
    return Session(
        world,
        key,
        found[0],
        environment,
        f"https://{BUSINESS_CENTRAL}/v2.0/{tenant or tenant_id}/{found[0]}",
        f"https://businesscentral.dynamics.com/{tenant_id}/{found[0]}",
        user,
        caller=f"{key} {found[0]} {caller.object_id}",
        allowed=allowed_to(held),
    )


def _known(environment: Row, caller: Caller, door: str) -> tuple[Row | None, Row]:
    """The user, if it is one, and the permission sets: an app's stand beside it in the
    environment's list of Entra applications, which must have it."""
    if caller.upn is not None:
        user = _user_of(environment, caller.upn)
        if user is None:
            raise rejected()
        given = user.get("permissions", {}).values()
        return user, {each["roleId"]: True for each in given}
    refuse_token(door, caller.roles)
    for app in environment["applications"].values():
        if app["client_id"].lower() == caller.app_id.lower() and app.get("state") == "Enabled":
            return None, app.get("permission_sets", {})
    raise rejected()


def _user_of(environment: Row, upn: str) -> Row | None:
    for user in environment["users"].values():
        known = user.get("Authentication_Email", "").lower() == upn.lower()
        if known and user.get("State") == "Enabled":
            found: Row = user
            return found
    return None
