"""Checks of the way to Sales and of the organisation behind it."""

import re

from connection.checks.integration_user import SYSTEM_ADMINISTRATOR_TEMPLATE
from connection.checks.looking import Found, Look, failed, passed, skipped, untested, warned
from connection.checks.reached import reached_in_words
from connection.errors import Forbidden, RemoteFault

SYSTEM_CUSTOMIZER_TEMPLATE = "119f245c-3cc8-4b62-b31c-d1a046ced15d"
_SHUT = ("0x80048405", "")
"""AccessDenied, or a refusal that comes from before Dataverse and has no code."""
_ADMINISTRATORS = (SYSTEM_ADMINISTRATOR_TEMPLATE, SYSTEM_CUSTOMIZER_TEMPLATE)


async def allowed_host(look: Look) -> Found:
    """Only hosts of Microsoft's clouds, and those that the operator allows, are called."""
    rule = await look.sales.allowed(look.access.sales_url)
    return passed(f"{_host(look)} may be called ({rule}).")


async def reachable(look: Look) -> Found:
    """The name resolves, and a TLS connection with a valid certificate stands."""
    reached = look.findings.reached = await look.sales.reach(look.access.sales_url)
    return reached_in_words(reached, look.now)


async def dataverse(look: Look) -> Found:
    """Dataverse knows the bot, and its version is one that Business Central works with.

    WhoAmI needs no privilege: who is refused it, and is neither unknown nor disabled, meets an
    organisation that is shut, which the next check tells.
    Version rule of table 5330: the major version is over 6, and it is not 7.1.
    """
    look.findings.throttled_before = look.sales.throttled(look.access)
    try:
        look.findings.own_user_id = await look.sales.who_am_i(look.access)
    except Forbidden as fault:
        if type(fault) is not Forbidden or fault.code not in _SHUT:
            raise
        look.findings.shut = True
        return skipped("Sales seems to be in administration mode")
    version = await look.sales.version(look.access)
    numbers = re.fullmatch(r"(\d+)\.(\d+)(?:\.\d+){0,2}", version.strip())
    major, minor = (int(part) for part in numbers.groups()) if numbers else (0, 0)
    if major <= 6 or (major, minor) == (7, 1):
        return warned(
            f"Dataverse answers; version {version} might not work correctly with Business Central.",
            "Upgrade Dynamics 365 Sales to a supported version.",
        )
    return passed(f"Dataverse answers with version {version} and knows the bot.")


async def administration_mode(look: Look) -> Found:
    """Whether only administrators are let in, which Sales tells nobody but those it refuses."""
    if look.findings.shut:
        look.findings.own_user_id = await look.sales.who_am_i(look.access)
    if not look.findings.own_user_id:
        return skipped("Dataverse failed")
    try:
        roles = await look.sales.roles_of(look.access, look.findings.own_user_id)
    except RemoteFault:
        return untested("Sales lets the bot in, which cannot see whether as an administrator.")
    if any(role.template_id.lower() in _ADMINISTRATORS for role in roles):
        return untested("Sales lets the bot in as an administrator, whom it always lets in.")
    return passed("It is off: Sales lets the bot in, which is no administrator there.")


async def organisation(look: Look) -> Found:
    """The organisation's row can be read."""
    row = await look.sales.organisation(look.access)
    look.findings.organisation = row
    if not row.base_currency_id:
        return failed(
            f"The organisation {row.name} has no base currency.",
            "Open the organisation in the Power Platform admin center and look at its settings.",
        )
    return passed(f"The organisation is {row.name}.")


def _host(look: Look) -> str:
    return look.access.sales_url.partition("://")[2]
