"""Checks of signing in to Business Central, and of the company that is meant."""

from difflib import get_close_matches

from connection.checks.looking import Found, Look, failed, passed, skipped
from connection.setup import Hosting

APP_PERMISSION = "API.ReadWrite.All"
"""automation-apis-using-s2s-authentication: for OData and the APIs, with admin consent."""


async def bc_sign_in(look: Look) -> Found:
    """Business Central lets the bot in: online its app, on-premises a user with an access key."""
    look.findings.bc_throttled_before = look.business_central.throttled(look.bc_access)
    if look.setup.hosting == Hosting.ON_PREMISES:
        return await _as_a_user(look)
    signed_in = await look.business_central.sign_in(look.bc_access)
    permissions = signed_in.app_permissions
    if permissions is not None and APP_PERMISSION not in permissions:
        return failed(
            f"The bot's app lacks the permission {APP_PERMISSION} of Dynamics 365 Business "
            "Central, or nobody consented to it.",
            "In Entra ID open the bot's app, API permissions: add the application permission "
            f"{APP_PERMISSION} of Dynamics 365 Business Central, and grant admin consent.",
        )
    look.findings.companies = await look.business_central.companies(look.bc_access)
    return passed(
        f"Business Central knows the bot's app; Entra ID gave it {APP_PERMISSION}."
        if permissions
        else "Business Central knows the bot's app."
    )


async def _as_a_user(look: Look) -> Found:
    name = look.setup.name
    if not look.setup.bc_user_name:
        return failed(
            "The setup names no Business Central user to read as.",
            f"Fill it in with /d365 setup {name}.",
        )
    if look.bc_access.secret is None:
        return failed(
            "The bot does not hold the web service access key of the Business Central user.",
            f"Give it with /d365 secret {name} bc_access_key, or run d365bot secret set {name} "
            "bc_access_key where the bot runs.",
        )
    look.findings.companies = await look.business_central.companies(look.bc_access)
    return passed("Business Central accepts the user with its web service access key.")


async def company(look: Look) -> Found:
    """The environment, or the server's instance, has the company of the setup."""
    companies, wanted = look.findings.companies, look.setup.bc_company
    if companies is None:
        return skipped("Business Central sign-in failed.")
    names = [one.name for one in companies]
    where = look.setup.bc_environment
    if look.setup.hosting == Hosting.ON_PREMISES:
        where = look.setup.bc_url.rpartition("/")[2]
    if wanted in names:
        return passed(f"{where} has {wanted}.")
    near = get_close_matches(wanted, names, n=1)
    meant = f" Did you mean “{near[0]}”?" if near else ""
    known = ", ".join(sorted(names)[:10]) or "none that the bot may see"
    return failed(
        f"{where} has no company “{wanted}”.{meant}",
        f"Correct the company with /d365 setup. Its companies: {known}.",
    )
