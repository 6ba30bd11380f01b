"""The checks of a test, in the order in which they run and are shown."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from connection.checks import (
    availability,
    bc_address,
    bc_limits,
    bc_sign_in,
    currencies,
    integration_user,
    privileges,
    sales_side,
    setup_page,
    sign_ins,
    slack_side,
    solution,
    synchronisation,
    tenant,
    timing,
    web_addresses,
    web_services,
)
from connection.checks.looking import Check, Found, Look
from connection.identities import Identity
from connection.report import Topic


def _in_bc(name: str, title: str, look: Callable[[Look], Awaitable[Found]], *needs: str) -> Check:
    """A check that reads Business Central: online as the bot, on-premises as its user there."""
    needs = needs or ("bc_sign_in",)
    return Check(
        name, title, Identity.BOT, needs, look, on_premises=(Identity.BUSINESS_CENTRAL, needs)
    )


_WAY: tuple[Check, ...] = (
    Check("allowed_host", "Allowed host", Identity.NONE, (), sales_side.allowed_host),
    Check("reachable", "DNS and TLS", Identity.NONE, ("allowed_host",), sales_side.reachable),
    Check("clock", "Clock", Identity.NONE, ("reachable",), timing.clock),
    Check("tenant", "Tenant and cloud", Identity.NONE, ("reachable",), tenant.tenant),
    Check("bot_sign_in", "Sign-in", Identity.BOT, ("allowed_host",), sign_ins.bot_sign_in),
)

_SALES: tuple[Check, ...] = (
    Check(
        "dataverse", "Dataverse", Identity.BOT, ("reachable", "bot_sign_in"), sales_side.dataverse
    ),
    Check(
        "administration_mode",
        "Administration mode",
        Identity.BOT,
        ("reachable", "bot_sign_in"),
        sales_side.administration_mode,
    ),
    Check("latency", "Latency", Identity.BOT, ("dataverse",), timing.latency),
    Check("organisation", "Organisation", Identity.BOT, ("dataverse",), sales_side.organisation),
    Check("solution", "Integration solution", Identity.BOT, ("dataverse",), solution.solution),
    Check(
        "solution_tables",
        "Tables of the solution",
        Identity.BOT,
        ("solution",),
        solution.solution_tables,
    ),
    Check(
        "sales_orders",
        "Sales order integration",
        Identity.BOT,
        ("organisation", "solution"),
        solution.sales_orders,
    ),
    Check(
        "web_client_url",
        "Web client URL",
        Identity.BOT,
        ("solution_tables",),
        web_addresses.web_client_url,
    ),
    Check(
        "item_availability",
        "Item availability",
        Identity.BOT,
        ("solution_tables",),
        web_addresses.item_availability,
    ),
)

_INTEGRATION_USER: tuple[Check, ...] = (
    Check(
        "integration_user",
        "Integration user",
        Identity.BOT,
        ("dataverse",),
        integration_user.integration_user,
    ),
    Check(
        "integration_roles",
        "Roles of the integration user",
        Identity.BOT,
        ("integration_user",),
        integration_user.integration_roles,
    ),
    Check(
        "integration_privileges",
        "Privileges of the integration user",
        Identity.BOT,
        ("integration_roles",),
        privileges.integration_privileges,
    ),
    Check(
        "integration_sign_in",
        "Integration sign-in",
        Identity.INTEGRATION,
        ("reachable",),
        sign_ins.integration_sign_in,
    ),
)

_AFTERWARDS: tuple[Check, ...] = (
    Check("throttling", "Throttling", Identity.BOT, ("dataverse",), timing.throttling),
)

_BUSINESS_CENTRAL: tuple[Check, ...] = (
    Check("bc_host", "Business Central host", Identity.NONE, (), bc_address.bc_host),
    Check(
        "bc_reachable",
        "Business Central DNS and TLS",
        Identity.NONE,
        ("bc_host",),
        bc_address.bc_reachable,
    ),
    Check(
        "bc_sign_in",
        "Business Central sign-in",
        Identity.BOT,
        ("bot_sign_in", "bc_reachable"),
        bc_sign_in.bc_sign_in,
        on_premises=(Identity.BUSINESS_CENTRAL, ("bc_reachable",)),
    ),
    _in_bc("company", "Company", bc_sign_in.company),
    _in_bc("web_services", "Web services", web_services.web_services),
    _in_bc("bc_version", "Business Central version", web_services.bc_version),
    _in_bc("users_page", "Users", web_services.users_page, "company"),
    _in_bc(
        "setup_page",
        "Connection Setup page",
        setup_page.setup_page,
        *("dataverse", "organisation", "integration_user", "integration_roles", "company"),
    ),
    _in_bc(
        "table_mappings", "Integration table mappings", synchronisation.table_mappings, "company"
    ),
    _in_bc("job_queue_entries", "Job queue entries", synchronisation.job_queue_entries, "company"),
    _in_bc("base_currency", "Base currency", currencies.base_currency, "organisation", "company"),
    _in_bc("availability_page", "Item availability page", availability.availability_page),
    _in_bc("bc_throttling", "Business Central throttling", bc_limits.bc_throttling),
)

_SLACK: tuple[Check, ...] = (
    Check("slack_app", "Slack app", Identity.NONE, (), slack_side.slack_app),
    Check("slack_clock", "Slack clock", Identity.NONE, (), slack_side.slack_clock),
)

_BY_TOPIC = (
    (Topic.WAY, _WAY),
    (Topic.SALES, _SALES),
    (Topic.INTEGRATION_USER, _INTEGRATION_USER),
    (Topic.SALES, _AFTERWARDS),
    (Topic.BUSINESS_CENTRAL, _BUSINESS_CENTRAL),
    (Topic.SLACK, _SLACK),
)
CHECKS: tuple[Check, ...] = tuple(
    replace(check, topic=topic) for topic, checks in _BY_TOPIC for check in checks
)
