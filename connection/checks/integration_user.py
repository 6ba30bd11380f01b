"""Checks of the user that Business Central signs in to Sales with: its state, and its roles.

The requirements, their order and the ids are those of the connection test of Business Central
version 15 (CheckIntegrationUserRequirements). Ours is stricter in three points: Business Central
takes a user that it does not find for granted, and looks only by email, so that it never judges a
`DOMAIN\\name`; this check fails for the first and looks the second up by its domain name. And the
access mode counts, as from version 16 on. From then on Business Central also wants the role of its
base solution (table 7200), which counts where Sales has it.
An app's user needs no licence, and is found by its application id (from version 16 on).
"""

from collections.abc import Sequence
from dataclasses import replace

from connection.checks.looking import Found, Look, failed, passed, skipped, warned
from connection.remote import SalesRole, SalesUser
from connection.report import Outcome
from connection.setup import IntegrationAuth
from connection.users.rule import Rule, rule_of

INTEGRATION_ADMINISTRATOR = "8c8d4f51-a72b-e511-80d9-3863bb349780"
INTEGRATION_USER = "6f960e32-a72b-e511-80d9-3863bb349780"
BASE_INTEGRATION = "a2b18661-9ff5-e911-a812-000d3a0b9028"
SYSTEM_ADMINISTRATOR_TEMPLATE = "627090ff-40a3-4053-8790-584edc5be201"
ACCESS_MODES = {
    0: "Read-Write",
    1: "Administrative",
    2: "Read",
    3: "Support User",
    4: "Non-interactive",
    5: "Delegated Admin",
}
READ_WRITE, NON_INTERACTIVE = 0, 4
_OF_SOLUTION = (INTEGRATION_ADMINISTRATOR, INTEGRATION_USER)
_WHERE = "In the Power Platform admin center open the environment, Settings, Users:"


async def integration_user(look: Look) -> Found:
    """Found, enabled, licensed, and able to read and write.

    Sentences go to a channel, so they do not name the user.
    """
    users = await find_users(look)
    if not users:
        missing = failed(
            "Sales does not have the integration user of the setup.",
            f"{_WHERE} add {_what(look)}, or correct it with /d365 setup.",
        )
        sought = look.setup.integration_user_name
        return replace(missing, private=f"Looked for {sought}." if sought else "")
    user = look.findings.integration_user = users[0]
    amiss = _unfit(user) or _wrong_mode(user)
    return _of(user, amiss) if amiss else passed(f"It is {_state(user)}.")


async def integration_roles(look: Look) -> Found:
    """It has roles, not System Administrator, and both of Business Central's if they are there."""
    user = look.findings.integration_user
    if user is None:
        return skipped("Integration user failed")
    roles = await look.sales.roles_of(look.access, user.id)
    deployed = await look.sales.deployed_roles(look.access, (*_OF_SOLUTION, BASE_INTEGRATION))
    base = [role for role in deployed if role.id.lower() == BASE_INTEGRATION]
    both = [role for role in deployed if role not in base]
    look.findings.integration_roles_deployed = len(both) == 2
    lacks, lacks_base = _lacks_roles(roles, both), _lacks_base(look, roles, base)
    if lacks_base and (lacks is None or lacks.outcome is not Outcome.FAIL):
        lacks = lacks_base
    amiss = _wrong_roles(roles) or lacks
    return _of(user, amiss) if amiss else passed(f"It has {_names(roles)}.")


def _of(user: SalesUser, amiss: Found) -> Found:
    return replace(amiss, private=f"It is {_named(user)}.")


def _named(user: SalesUser) -> str:
    known = (user.email or user.domain_name, user.id and f"systemuser {user.id}")
    more = ", ".join(part for part in known if part)
    return f"{user.full_name or 'a user without a name'} ({more})"


def _what(look: Look) -> str:
    as_user = look.setup.integration_auth == IntegrationAuth.PASSWORD
    return "the user" if as_user else "the integration's app as an application user"


