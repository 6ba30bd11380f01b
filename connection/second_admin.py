"""Who the admins of a workspace are, for the rule that two of them give the weighty roles.

What is not known counts against whoever would be alone: a person whose standing, a group or
channel whose members were not read lately.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from connection.asks import Ask
from connection.audit import AuditTag
from connection.directory import FRESH_FOR, Standing
from connection.knowing import know, know_circles
from connection.people import Circle, Grant, Person, Role
from connection.ports import Ports, Reading

REMEMBERED_FOR = timedelta(days=1)
"""Whoever takes the other admin's role away does not thereby become the only one who decides."""

MOST_TOLD = 10
"""Other admins who are told of a request."""


@dataclass(frozen=True, slots=True)
class Known:
    """User ids of admins on all connections: members, and those of unknown standing.

    `unread` says that a group or channel may hold more.
    """

    members: frozenset[str]
    unknown: frozenset[str]
    unread: bool


def admins_of(ports: Ports, reading: Reading, ask: Ask, now: datetime) -> Known:
    """By what is stored."""
    since = now - FRESH_FOR
    candidates, unread = _candidates(ports, reading, ask, since)
    members: set[str] = set()
    unknown: set[str] = set()
    for user in candidates:
        profile = reading.profile(ask.workspace, user, since)
        if profile is None:
            unknown.add(user)
        elif profile.standing is Standing.MEMBER:
            members.add(user)
    return Known(frozenset(members), frozenset(unknown), unread)


async def other_admins(ports: Ports, ask: Ask) -> list[Person]:
    """Members who are admin beside the one who asks, `MOST_TOLD` of them; read from Slack where
    it is not known. Raises `DirectoryAway`, since nobody may seem to be the only admin."""

    def query(reading: Reading) -> list[str]:
        return sorted(_candidates(ports, reading, ask, ports.clock.now() - FRESH_FOR)[0])

    await know_circles(ports, ask.workspace, is_admin_of_all)
    found: list[Person] = []
    for user in await ports.ledger.read(query):
        if user == ask.person.user or len(found) == MOST_TOLD:
            continue
        await know(ports, ask.workspace, user)
        if await ports.ledger.read(partial(_is_member, ports, ask.workspace, user)):
            found.append(Person(ask.person.organisation, user))
    return found


def is_only_admin(ports: Ports, reading: Reading, ask: Ask, now: datetime) -> bool:
    """Nobody else is one, and nobody else may be one unseen."""
    known = admins_of(ports, reading, ask, now)
    return not known.unread and (known.members | known.unknown) <= {ask.person.user}


def lately_removed(reading: Reading, ask: Ask, wanted: Grant, now: datetime) -> bool:
    """Whether somebody else was an admin a short while ago, and is a member still.

    To give the very role back that was taken is no way around, so that does not count.
    """
    since = now - REMEMBERED_FOR
    taken = reading.acts_since(ask.workspace, AuditTag.ACCESS_REMOVED, since)
    lost = reading.acts_since(ask.workspace, AuditTag.ACCESS_LOST, since)
    for act in (*taken, *lost):
        if act.details.get("role") != Role.ADMIN.value or act.connection:
            continue
        who = str(act.details.get("person") or act.details.get("user") or "")
        user = who.rpartition("/")[2]
        same = isinstance(wanted.holder, Person) and wanted.holder.user == user
        if user == ask.person.user or (same and wanted.role is Role.ADMIN):
            continue
        profile = reading.profile(ask.workspace, user, now - FRESH_FOR) if user else None
        if profile is None or profile.standing is Standing.MEMBER:
            return True
    return False


def is_admin_of_all(grant: Grant) -> bool:
    """Admin on all connections."""
    return grant.role is Role.ADMIN and not grant.connection_id


def _is_member(ports: Ports, workspace: str, user: str, reading: Reading) -> bool:
    profile = reading.profile(workspace, user, ports.clock.now() - FRESH_FOR)
    return profile is not None and profile.standing is Standing.MEMBER


def _candidates(ports: Ports, reading: Reading, ask: Ask, since: datetime) -> tuple[set[str], bool]:
    """User ids; and whether a group or channel was not read."""
    organisation = ask.person.organisation
    found = {one.user for one in ports.admins.people if one.organisation == organisation}
    found |= ports.admins.bare_users
    unread = False
    for grant in filter(is_admin_of_all, reading.grants(ask.workspace)):
        if isinstance(grant.holder, Circle):
            roster = reading.roster(ask.workspace, grant.holder.id, since)
            unread |= roster is None
            found |= roster.members if roster is not None and roster.usable else frozenset()
        elif grant.holder.organisation == organisation:
            found.add(grant.holder.user)
    return found, unread
