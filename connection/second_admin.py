"""Who the admins of a workspace are, for the rule that two of them give the weighty roles."""

from datetime import datetime, timedelta
from functools import partial

from connection.asks import Ask
from connection.audit import AuditTag
from connection.directory import FRESH_FOR, Standing
from connection.knowing import know, know_circles
from connection.people import Circle, Person, Role
from connection.ports import Ports, Reading

REMEMBERED_FOR = timedelta(days=1)
"""Whoever takes the other admin's role away does not thereby become the only one who decides."""

MOST_TOLD = 10
"""Other admins who are told of a request."""


def admins_of(
    ports: Ports, reading: Reading, workspace: str, organisation: str, now: datetime
) -> frozenset[str]:
    """User ids of members who are admin on all connections; whose standing is not known counts."""
    since = now - FRESH_FOR
    found: set[str] = set()
    for user in _candidates(ports, reading, workspace, organisation, now):
        profile = reading.profile(workspace, user, since)
        if profile is None or profile.standing is Standing.MEMBER:
            found.add(user)
    return frozenset(found)


async def other_admins(ports: Ports, ask: Ask) -> list[Person]:
    """Members who are admin beside the one who asks, `MOST_TOLD` of them; read from Slack where
    it is not known. Raises `DirectoryAway`, since nobody may seem to be the only admin."""
    organisation = ask.person.organisation

    def query(reading: Reading) -> list[str]:
        now = ports.clock.now()
        return _candidates(ports, reading, ask.workspace, organisation, now)

    await know_circles(ports, ask.workspace)
    found: list[Person] = []
    for user in await ports.ledger.read(query):
        if user == ask.person.user or len(found) == MOST_TOLD:
            continue
        await know(ports, ask.workspace, user)
        if await ports.ledger.read(partial(_is_member, ports, ask.workspace, user)):
            found.append(Person(organisation, user))
    return found


def is_only_admin(ports: Ports, reading: Reading, ask: Ask, now: datetime) -> bool:
    """By what is stored; whose standing is not known counts as an admin."""
    admins = admins_of(ports, reading, ask.workspace, ask.person.organisation, now)
    return admins <= {ask.person.user}


def _is_member(ports: Ports, workspace: str, user: str, reading: Reading) -> bool:
    profile = reading.profile(workspace, user, ports.clock.now() - FRESH_FOR)
    return profile is not None and profile.standing is Standing.MEMBER


def lately_removed(reading: Reading, ask: Ask, now: datetime) -> bool:
    """Whether somebody else was an admin a short while ago."""
    acts = reading.acts_since(ask.workspace, AuditTag.ACCESS_REMOVED, now - REMEMBERED_FOR)
    return any(
        act.details.get("role") == Role.ADMIN.value
        and not act.connection
        and act.details.get("person") != str(ask.person)
        for act in acts
    )


def _candidates(
    ports: Ports, reading: Reading, workspace: str, organisation: str, now: datetime
) -> list[str]:
    found = {one.user for one in ports.admins.people if one.organisation == organisation}
    found |= ports.admins.bare_users
    for grant in reading.grants(workspace):
        if grant.role is not Role.ADMIN or grant.connection_id:
            continue
        if not isinstance(grant.holder, Circle):
            found.add(grant.holder.user)
            continue
        roster = reading.roster(workspace, grant.holder.id, now - FRESH_FOR)
        if roster is not None and roster.usable:
            found |= roster.members
    return sorted(found)