async def find_users(look: Look) -> Sequence[SalesUser]:
    """By email or domain name as Business Central looks, an app by its application id."""
    if look.setup.integration_auth != IntegrationAuth.PASSWORD:
        return await look.sales.users_with_application_id(
            look.access, look.setup.integration_client_id
        )
    name = look.setup.integration_user_name
    if rule_of(look.setup) is Rule.DOMAIN_NAME:
        return await look.sales.users_with_domain_name(look.access, name)
    return await look.sales.users_with_email(look.access, name)


def _unfit(user: SalesUser) -> Found | None:
    if user.disabled:
        return failed("It is disabled in Sales.", f"{_WHERE} enable the integration user.")
    if not user.licensed and not user.application_id:
        return failed(
            "It has no licence in Sales.",
            "Assign a Dynamics 365 Sales licence in the Microsoft 365 admin center.",
        )
    return None


def _wrong_mode(user: SalesUser) -> Found | None:
    """Later versions of Business Central want read-write or non-interactive; the page on the
    integration user recommends non-interactive, once the connection is set up."""
    mode = ACCESS_MODES.get(user.access_mode, f"{user.access_mode}")
    if user.application_id or user.access_mode == NON_INTERACTIVE:
        return None
    if user.access_mode != READ_WRITE:
        return failed(
            f"Its access mode is {mode}, with which Business Central cannot write to Sales.",
            f"{_WHERE} set the user's access mode to Non-interactive.",
        )
    return warned(
        f"It is {_state(user)}, but its access mode is {mode}: a person can sign in with it.",
        f"{_WHERE} set the user's access mode to Non-interactive.",
    )


def _wrong_roles(roles: Sequence[SalesRole]) -> Found | None:
    if not roles:
        return failed(
            "It has no security role in Sales.",
            f"{_WHERE} give it the Integration Administrator and Integration User roles.",
        )
    for role in roles:
        if role.template_id.lower() == SYSTEM_ADMINISTRATOR_TEMPLATE:
            return failed(
                f"It has the role {role.name}, which an integration user must not have.",
                f"{_WHERE} take {role.name} from it, or choose a dedicated user.",
            )
    return None


def _lacks_roles(roles: Sequence[SalesRole], deployed: Sequence[SalesRole]) -> Found | None:
    if len(deployed) < 2:
        return warned(
            f"It has {_names(roles)}. Sales does not have the roles of the integration solution "
            "yet.",
            "Import the integration solution: Business Central's assisted setup does it with an "
            "administrator's credentials.",
        )
    missing = _missing(roles, deployed)
    if not missing:
        return None
    return failed(
        f"It lacks {_names(missing)}.",
        f"{_WHERE} give it {_names(missing)}, which came with the integration solution.",
    )


def _lacks_base(look: Look, roles: Sequence[SalesRole], base: Sequence[SalesRole]) -> Found | None:
    """A user with a password may be one of version 15, which knows no such role."""
    missing = _missing(roles, base)
    if not missing:
        return None
    amiss = warned if look.setup.integration_auth == IntegrationAuth.PASSWORD else failed
    return amiss(
        f"It lacks {_names(missing)}, which Business Central wants from version 16 on.",
        f"{_WHERE} give it {_names(missing)}, which came with Business Central's base solution.",
    )


def _missing(held: Sequence[SalesRole], wanted: Sequence[SalesRole]) -> list[SalesRole]:
    """A copy of a role in a business unit counts as the role."""
    ids = {root.lower() for role in held for root in (role.id, role.root_id)}
    return [role for role in wanted if role.id.lower() not in ids]


def _state(user: SalesUser) -> str:
    return "an enabled application user" if user.application_id else "enabled and licensed"


def _names(roles: Sequence[SalesRole]) -> str:
    """`the role A`, `the roles A, B and C`."""
    names = [role.name for role in roles]
    if len(names) == 1:
        return f"the role {names[0]}"
    return f"the roles {', '.join(names[:-1])} and {names[-1]}"
