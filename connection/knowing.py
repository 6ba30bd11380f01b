"""Asking Slack who somebody is, where what is stored is too old to count."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from connection.admin_changes import keep_profile, keep_roster, never_asked_about
from connection.admins import candidates
from connection.directory import FRESH_FOR, Channel, Profile, Roster
from connection.errors import DirectoryAway
from connection.people import Circle, Grant
from connection.ports import Ports, Reading

log = logging.getLogger(__name__)

RENEW_AFTER = timedelta(minutes=9)
"""Renewed every five minutes, so that nothing in use grows older than `FRESH_FOR`."""

WARM_FOR = timedelta(hours=1)
"""People who asked for something within that time are kept known."""

ADMINS_AFTER = timedelta(hours=12)
"""Admins are asked about though they do nothing, so that it is noticed when they leave."""

MOST_ASKED = 20
"""Admins whom Slack is asked about in one go."""

TRIES = 3
"""Something may change while it is read; then it is read again."""

Which = Callable[[Grant], bool]


def _any(_grant: Grant) -> bool:
    return True


async def know(ports: Ports, workspace: str, user: str) -> None:
    """The person. Calls nothing where they are known. Raises `DirectoryAway`."""
    for _ in range(TRIES):
        since = ports.clock.now() - FRESH_FOR
        if await ports.ledger.read(partial(_profile, workspace, user, since)):
            return
        await _read_profile(ports, workspace, user)
    raise unsettled()


async def know_circles(ports: Ports, workspace: str, which: Which = _any) -> None:
    """Every group and channel that holds such a role in the workspace.

    Raises `DirectoryAway` for the first that Slack does not tell, after all others were read.
    """
    for _ in range(TRIES):
        since = ports.clock.now() - FRESH_FOR
        circles = await ports.ledger.read(partial(_unknown_circles, workspace, since, which))
        if not circles:
            return
        away: DirectoryAway | None = None
        for circle in circles:
            try:
                await _read_roster(ports, workspace, circle)
            except DirectoryAway as error:
                away = away or error
        if away is not None:
            raise away
    raise unsettled()


async def know_channel(ports: Ports, workspace: str, channel: str) -> Channel | None:
    """None where the bot cannot see it. Raises `DirectoryAway`."""
    for _ in range(TRIES):
        since = ports.clock.now() - FRESH_FOR
        known = await ports.ledger.read(partial(_channel, workspace, channel, since))
        if known is not None:
            return known
        if await _read_channel(ports, workspace, channel) is None:
            return None
    raise unsettled()


async def know_profile(ports: Ports, workspace: str, user: str) -> Profile:
    """Read anew, as before a role is given. Raises `DirectoryAway`."""
    return await _read_profile(ports, workspace, user)


async def know_channel_anew(ports: Ports, workspace: str, channel: str) -> Channel | None:
    """The same for a channel."""
    return await _read_channel(ports, workspace, channel)


async def know_circle(ports: Ports, workspace: str, circle: Circle) -> Roster:
    """The same for the members of a group or channel."""
    return await _read_roster(ports, workspace, circle)


async def know_again(ports: Ports) -> None:
    """Renew what is in use, before it grows too old: first the groups and channels, which many
    depend on; and look at admins from time to time. What Slack does not tell stays as it is, and
    hinders nothing else."""
    now = ports.clock.now()

    def query(reading: Reading) -> tuple[list[tuple[str, Circle]], list[tuple[str, str]]]:
        old = now - RENEW_AFTER
        recent = reading.recent_people(now - WARM_FOR)
        people = [one for one in recent if not reading.profile(*one, old)]
        return (
            [one for one in reading.circles() if not reading.roster(one[0], one[1].id, old)],
            list(dict.fromkeys([*people, *_admins_unseen(ports, reading, now)])),
        )

    circles, people = await ports.ledger.read(query)
    acts: list[Callable[[], Awaitable[object]]] = []
    acts += [partial(_read_roster, ports, *one) for one in circles]
    acts += [partial(_read_profile, ports, *one) for one in people]
    await _each(acts)


def _admins_unseen(ports: Ports, reading: Reading, now: datetime) -> list[tuple[str, str]]:
    """Those whom Slack was never asked about, not for long, or not since it told of a change."""
    found = []
    for workspace in {*reading.workspaces(), *(one[0] for one in reading.circles())}:
        known = candidates(ports.admins, reading, workspace, workspace, None)
        for user in sorted(known.people):
            last = reading.last_profile(workspace, user)
            if last is None or last.read_at < now - ADMINS_AFTER:
                found.append((workspace, user))
    return found[:MOST_ASKED]


async def _each(acts: Sequence[Callable[[], Awaitable[object]]]) -> None:
    missed = 0
    for act in acts:
        try:
            await act()
        except DirectoryAway as away:
            missed += 1
            if missed == 1:
                log.info("Slack does not tell who is who", extra={"reason": away.message})


def _profile(workspace: str, user: str, since: datetime, reading: Reading) -> Profile | None:
    return reading.profile(workspace, user, since)


def _channel(workspace: str, channel: str, since: datetime, reading: Reading) -> Channel | None:
    return reading.channel(workspace, channel, since)


def _unknown_circles(
    workspace: str, since: datetime, which: Which, reading: Reading
) -> list[Circle]:
    wanted = dict.fromkeys(grant.holder for grant in reading.grants(workspace) if which(grant))
    circles = [one for one in wanted if isinstance(one, Circle)]
    return [one for one in circles if reading.roster(workspace, one.id, since) is None]


async def _read_profile(ports: Ports, workspace: str, user: str) -> Profile:
    await ports.ledger.run(lambda tx: tx.directory_asked(workspace, user))
    found = await ports.directory.profile(workspace, user)
    await ports.ledger.run(lambda tx: keep_profile(tx, ports.admins, found, ports.clock.now()))
    return found


async def _read_roster(ports: Ports, workspace: str, circle: Circle) -> Roster:
    await ports.ledger.run(lambda tx: tx.directory_asked(workspace, circle.id))
    if circle.is_group:
        found = await ports.directory.group(workspace, circle.id)
    else:
        found = await _members(ports, workspace, circle)

    await _know_new_admins(ports, found)
    await ports.ledger.run(lambda tx: keep_roster(tx, ports.admins, found, ports.clock.now()))
    return found


async def _know_new_admins(ports: Ports, found: Roster) -> None:
    """So that a guest in a group is not taken for an admin. Whoever is not known counts as one."""
    new = await ports.ledger.read(lambda reading: never_asked_about(reading, found))
    with contextlib.suppress(DirectoryAway):
        for user in new[:MOST_ASKED]:
            await _read_profile(ports, found.workspace, user)


async def _read_channel(ports: Ports, workspace: str, channel: str) -> Channel | None:
    await ports.ledger.run(lambda tx: tx.directory_asked(workspace, channel))
    found = await ports.directory.channel(workspace, channel)
    if found is not None:
        await ports.ledger.run(lambda tx: tx.keep_channel(found))
    return found


async def _members(ports: Ports, workspace: str, circle: Circle) -> Roster:
    """Nobody of a channel that gives nobody a role. As old as the first of its two calls."""
    asked_at = ports.clock.now()
    channel = await _read_channel(ports, workspace, circle.id)
    if channel is not None and channel.usable and channel.present:
        told = await ports.directory.channel_members(channel)
        return replace(told, read_at=min(told.read_at, channel.read_at))
    name = channel.name if channel else ""
    return Roster(workspace, circle.id, name, False, frozenset(), asked_at)


def unsettled() -> DirectoryAway:
    """After so many tries."""
    return DirectoryAway(
        "People and groups change in Slack faster than I can read them. Nothing was done.",
        "Try again in a moment.",
    )
