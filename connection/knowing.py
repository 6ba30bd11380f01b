"""Asking Slack who somebody is, where what is stored is too old to count."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from connection.directory import FRESH_FOR, Channel, Profile, Roster
from connection.errors import DirectoryAway
from connection.people import Circle
from connection.ports import Ports, Reading

RENEW_AFTER = timedelta(minutes=9)
"""Renewed every five minutes, so that nothing in use grows older than `FRESH_FOR`."""

WARM_FOR = timedelta(hours=1)
"""People who asked for something within that time are kept known."""

TRIES = 3
"""Something may change while it is read; then it is read again."""


async def know(ports: Ports, workspace: str, user: str) -> None:
    """The person. Calls nothing where they are known. Raises `DirectoryAway`."""
    for _ in range(TRIES):
        since = ports.clock.now() - FRESH_FOR
        if await ports.ledger.read(partial(_profile, workspace, user, since)):
            return
        await _read_profile(ports, workspace, user)
    raise _unsettled()


async def know_circles(ports: Ports, workspace: str) -> None:
    """Every group and channel that holds a role in the workspace. Raises `DirectoryAway`."""
    for _ in range(TRIES):
        since = ports.clock.now() - FRESH_FOR
        circles = await ports.ledger.read(partial(_unknown_circles, workspace, since))
        if not circles:
            return
        for circle in circles:
            await _read_roster(ports, workspace, circle)
    raise _unsettled()


async def know_channel(ports: Ports, workspace: str, channel: str) -> Channel | None:
    """None where the bot cannot see it. Raises `DirectoryAway`."""
    since = ports.clock.now() - FRESH_FOR
    known = await ports.ledger.read(lambda reading: reading.channel(workspace, channel, since))
    if known is not None:
        return known
    return await _read_channel(ports, workspace, channel)


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
    """Renew what is in use, before it grows too old. What Slack does not tell stays as it is."""
    now = ports.clock.now()

    def query(reading: Reading) -> tuple[list[tuple[str, str]], list[tuple[str, Circle]]]:
        old = now - RENEW_AFTER
        return (
            [
                one
                for one in reading.recent_people(now - WARM_FOR)
                if not reading.profile(*one, old)
            ],
            [one for one in reading.circles() if not reading.roster(one[0], one[1].id, old)],
        )

    people, circles = await ports.ledger.read(query)
    for workspace, user in people:
        await _read_profile(ports, workspace, user)
    for workspace, circle in circles:
        await _read_roster(ports, workspace, circle)


def _profile(workspace: str, user: str, since: datetime, reading: Reading) -> Profile | None:
    return reading.profile(workspace, user, since)


def _unknown_circles(workspace: str, since: datetime, reading: Reading) -> list[Circle]:
    holders = dict.fromkeys(grant.holder for grant in reading.grants(workspace))
    circles = [one for one in holders if isinstance(one, Circle)]
    return [one for one in circles if reading.roster(workspace, one.id, since) is None]


async def _read_profile(ports: Ports, workspace: str, user: str) -> Profile:
    found = await ports.directory.profile(workspace, user)
    await ports.ledger.run(lambda tx: tx.keep_profile(found))
    return found


async def _read_roster(ports: Ports, workspace: str, circle: Circle) -> Roster:
    if circle.is_group:
        found = await ports.directory.group(workspace, circle.id)
    else:
        found = await _members(ports, workspace, circle)
    await ports.ledger.run(lambda tx: tx.keep_roster(found))
    return found


async def _read_channel(ports: Ports, workspace: str, channel: str) -> Channel | None:
    found = await ports.directory.channel(workspace, channel)
    if found is not None:
        await ports.ledger.run(lambda tx: tx.keep_channel(found))
    return found


async def _members(ports: Ports, workspace: str, circle: Circle) -> Roster:
    """Nobody of a channel that gives nobody a role."""
    asked_at = ports.clock.now()
    channel = await _read_channel(ports, workspace, circle.id)
    if channel is not None and channel.usable and channel.present:
        return await ports.directory.channel_members(channel)
    name = channel.name if channel else ""
    return Roster(workspace, circle.id, name, False, frozenset(), asked_at)


async def patiently(
    act: Callable[[], Awaitable[None]],
    patience: float,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Asks again by Slack's Retry-After, for so many seconds in all. Raises `DirectoryAway`."""
    left = patience
    while True:
        try:
            await act()
        except DirectoryAway as away:
            wait = max(away.retry_after, 1.0)
            if wait > left:
                raise
            left -= wait
            await sleep(wait)
        else:
            return


def _unsettled() -> DirectoryAway:
    return DirectoryAway(
        "People and groups change in Slack faster than I can read them. Nothing was done.",
        "Try again in a moment.",
    )
