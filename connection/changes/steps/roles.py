"""The integration user in Sales: both roles of the solution, and its two marks.

Business Central gives the roles when it imports the solution, and marks the user as an integration
user whose invitation is accepted when the guide enables the connection (version 15, page 1817).
A role is given as the copy of the user's own business unit, the only one that Dataverse takes.
"""

from collections.abc import Mapping
from dataclasses import replace

from connection.changes.plan import Values
from connection.changes.remote import IntegrationFacts
from connection.changes.scene import Scene
from connection.changes.step import Aim
from connection.checks.integration_user import (
    INTEGRATION_ADMINISTRATOR,
    INTEGRATION_USER,
    SYSTEM_ADMINISTRATOR_TEMPLATE,
)
from connection.errors import NotReady
from connection.setup import IntegrationAuth
from connection.setup_features import ImportSolution

ROLES = {
    "Integration Administrator": INTEGRATION_ADMINISTRATOR,
    "Integration User": INTEGRATION_USER,
}
GIVEN, NOT_GIVEN = "given", "not given"

INVITATION = "Invitation"
INTEGRATION_MARK = "Integration user"
INVITATIONS = (
    "not sent",
    "invited",
    "near expiry",
    "expired",
    "accepted",
    "rejected",
    "revoked",
)
"""Labels of `invitestatuscode`, 0 to 6 (reference/entities/systemuser)."""
ACCEPTED = 4


async def look(scene: Scene) -> Values:
    """A copy of a role in a business unit is the role. Raises `NotReady` for an administrator."""
    user = await scene.integration_user()
    held = await scene.ports.sales.roles_of(scene.bot, user.id)
    for role in held:
        if role.template_id.lower() == SYSTEM_ADMINISTRATOR_TEMPLATE:
            raise NotReady(
                f"The integration user has the role {role.name}, which it must not have.",
                f"Take {role.name} from it in the Power Platform admin center, or choose a "
                "dedicated user.",
            )
    ids = {one.lower() for role in held for one in (role.id, role.root_id)}
    return {name: GIVEN if root in ids else NOT_GIVEN for name, root in ROLES.items()}


async def aim(scene: Scene, _current: Values) -> Aim | None:
    """Without the solution there are no such roles."""
    if scene.setup.import_solution == ImportSolution.NO:
        return None
    return Aim(dict.fromkeys(ROLES, GIVEN))


async def put(scene: Scene, changes: Mapping[str, str]) -> None:
    """Raises `NotReady` where Sales does not have a role."""
    user = await scene.integration_user()
    ports = scene.ports.sales_changes
    facts = await ports.integration_facts(scene.bot, user.id)
    for name, wanted in changes.items():
        role = await ports.role_of_unit(scene.bot, ROLES[name], facts.business_unit)
        if role is None:
            raise NotReady(
                f"Sales does not have the role {name}, which comes with the integration solution.",
                f"Import it with /d365 solution {scene.setup.name}.",
            )
        act = ports.give_role if wanted == GIVEN else ports.take_role
        given = role.id
        await scene.as_whoever_may(lambda access: act(access, user.id, given))  # noqa: B023


async def look_at_marks(scene: Scene) -> Values:
    """Of the row in `systemusers`."""
    user = await scene.integration_user()
    facts = await scene.ports.sales_changes.integration_facts(scene.bot, user.id)
    return {
        INVITATION: _label(facts.invitation),
        INTEGRATION_MARK: "yes" if facts.integration_user else "no",
    }


def _label(status: int) -> str:
    return INVITATIONS[status] if 0 <= status < len(INVITATIONS) else f"status {status}"


async def aim_at_marks(scene: Scene, _current: Values) -> Aim | None:
    """An application user was never invited, and has no such mark."""
    if scene.setup.integration_auth != IntegrationAuth.PASSWORD:
        return None
    return Aim({INVITATION: INVITATIONS[ACCEPTED], INTEGRATION_MARK: "yes"})


async def put_marks(scene: Scene, changes: Mapping[str, str]) -> None:
    """Only what differs."""
    user = await scene.integration_user()
    ports = scene.ports.sales_changes
    now = await ports.integration_facts(scene.bot, user.id)
    wanted = _marked(now, changes)
    await scene.as_whoever_may(lambda access: ports.set_integration_facts(access, user.id, wanted))


def _marked(now: IntegrationFacts, changes: Mapping[str, str]) -> IntegrationFacts:
    label = changes.get(INVITATION, "")
    invitation = INVITATIONS.index(label) if label in INVITATIONS else now.invitation
    mark = changes.get(INTEGRATION_MARK)
    flag = mark == "yes" if mark else now.integration_user
    return replace(now, invitation=invitation, integration_user=flag)
