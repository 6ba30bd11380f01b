"""The checks of a test, in the order in which they run and are shown."""

from connection.checks import business_central_side, integration_user, sales_side, sign_ins
from connection.checks.looking import Check
from connection.identities import Identity

CHECKS: tuple[Check, ...] = (
    Check("allowed_host", "Allowed host", Identity.NONE, (), sales_side.allowed_host),
    Check("reachable", "DNS and TLS", Identity.NONE, ("allowed_host",), sales_side.reachable),
    Check("bot_sign_in", "Sign-in", Identity.BOT, ("allowed_host",), sign_ins.bot_sign_in),
    Check(
        "dataverse", "Dataverse", Identity.BOT, ("reachable", "bot_sign_in"), sales_side.dataverse
    ),
    Check("organisation", "Organisation", Identity.BOT, ("dataverse",), sales_side.organisation),
    Check(
        "integration_user",
        "Integration user",
        Identity.BOT,
        ("dataverse",),
        integration_user.integration_user,
    ),
    Check(
        "integration_sign_in",
        "Integration sign-in",
        Identity.INTEGRATION,
        ("reachable",),
        sign_ins.integration_sign_in,
    ),
    Check(
        "business_central",
        "Business Central",
        Identity.BOT,
        ("bot_sign_in",),
        business_central_side.business_central,
        on_premises=(Identity.BUSINESS_CENTRAL, ()),
    ),
    Check(
        "base_currency",
        "Base currency",
        Identity.BOT,
        ("organisation",),
        business_central_side.base_currency,
    ),
)
