"""Checks of the integration solution in Sales: is it there, can its tables be read, and does the
organisation hand its sales orders over.

Business Central takes the solution for installed where `nav_connection` and
`nav_accountstatistics` can both be read (table 5330, RefreshDataFromCRM).
"""

from connection.checks.looking import Found, Look, failed, passed, skipped, warned

INTEGRATION_SOLUTION = "MicrosoftDynamicsNavIntegration"
_IMPORT = (
    "Import the integration solution: Business Central's assisted setup does it with an "
    "administrator's credentials."
)


async def solution(look: Look) -> Found:
    """Installed, and in which version. A connection works without it, and less of it does."""
    found = look.findings.solution = await look.sales.solution(look.access, INTEGRATION_SOLUTION)
    if found is None:
        return warned(
            "Sales does not have the integration solution, so there are no account statistics, "
            "no links to Business Central and no sales order integration.",
            _IMPORT,
        )
    if not found.managed:
        return warned(
            f"The integration solution {found.version} is installed as an unmanaged one, which "
            "cannot be upgraded or taken out.",
            "Import the package that Business Central comes with, which is managed.",
        )
    return passed(f"The integration solution {found.version} is installed.")


async def solution_tables(look: Look) -> Found:
    """The two tables of the solution are readable; names the columns, and no secret is among
    them."""
    if look.findings.solution is None:
        look.findings.nav_connections = ()
        return skipped("Sales does not have the integration solution")
    found = look.findings.nav_connections = await look.sales.nav_connections(look.access)
    filled = await look.sales.reads_account_statistics(look.access)
    rows = len(found)
    has = "no connection" if not rows else "a connection" if rows == 1 else f"{rows} connections"
    return passed(
        f"nav_connection and nav_accountstatistics can be read: they hold {has} of Business "
        f"Central and {'' if filled else 'no '}account statistics."
    )


async def sales_orders(look: Look) -> Found:
    """Whether Sales hands sales orders over to Business Central, which needs the solution."""
    row = look.findings.organisation
    if row is None:
        return skipped("Organisation failed")
    if not row.sales_orders_integrated:
        return passed("Sales order integration is off in Sales.")
    if look.findings.solution is None:
        return failed(
            "Sales order integration is on in Sales, which does not have the integration "
            "solution: nobody takes submitted orders over.",
            f"{_IMPORT} Or turn sales order integration off.",
        )
    return passed("Sales order integration is on in Sales.")
