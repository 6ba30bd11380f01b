"""Which site answers a host name. Every other host is refused, so nothing leaves."""

from typing import TYPE_CHECKING

from simulator.entra.clouds import CLOUDS, LOGINS, PUBLIC

if TYPE_CHECKING:  # the world knows the scenarios, and they name these hosts
    from simulator.world import World

LOGIN = CLOUDS[PUBLIC].host
HTTPS = 443
BUSINESS_CENTRAL = "api.businesscentral.dynamics.com"
DISCOVERY = "globaldisco.crm.dynamics.com"


def site_of(world: "World", host: str) -> str | None:
    """`entra`, `dataverse`, `discovery`, `bc`, `on_premises`, or nothing for an unknown host."""
    host = host.lower().rstrip(".")
    if host in LOGINS:
        return "entra"
    if host == BUSINESS_CENTRAL:
        return "bc"
    if host == DISCOVERY:
        return "discovery"
    if world.server_at(host):
        return "on_premises"
    return "dataverse" if world.organisation_at(host) else None


def is_reached(world: "World", host: str, port: str) -> bool:
    """Whether the host listens on this port: the server has its own, all others have 443."""
    server = world.server_at(host.rstrip("."))
    wanted = HTTPS if server is None else server["port"]
    return port == str(wanted) and site_of(world, host) is not None
