"""Whether Business Central asked the bot to wait (operational-limits-online)."""

from connection.checks.looking import Found, Look, passed, warned


async def bc_throttling(look: Look) -> Found:
    """Calls of this test that were answered with 429, and that the bot waited out."""
    refused = look.business_central.throttled(look.bc_access) - look.findings.bc_throttled_before
    if not refused:
        return passed("Business Central refused no call of this test for being one too many.")
    return warned(
        f"Business Central asked the bot to wait {refused} {'time' if refused == 1 else 'times'} "
        "during this test, for too many calls of this user.",
        "Give the bot an app or a user of its own in Business Central, if other programs sign in "
        "as it; else test again in five minutes.",
    )
