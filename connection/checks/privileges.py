"""The check of what the integration user may do in Sales: privileges by name.

The minimum of the roles in admin-setting-up-integration-with-dynamics-sales, as far as a default
synchronisation needs it. Depth is not looked at.
"""

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
NEEDED_PRIVILEGES = (
    *(f"prv{right}{table}" for table, rights in _DONE.items() for right in rights),
    "prvActOnBehalfOfAnotherUser",
)
SHOWN = 12


async def integration_privileges(look: Look) -> Found:
    """Roles that were changed, or came with an old solution, lack some although they are held."""
    user = look.findings.integration_user
    if user is None:
        return skipped("Integration user failed")
    if not look.findings.integration_roles_deployed:
        return skipped("Sales does not have the roles of the integration solution")
    held = await look.sales.privileges_of(look.access, user.id)
    missing = [name for name in NEEDED_PRIVILEGES if name not in held]
    if not missing:
        return passed(f"It has the {len(NEEDED_PRIVILEGES)} privileges that synchronising needs.")
    more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    found = failed(
        f"It lacks {', '.join(missing[:SHOWN])}{more}.",
        "Import the integration solution again, which restores its roles; or in the Power Platform "
        "admin center open the environment, Settings, Security roles, and add them to the "
        "Integration User role.",
    )
    return replace(found, private=f"systemuser {user.id}")
