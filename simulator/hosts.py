"""Which site answers a host name. Every other host is refused, so nothing leaves."""

from simulator.world import World, organisation_hosts

LOGIN = "login.microsoftonline.com"
BUSINESS_CENTRAL = "api.businesscentral.dynamics.com"


def site_of(world: World, host: str) -> str | None:
    """`entra`, `dataverse`, `bc`, or nothing for a host that the world does not know."""
    host = host.lower().rstrip(".")
    if host == LOGIN:
        return "entra"
    if host == BUSINESS_CENTRAL:
        return "bc"
    return "dataverse" if world.organisation_at(host) else None


def known_hosts(world: World) -> list[str]:
    sales = [host for each in world.facts["sales"].values() for host in organisation_hosts(each)]
    return [LOGIN, BUSINESS_CENTRAL, *sales]
