"""Who calls a Sales organisation, and what the roles of that user allow."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from simulator.dataverse.errors import DataverseError, HtmlError, NotSimulatedError
from simulator.entra.tokens import Caller, ExpiredTokenError, Signer, TokenRefusedError
from simulator.healthy.roles import SYSTEM_ADMINISTRATOR, SYSTEM_CUSTOMIZER
from simulator.world import World, organisation_hosts

IMPERSONATION = ("CallerObjectId", "MSCRMCallerID")
THROTTLED = "The number of requests is over the limit of 6000 in 300 seconds."


@dataclass(frozen=True)
class Session:
    """One authenticated call: the organisation, the calling user's row, and its privileges."""

    world: World
    organisation: dict[str, Any]
    user: dict[str, Any]
    privileges: frozenset[str]
    base: str
    _places: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def is_administrator(self) -> bool:
        return "*" in self.privileges

    def rows(self, entity_set: str) -> dict[str, dict[str, Any]]:
        rows: dict[str, dict[str, Any]] = self.organisation["tables"].setdefault(entity_set, {})
        return rows

    def key_of(self, entity_set: str, column: str, record: str) -> str | None:
        """The readable key of the row with this id; the index lasts for one call."""
        if entity_set not in self._places:
            rows = self.rows(entity_set).items()
            self._places[entity_set] = {str(row.get(column)).lower(): key for key, row in rows}
        return self._places[entity_set].get(record.lower())

    def forget_keys(self, entity_set: str) -> None:
        """After a row came or went."""
        self._places.pop(entity_set, None)

    def require(self, privilege: str, entity: str) -> None:
        """Raises 0x80040220 with the privilege's name (error reference: PrivilegeDenied)."""
        if self.is_administrator or privilege in self.privileges:
            return
        raise DataverseError(
            403,
            "0x80040220",
            f"Principal user (Id={self.user['systemuserid']}, type=8) is missing {privilege} "
            f"privilege on entity '{entity}'.",
        )


def admit(world: World, signer: Signer, request: Request) -> Session:
    """The caller's session, or the refusal that the real service gives first."""
    host = request.headers.get("host", "").partition(":")[0]
    for name in IMPERSONATION:
        if name in request.headers:
            raise NotSimulatedError(f"impersonation by {name}")
    organisation = world.organisation_at(host)
    if organisation is None:
        raise HtmlError(404, "Not Found")
    if organisation["condition"] == "down":
        raise HtmlError(503, "Service Unavailable")
    caller = _caller(world, signer, organisation, request)
    _refuse_throttled(organisation)
    key, user = _user_of(organisation, caller)
    roles = list(_roles_of(organisation, key))
    if organisation["condition"] == "administration" and not _may_administer(roles):
        raise DataverseError(
            403, "0x80048405", "Access is denied: the environment is in administration mode."
        )
    base = f"https://{host.lower()}{'/'.join(request.url.path.split('/')[:4])}"
    return Session(world, organisation, user, _privileges(organisation, roles), base)


def _caller(world: World, signer: Signer, organisation: dict[str, Any], request: Request) -> Caller:
    tenant_id = world.facts["tenants"][organisation["tenant"]]["id"]
    hosts = organisation_hosts(organisation)
    audiences = [f"https://{host}{end}" for host in hosts for end in ("", "/")]
    challenge = (
        f"Bearer authorization_uri=https://login.microsoftonline.com/{tenant_id}/oauth2/authorize, "
        f"resource_id=https://{hosts[0]}/"
    )
    headers = {"WWW-Authenticate": challenge}
    try:
        return signer.caller(request.headers.get("authorization"), audiences, tenant_id)
    except ExpiredTokenError as error:
        raise DataverseError(401, "0x8005F101", "The access token expired.", headers) from error
    except TokenRefusedError as error:
        raise DataverseError(
            401, "0x80072559", f"The token is refused: {error}.", headers
        ) from error


def _refuse_throttled(organisation: dict[str, Any]) -> None:
    """Service protection limits (pa/api-limits.md)."""
    if organisation["condition"] == "throttled":
        wait = {"Retry-After": str(organisation["retry_after"])}
        raise DataverseError(429, "0x80072322", THROTTLED, wait)


def _user_of(organisation: dict[str, Any], caller: Caller) -> tuple[str, dict[str, Any]]:
    column, wanted = (
        ("azureactivedirectoryobjectid", caller.object_id)
        if caller.upn is not None
        else ("applicationid", caller.app_id)
    )
    for key, row in organisation["tables"]["systemusers"].items():
        if str(row.get(column) or "").lower() == wanted.lower():
            if row.get("isdisabled"):
                raise DataverseError(
                    403, "0x80040225", "The calling user is disabled in this organization."
                )
            return key, row
    raise DataverseError(403, "0x80072560", "The user is not a member of the organization.")


def _roles_of(organisation: dict[str, Any], user: str) -> Iterator[dict[str, Any]]:
    rows = organisation["tables"]["roles"]
    keys = dict(organisation["user_roles"].get(user, {}))
    for team, members in organisation["team_members"].items():
        if members.get(user):
            keys |= organisation["team_roles"].get(team, {})
    return (rows[key] for key, held in keys.items() if held and key in rows)


def _privileges(organisation: dict[str, Any], roles: list[dict[str, Any]]) -> frozenset[str]:
    """`privileges` in the world is by role name: all copies of a role carry the same."""
    granted = (organisation["privileges"].get(role["name"], {}) for role in roles)
    return frozenset(name for each in granted for name, given in each.items() if given)


def _may_administer(roles: list[dict[str, Any]]) -> bool:
    templates = {role.get("_roletemplateid_value") for role in roles}
    return bool(templates & {SYSTEM_ADMINISTRATOR, SYSTEM_CUSTOMIZER})
