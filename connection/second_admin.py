"""Who the admins of a workspace are, for the rule that two of them give the weighty roles."""

from datetime import datetime, timedelta

from connection.asks import Ask
from connection.audit import AuditTag
from connection.directory import FRESH_FOR, Standing
from connection.knowing import know
from connection.people import Circle, Person, Role
from connection.ports import Ports, Reading

REMEMBERED_FOR = timedelta(days=1)
"""Whoever takes the other admin's role away does not thereby become the only one who decides."""

MOST_ASKED = 20
"""Other admins who are looked at, and told of a request."""


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
    """Members who are admin beside the one who asks; their standing is read from Slack where it
    is not known. Raises `DirectoryAway`."""
    organisation = ask.person.organisation

    def query(reading: Reading) -> list[str]:
        now = ports.clock.now()
        return _candidates(ports, reading, ask.workspace, organisation, now)

    others = [user for user in await ports.ledger.read(query) if user != ask.person.user]
    for user in others[:MOST_ASKED]:
        await know(ports, ask.workspace, user)
    now = ports.clock.now()
    members = await ports.ledger.read(
        lambda reading: admins_of(ports, reading, ask.workspace, organisation, now)
    )
    return [Person(organisation, user) for user in others[:MOST_ASKED] if user in members]


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
