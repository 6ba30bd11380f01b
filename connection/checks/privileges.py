"""The check of what the integration user may do in Sales: privileges by name.

The minimum of the roles in admin-setting-up-integration-with-dynamics-sales, as far as a default
synchronisation needs it. Depth is not looked at.
"""

from collections.abc import Mapping
from dataclasses import replace

from connection.checks.looking import Found, Look, failed, passed, skipped

READ = ("Read",)
READ_WRITE = ("Create", "Read", "Write")
LINKED = (*READ_WRITE, "Append", "AppendTo")
# table, as privileges call it -> what is done there
_DONE: dict[str, tuple[str, ...]] = {
    "Account": LINKED,
    "Contact": LINKED,
    "Opportunity": LINKED,
    "Product": LINKED,
    "Invoice": LINKED,
    "Quote": READ,
    "TransactionCurrency": READ_WRITE,
    "Organization": READ,
    "Role": READ,
    "User": READ,
    "nav_accountstatistics": READ_WRITE,
    "nav_connection": READ,
}
_SALES_ORDERS = {"SalesOrder": ("Read", "Write", "Append", "AppendTo", "Assign")}


def _named(done: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(f"prv{right}{table}" for table, rights in done.items() for right in rights)


NEEDED_PRIVILEGES = (*_named(_DONE), "prvActOnBehalfOfAnotherUser")
FOR_SALES_ORDERS = _named(_SALES_ORDERS)
"""Once sales order integration is on."""
SHOWN = 12


async def integration_privileges(look: Look) -> Found:
    """Roles that were changed, or came with an old solution, lack some although they are held."""
    user = look.findings.integration_user
    if user is None:
        return skipped("Integration user failed")
    if not look.findings.integration_roles_deployed:
        return skipped("Sales does not have the roles of the integration solution")
    held = {name.lower() for name in await look.sales.privileges_of(look.access, user.id)}
    orders = look.findings.organisation and look.findings.organisation.sales_orders_integrated
    needed = (*NEEDED_PRIVILEGES, *FOR_SALES_ORDERS) if orders else NEEDED_PRIVILEGES
    missing = [name for name in needed if name.lower() not in held]
    if not missing:
        return passed(f"It has the {len(needed)} privileges that synchronising needs.")
    more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    found = failed(
        f"It lacks {', '.join(missing[:SHOWN])}{more}.",
        "Import the integration solution again, which restores its roles; or in the Power Platform "
        "admin center open the environment, Settings, Security roles, and add them to the "
        "Integration User role.",
    )
    return replace(found, private=f"systemuser {user.id}")
