"""What Business Central's own setup page says, read only where reading it does no harm.

A GET of page 5330 opens the page: Business Central contacts Sales if the connection is enabled, and
a connection that does not work is disabled by that. So Sales was found in order before, as whom
Business Central signs in, or the page is not read.
"""

from dataclasses import replace

from connection.checks.looking import Found, Look, failed, passed, skipped, untested, warned
from connection.checks.published_pages import CONNECTION_SETUP, page_in_bc, reading
from connection.checks.synchronisation import SETUP_TITLE
from connection.disable_reason import disable_reason_in
from connection.errors import RemoteFault, RequestRefused
from connection.identities import Identity
from connection.remote import ConnectionPage
from connection.setup import IntegrationAuth

ACTS = "reading page 5330 would make Business Central act"


async def setup_page(look: Look) -> Found:
    """Page 5330 holds the Sales URL and the integration user of this setup."""
    if look.accesses[Identity.INTEGRATION].secret is None:
        return untested(
            "Reading page 5330 makes Business Central sign in to Sales, and the bot does not hold "
            "what it signs in with, so it cannot try that first."
        )
    if not look.findings.integration_signed_in:
        return skipped(f"Integration sign-in did not pass, and {ACTS}.")
    try:
        page = await reading(look, CONNECTION_SETUP, look.business_central.connection_page)
    except RemoteFault as fault:
        raise _disabled(look, fault) or fault from None
    if isinstance(page, Found):
        return page
    look.findings.connection_enabled = page.enabled
    look.findings.enabled_at = look.now
    return _compared(look, page)


def _disabled(look: Look, fault: RemoteFault) -> RemoteFault | None:
    """Where Business Central says that it disabled the connection instead of showing the page."""
    reason = disable_reason_in(fault.quoted)
    if reason is None:
        return None
    look.findings.connection_enabled = False
    look.findings.enabled_at = look.now
    look.findings.disable_reason = reason
    return RequestRefused(
        f"Business Central disabled the connection, because it could not use it: {fault.quoted}",
        f"{page_in_bc(look.setup, CONNECTION_SETUP.page, SETUP_TITLE)}, correct what it says, such "
        "as a password that was changed, and enable the connection again.",
        status=fault.status,
        code=fault.code,
        reference=fault.reference,
    ).quoting(fault.quoted)


def _compared(look: Look, page: ConnectionPage) -> Found:
    state = "enabled" if page.enabled else "not enabled"
    where = page_in_bc(look.setup, CONNECTION_SETUP.page, SETUP_TITLE)
    if not page.server_address:
        return warned(
            f"Page 5330 names no Sales URL yet; the connection is {state}.",
            f"{where} and enter {look.setup.sales_url}.",
        )
    if page.server_address.rstrip("/").lower() != look.setup.sales_url.rstrip("/").lower():
        amiss = failed if page.enabled else warned
        return amiss(
            f"Page 5330 names another Sales URL, {page.server_address}; the connection is {state}.",
            f"{where} and enter {look.setup.sales_url}, or correct the Sales URL with "
            f"/d365 setup {look.setup.name}.",
        )
    if _another_user(look, page):
        found = warned(
            f"Page 5330 names another user than the setup; the connection is {state}.",
            f"{where} and compare the user name, or correct it with /d365 setup {look.setup.name}.",
        )
        return replace(found, private=f"Page 5330 names {page.user_name or 'nobody'}.")
    compared = "Sales URL and user" if _names_a_user(look) else "Sales URL"
    return passed(
        f"Page 5330 names the same {compared}; the connection is {state}.{_of_enabled(page)}"
    )


def _another_user(look: Look, page: ConnectionPage) -> bool:
    same = page.user_name.lower() == look.setup.integration_user_name.lower()
    return _names_a_user(look) and not same


def _names_a_user(look: Look) -> bool:
    """An app stands on page 7200 and not here."""
    return look.setup.integration_auth == IntegrationAuth.PASSWORD


def _of_enabled(page: ConnectionPage) -> str:
    if not page.enabled:
        return ""
    solution = "is" if page.solution_installed else "is not"
    return (
        f" To Business Central Sales is version {page.crm_version or 'unknown'}, and the "
        f"integration solution {solution} installed."
    )
