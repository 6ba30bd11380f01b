"""Who holds the two roles of the integration solution, in two queries for everybody.

A role has a copy in each business unit, and a user holds the copy of theirs: so all copies are
asked for first, and then who holds any of them (systemuserroles). What a team's role gives is not
looked at, as Business Central does not look at it either.
"""

from collections.abc import Sequence
from contextlib import aclosing

from connection.checks.integration_user import INTEGRATION_USER
from connection.identities import Access
from connection.ports import Sales
from connection.remote import SalesRole
from connection.users.mapping import Roles

AVAILABILITY_USER = "Business Central Product Availability User"
"""Its id is not documented. Later solutions put `Dynamics 365 ` in front of the name."""


async def roles_held(sales: Sales, access: Access) -> Roles:
    """Raises `RemoteFault`."""
    copies = await sales.role_copies(access, INTEGRATION_USER, AVAILABILITY_USER)
    integration = {role.id for role in copies if _is_integration(role)}
    availability = {role.id for role in copies if not _is_integration(role)}
    holders = await _holders(sales, access, [role.id for role in copies]) if copies else {}
    return Roles(
        _of(integration, holders) if integration else None,
        _of(availability, holders) if availability else None,
    )


def _is_integration(role: SalesRole) -> bool:
    return INTEGRATION_USER in (role.id.lower(), role.root_id.lower())


async def _holders(sales: Sales, access: Access, roles: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {role: set() for role in roles}
    async with aclosing(sales.holders(access, roles)) as read:
        async for page in read:
            for user, role in page:
                found.setdefault(role, set()).add(user)
    return found


def _of(roles: set[str], holders: dict[str, set[str]]) -> frozenset[str]:
    return frozenset().union(*(holders[role] for role in roles))
