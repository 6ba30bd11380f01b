"""The rule that two admins give the weighty roles: who the other one is, and who was one lately.

What is not known counts against whoever would be alone: a person whose standing, a group or
channel whose members were not read lately.
"""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from connection.admin_changes import MOST_TOLD, user_of
from connection.admins import REMEMBERED_FOR, candidates, circle_of, is_admin_of_all
from connection.asks import Ask
from connection.audit import AuditEntry, AuditTag
from connection.directory import FRESH_FOR, Standing
from connection.errors import DirectoryAway
from connection.knowing import know, know_circles
from connection.people import Circle, Grant, Person, Role
from connection.ports import Ports, Reading

SOON = 10.0
"""Seconds that taking a role away waits for Slack at most."""


@dataclass(frozen=True, slots=True)
class Known:
    """User ids of admins on all connections: members, and those of unknown standing.

    `unread` says that a group or channel may hold more.
    """

    members: frozenset[str]
    unknown: frozenset[str]
    unread: bool


def admins_of(
    ports: Ports, reading: Reading, ask: Ask, now: datetime, *, everywhere: bool = True
) -> Known:
    """By what is stored; see `candidates`."""
    since = now - FRESH_FOR
    found = candidates(
        ports.admins,
        reading,
        ask.workspace,
        ask.person.organisation,
        since,
        everywhere=everywhere,
    )
    members: set[str] = set()
    unknown: set[str] = set()
    for user in found.people:
        profile = reading.profile(ask.workspace, user, since)
        if profile is None:
            unknown.add(user)
        elif profile.standing is Standing.MEMBER:
            members.add(user)
    return Known(frozenset(members), frozenset(unknown), found.unread)


async def other_admins(ports: Ports, ask: Ask) -> list[Person]:
    """Members who are admin beside the one who asks, `MOST_TOLD` of them; read from Slack where
    it is not known. Raises `DirectoryAway` after all was read that Slack tells, since nobody may
    seem to be the only admin."""
    away: DirectoryAway | None = None
    try:
        await know_circles(ports, ask.workspace, is_admin_of_all)
    except DirectoryAway as error:
        away = error
    found: list[Person] = []
    for person in await ports.ledger.read(partial(_others, ports, ask)):
        if len(found) == MOST_TOLD:
            break
        try:
            await know(ports, ask.workspace, person.user)
        except DirectoryAway as error:
            away = away or error
        if await ports.ledger.read(partial(_is_member, ports, ask, person)):
            found.append(person)
    if away is not None:
        raise away
    return found


async def other_admins_soon(ports: Ports, ask: Ask) -> list[Person]:
    """The same for what must not wait for Slack: those who are known by then."""
    with contextlib.suppress(DirectoryAway, TimeoutError):
        async with asyncio.timeout(SOON):
            await other_admins(ports, ask)

    def known(reading: Reading) -> list[Person]:
        return [one for one in _others(ports, ask, reading) if _is_member(ports, ask, one, reading)]

    return (await ports.ledger.read(known))[:MOST_TOLD]


def is_only_admin(ports: Ports, reading: Reading, ask: Ask, now: datetime) -> bool:
    """Nobody else is one, and nobody else may be one unseen."""
    known = admins_of(ports, reading, ask, now)
    return not known.unread and (known.members | known.unknown) <= {ask.person.user}


async def know_those_before(ports: Ports, ask: Ask, wanted: Grant) -> None:
    """What they are in Slack who were admins a short while ago, until one is a member still."""
    now = ports.clock.now()
    users = await ports.ledger.read(lambda reading: list(_before(reading, ask, wanted, now)))
    for user in dict.fromkeys(users):
        if not user:
            return
        with contextlib.suppress(DirectoryAway):
            await know(ports, ask.workspace, user)
        if await ports.ledger.read(partial(_is_member, ports, ask, Person("", user))):
            return


def lately_removed(reading: Reading, ask: Ask, wanted: Grant, now: datetime) -> bool:
    """Whether somebody else was an admin a short while ago, and is a member still.

    To give the very role back that was taken is no way around, so that does not count.
    """
    for user in _before(reading, ask, wanted, now):
        profile = reading.profile(ask.workspace, user, now - FRESH_FOR)
        if not user or profile is None or profile.standing is Standing.MEMBER:
            return True
    return False


_ANYBODY = ""
"""In place of a user id: whoever it was, it counts."""


def _before(reading: Reading, ask: Ask, wanted: Grant, now: datetime) -> Iterator[str]:
    since = now - REMEMBERED_FOR
    taken = reading.acts_since(ask.workspace, AuditTag.ACCESS_REMOVED, since)
    lost = reading.acts_since(ask.workspace, AuditTag.ACCESS_LOST, since)
    same_circle = _is_given_back(reading, ask, wanted, lost)
    for act in (*taken, *lost):
        if act.details.get("role") != Role.ADMIN.value or act.connection:
            continue
        user, circle = user_of(act), circle_of(act.details)
        same = isinstance(wanted.holder, Person) and wanted.holder.user == user
        same = same or (bool(circle) and circle == same_circle)
        if user == ask.person.user or (same and wanted.role is Role.ADMIN):
            continue
        if "standing" in act.details:  # they are no member by what happened
            yield _ANYBODY
        elif user:
            yield user
        elif "members" not in act.details:  # else each of them has a row of their own
            yield _ANYBODY


def _is_given_back(reading: Reading, ask: Ask, wanted: Grant, lost: Sequence[AuditEntry]) -> str:
    """The group or channel that is to get back what it had, with nobody in it who was not."""
    if not isinstance(wanted.holder, Circle):
        return ""
    circle = wanted.holder.id
    roster = reading.last_roster(wanted.workspace, circle)
    before = {user_of(act) for act in lost if circle_of(act.details) == circle}
    now = roster.members if roster is not None else frozenset()
    return circle if now <= before | {ask.person.user} else ""


def _others(ports: Ports, ask: Ask, reading: Reading) -> list[Person]:
    since = ports.clock.now() - FRESH_FOR
    organisation = ask.person.organisation
    found = candidates(ports.admins, reading, ask.workspace, organisation, since).people
    return [one for user, one in sorted(found.items()) if user != ask.person.user]


def _is_member(ports: Ports, ask: Ask, person: Person, reading: Reading) -> bool:
    profile = reading.profile(ask.workspace, person.user, ports.clock.now() - FRESH_FOR)
    return profile is not None and profile.standing is Standing.MEMBER
