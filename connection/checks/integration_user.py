"""The check of the user that Business Central signs in to Sales with.

The requirements, their order and the ids are those of the connection test of Business Central
version 15 (CheckIntegrationUserRequirements). Ours is stricter in one point: Business Central
takes a user that it does not find for granted, this check fails.
"""

from collections.abc import Sequence

from connection.checks.looking import Found, Look, failed, passed
from connection.remote import SalesRole, SalesUser
from connection.sales_url import is_dynamics_online
from connection.setup import Hosting

INTEGRATION_ADMINISTRATOR = "8c8d4f51-a72b-e511-80d9-3863bb349780"
INTEGRATION_USER = "6f960e32-a72b-e511-80d9-3863bb349780"
SYSTEM_ADMINISTRATOR_TEMPLATE = "627090ff-40a3-4053-8790-584edc5be201"
_WHERE = "In the Power Platform admin center open the environment, Settings, Users:"


async def integration_user(look: Look) -> Found:
    """Found, enabled, licensed, with roles, not System Administrator, with both BC roles."""
    name = look.setup.integration_user_name
    users = await _users(look, name)
    if not users:
        return failed(
            f"Sales has no user {name}.",
            f"{_WHERE} add the user, or correct the integration user with /d365 setup.",
        )
    user = users[0]
    roles = await look.sales.roles_of(look.access, user.id)
    deployed = await look.sales.deployed_roles(
        look.access, (INTEGRATION_ADMINISTRATOR, INTEGRATION_USER)
    )
    return (
        _unfit(name, user, roles)
        or _lacks_roles(name, roles, deployed)
        or passed(f"{name} is enabled, licensed and has {_names(roles)}.")
    )


async def _users(look: Look, name: str) -> Sequence[SalesUser]:
    by_email = look.setup.hosting == Hosting.ONLINE or is_dynamics_online(look.setup.sales_url)
    if by_email:
        return await look.sales.users_with_email(look.access, name)
    return await look.sales.users_with_domain_name(look.access, name)


def _unfit(name: str, user: SalesUser, roles: Sequence[SalesRole]) -> Found | None:
    if user.disabled:
        return failed(f"{name} is disabled in Sales.", f"{_WHERE} enable {name}.")
    if not user.licensed:
        return failed(
            f"{name} has no licence in Sales.",
            "Assign a Dynamics 365 Sales licence in the Microsoft 365 admin center.",
        )
    if not roles:
        return failed(
            f"{name} has no security role in Sales.",
            f"{_WHERE} give {name} the Integration Administrator and Integration User roles.",
        )
    for role in roles:
        if role.template_id.lower() == SYSTEM_ADMINISTRATOR_TEMPLATE:
            return failed(
                f"{name} has the role {role.name}, which an integration user must not have.",
                f"{_WHERE} take {role.name} from {name}, or choose a dedicated user.",
            )
    return None


def _lacks_roles(
    name: str, roles: Sequence[SalesRole], deployed: Sequence[SalesRole]
) -> Found | None:
    if len(deployed) < 2:
        return None
    held = {root.lower() for role in roles for root in (role.id, role.root_id)}
    missing = [role for role in deployed if role.id.lower() not in held]
    if not missing:
        return None
    return failed(
        f"{name} lacks {_names(missing)}.",
        f"{_WHERE} give {name} {_names(missing)}; the integration solution brought them.",
    )


def _names(roles: Sequence[SalesRole]) -> str:
    names = [f"the role {role.name}" for role in roles]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
