"""Checks of the way to Business Central: what the setup names, the host, DNS and TLS."""

from connection.checks.looking import Found, Look, passed, skipped
from connection.checks.reached import reached_in_words
from connection.setup import Hosting


async def bc_host(look: Look) -> Found:
    """Only hosts of Microsoft's clouds, and those that the operator allows, are called."""
    lacks = _lacks(look)
    if lacks:
        name = look.setup.name
        return skipped(
            f"the setup names no Business Central {lacks}. Fill in both with /d365 setup {name} "
            "to have it tested."
        )
    rule = await look.business_central.allowed(look.bc_access)
    return passed(f"Its web services may be called ({rule}).")


def _lacks(look: Look) -> str:
    setup = look.setup
    if setup.hosting == Hosting.ON_PREMISES:
        return "" if setup.bc_url and setup.bc_company else "web services URL or no company"
    return "" if setup.bc_environment and setup.bc_company else "environment or no company"


async def bc_reachable(look: Look) -> Found:
    """The name resolves, and a TLS connection with a valid certificate stands."""
    return reached_in_words(await look.business_central.reach(look.bc_access), look.now)
