"""Who calls a Sales organisation, and what the roles of that user allow."""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request

from simulator.dataverse.errors import DataverseError, HtmlError
from simulator.dataverse.impersonation import acting_user
from simulator.dataverse.places import Places
from simulator.dataverse.session import Memory, Session
from simulator.entra.clouds import cloud_of
from simulator.entra.tokens import Caller, ExpiredTokenError, Signer, TokenRefusedError
from simulator.healthy.roles import SYSTEM_ADMINISTRATOR, SYSTEM_CUSTOMIZER
from simulator.world import World, organisation_hosts

THROTTLED = "Number of requests exceeded the limit of 6000 over time window of 300 seconds."
Row = dict[str, Any]


def admit(world: World, signer: Signer, memory: Memory, request: Request) -> Session:
    """The caller's session, or the refusal that the real service gives first."""
    host = host_of(request)
    organisation = world.organisation_at(host)
    if organisation is None:
        raise HtmlError(404, "Not Found")
    if organisation["condition"] == "down":
        raise HtmlError(503, "Service Unavailable", _wait(organisation))
    caller = _caller(world, signer, organisation, request)
    if organisation["condition"] == "throttled":
        raise DataverseError(429, "0x80072322", THROTTLED, _wait(organisation))
    key = _user_of(organisation, caller, memory.places)
    base = f"https://{host.lower()}{'/'.join(request.url.path.split('/')[:4])}"
    return _session(world, organisation, key, request.headers, base, memory)


def host_of(request: Request) -> str:
    return request.headers.get("host", "").partition(":")[0]


def _session(
    world: World,
    organisation: Row,
    key: str,
    headers: Mapping[str, str],
    base: str,
    memory: Memory,
) -> Session:
    users = organisation["tables"]["systemusers"]
    roles = list(roles_of(organisation, key))
    if organisation["condition"] == "administration" and not _may_administer(roles):
        text = "Access is denied: the environment is in administration mode."
        raise DataverseError(403, "0x80048405", text)
    own = privileges_of(organisation, roles)
    session = Session(world, organisation, users[key], users[key], own, base, memory)
    other = acting_user(session, headers)
    if other is None:
        return session
    theirs = privileges_of(organisation, list(roles_of(organisation, other)))
    both = theirs if "*" in own else own if "*" in theirs else own & theirs
    return Session(world, organisation, users[other], users[key], both, base, memory)


def _wait(organisation: Row) -> dict[str, str]:
    """`Retry-After` as the world says; without the fact there is none."""
    seconds = organisation.get("retry_after")
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _caller(world: World, signer: Signer, organisation: Row, request: Request) -> Caller:
    tenant = world.facts["tenants"][organisation["tenant"]]
    tenant_id = tenant["id"]
    hosts = organisation_hosts(organisation)
    audiences = [f"https://{host}{end}" for host in hosts for end in ("", "/")]
    challenge = (
        f"Bearer authorization_uri=https://{cloud_of(tenant).host}/{tenant_id}/oauth2/authorize, "
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


def _user_of(organisation: Row, caller: Caller, places: Places) -> str:
    column, wanted = (
        ("azureactivedirectoryobjectid", caller.object_id)
        if caller.upn is not None
        else ("applicationid", caller.app_id)
    )
    key = places.key_of(organisation, "systemusers", column, wanted)
    if key is None:
        raise DataverseError(403, "0x80072560", "The user is not a member of the organization.")
    if organisation["tables"]["systemusers"][key].get("isdisabled"):
        raise DataverseError(
            403, "0x80040225", "The calling user is disabled in this organization."
        )
    return key


def roles_of(organisation: Row, user: str) -> Iterator[Row]:
    """The user's own roles, and those of its teams; `user` is the readable key."""
    rows = organisation["tables"]["roles"]
    keys = dict(organisation["user_roles"].get(user, {}))
    for team, members in organisation["team_members"].items():
        if members.get(user):
            keys |= organisation["team_roles"].get(team, {})
    return (rows[key] for key, held in keys.items() if held and key in rows)


def privileges_of(organisation: Row, roles: list[Row]) -> frozenset[str]:
    """`privileges` in the world is by role name: all copies of a role carry the same."""
    granted = (organisation["privileges"].get(role["name"], {}) for role in roles)
    return frozenset(name for each in granted for name, given in each.items() if given)


def _may_administer(roles: list[Row]) -> bool:
    templates = {role.get("_roletemplateid_value") for role in roles}
    return bool(templates & {SYSTEM_ADMINISTRATOR, SYSTEM_CUSTOMIZER})
