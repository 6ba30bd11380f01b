"""The check of where the organisation belongs: to which tenant, of which of Microsoft's clouds."""

from connection.checks.looking import Found, Look, failed, passed, untested


async def tenant(look: Look) -> Found:
    """The tenant of the setup is the organisation's own, and the bot signs in at its cloud.

    Nobody signs in for it, so it tells why a sign-in will be refused.
    """
    theirs = look.findings.reached.tenancy if look.findings.reached else None
    if theirs is None:
        return untested("Sales does not say which tenant it belongs to.")
    look.findings.tenant_id = theirs.tenant_id
    ours = await look.sales.tenancy(look.access)
    if ours.login_host != theirs.login_host:
        return failed(
            f"Sales belongs to the cloud of {theirs.login_host}; the bot signs in at "
            f"{ours.login_host}.",
            f"Set D365BOT_LOGIN_URL to https://{theirs.login_host} where the bot runs, or correct "
            "the Sales URL with /d365 setup.",
        )
    if ours.tenant_id != theirs.tenant_id:
        return failed(
            f"Sales belongs to tenant {theirs.tenant_id}, and {look.setup.tenant} is another.",
            "Correct the tenant or the Sales URL with /d365 setup.",
        )
    return passed(f"Sales belongs to the tenant of the setup, in the cloud of {ours.login_host}.")
