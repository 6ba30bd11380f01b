"""Checks of the way to Sales and of the organisation behind it."""

import re

from connection.checks.looking import Found, Look, failed, passed, warned
from connection.checks.reached import reached_in_words


async def allowed_host(look: Look) -> Found:
    """Only hosts of Microsoft's clouds, and those that the operator allows, are called."""
    rule = await look.sales.allowed(look.access.sales_url)
    return passed(f"{_host(look)} may be called ({rule}).")


async def reachable(look: Look) -> Found:
    """The name resolves, and a TLS connection with a valid certificate stands."""
    return reached_in_words(await look.sales.reach(look.access.sales_url), look.now)


async def dataverse(look: Look) -> Found:
    """Dataverse knows the bot, and its version is one that Business Central works with.

    Version rule of table 5330: the major version is over 6, and it is not 7.1.
    """
    await look.sales.who_am_i(look.access)
    version = await look.sales.version(look.access)
    numbers = re.fullmatch(r"(\d+)\.(\d+)(?:\.\d+){0,2}", version.strip())
    major, minor = (int(part) for part in numbers.groups()) if numbers else (0, 0)
    if major <= 6 or (major, minor) == (7, 1):
        return warned(
            f"Dataverse answers; version {version} might not work correctly with Business Central.",
            "Upgrade Dynamics 365 Sales to a supported version.",
        )
    return passed(f"Dataverse answers with version {version} and knows the bot.")


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
