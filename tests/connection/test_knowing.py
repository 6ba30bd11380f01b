"""What Slack told is believed for a while, and never beyond what Slack told since."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connection.directory import FRESH_FOR, Channel, Roster, Standing
from connection.errors import DirectoryAway
from connection.knowing import know, know_again, know_channel, know_circle, know_circles
from connection.people import Circle, Person, Role
from connection.ports import Ports
from storage.database import Database
from tests.connection.test_settling import MovedClock, clock, directory, give, ports
from tests.directories import FakeDirectory
from tests.parity.fakes import ports_on
from tests.storage.conftest import database, original, stored

__all__ = ["clock", "database", "directory", "original", "ports", "stored"]

GROUP, OTHER_GROUP, CHANNEL = Circle("S0CRM"), Circle("S0OPS"), Circle("C0CRM")
SECOND = timedelta(seconds=1)


async def _changes(ports: Ports, name: str, *, members: bool = False) -> None:
    now = ports.clock.now()
    await ports.ledger.run(lambda tx: tx.directory_changed(name, now, members=members))


async def _profile_known(ports: Ports, workspace: str, user: str) -> bool:
    since = ports.clock.now() - FRESH_FOR
    return await ports.ledger.read(lambda r: r.profile(workspace, user, since)) is not None


async def test_a_channel_is_as_old_as_the_first_of_its_two_calls(
    database: Database, clock: MovedClock
) -> None:
    """It may have become shared while its members were read."""

    class Slow(FakeDirectory):
        async def channel_members(self, channel: Channel, /) -> Roster:
            clock.move(SECOND)
            return await super().channel_members(channel)

    slow = Slow(clock)
    slow.channels[CHANNEL.id] = Channel(
        "T1", CHANNEL.id, "crm", True, False, False, True, clock.now()
    )
    slow.rosters[CHANNEL.id] = Roster("T1", CHANNEL.id, "crm", True, frozenset({"U1"}), clock.now())
    began = clock.now()
    told = await know_circle(ports_on(database, clock=clock, directory=slow), "T1", CHANNEL)
    assert told.read_at == began
    assert told.members == {"U1"}


async def test_a_channel_that_changes_while_it_is_read_is_read_again(
    database: Database, clock: MovedClock
) -> None:
    """What is posted into it depends on that."""

    class Eventful(FakeDirectory):
        async def channel(self, workspace: str, channel: str, /) -> Channel | None:
            told = await super().channel(workspace, channel)
            if len(self.asked) == 1:
                clock.move(SECOND)
                await _changes(mine, channel)
                clock.move(SECOND)
                self.channels[channel] = replace(_seen(told), shared=True)
            return told

    directory = Eventful(clock)
    mine = ports_on(database, clock=clock, directory=directory)
    found = await know_channel(mine, "T1", CHANNEL.id)
    assert _seen(found).shared
    assert directory.asked == [CHANNEL.id] * 2


def _seen(channel: Channel | None) -> Channel:
    assert channel is not None
    return channel


async def test_what_never_stands_still_is_not_believed(
    database: Database, clock: MovedClock
) -> None:
    class Restless(FakeDirectory):
        async def channel(self, workspace: str, channel: str, /) -> Channel | None:
            told = await super().channel(workspace, channel)
            clock.move(SECOND)
            await _changes(mine, channel)
            return told

    mine = ports_on(database, clock=clock, directory=Restless(clock))
    with pytest.raises(DirectoryAway, match="faster than I can read"):
        await know_channel(mine, "T1", CHANNEL.id)


async def test_a_clock_that_was_ahead_makes_nobody_known_for_longer(
    ports: Ports, clock: MovedClock
) -> None:
    await know(ports, "T1", "U1")
    clock.move(timedelta(hours=-2))
    assert not await _profile_known(ports, "T1", "U1")
    await know(ports, "T1", "U1")
    assert await _profile_known(ports, "T1", "U1")


async def test_an_event_counts_though_the_clock_was_set_back(
    ports: Ports, clock: MovedClock, directory: FakeDirectory
) -> None:
    await know(ports, "T1", "U1")
    clock.move(timedelta(seconds=-30))
    await _changes(ports, "U1")
    assert not await _profile_known(ports, "T1", "U1")
    directory.people["U1"] = Standing.GUEST
    clock.move(SECOND)
    await know(ports, "T1", "U1")
    assert await _profile_known(ports, "T1", "U1")


async def test_an_event_tells_every_workspace(ports: Ports, clock: MovedClock) -> None:
    """On Enterprise Grid it names one, and the person is the same in all."""
    for workspace in ("T1", "T2"):
        await know(ports, workspace, "W1")
    clock.move(SECOND)
    await _changes(ports, "W1")
    assert [await _profile_known(ports, one, "W1") for one in ("T1", "T2")] == [False, False]


async def test_who_comes_and_goes_in_a_public_channel_makes_nobody_ask(
    ports: Ports, clock: MovedClock, directory: FakeDirectory
) -> None:
    await know_channel(ports, "T1", "C0GENERAL")
    clock.move(SECOND)
    await _changes(ports, "C0GENERAL", members=True)
    await know_channel(ports, "T1", "C0GENERAL")
    assert directory.asked == ["C0GENERAL"]


async def test_an_event_about_a_stranger_leaves_no_row(ports: Ports, clock: MovedClock) -> None:
    await _changes(ports, "U0STRANGER")
    clock.move(SECOND)
    await know(ports, "T1", "U0STRANGER")
    assert await _profile_known(ports, "T1", "U0STRANGER")


class Deaf(FakeDirectory):
    """One group cannot be read."""

    async def group(self, workspace: str, group: str, /) -> Roster:
        if group == GROUP.id:
            self.asked.append(group)
            raise DirectoryAway("One group is not told.")
        return await super().group(workspace, group)


async def test_a_group_that_cannot_be_read_hides_no_other(
    database: Database, clock: MovedClock
) -> None:
    deaf = Deaf(clock)
    ports = ports_on(database, clock=clock, directory=deaf)
    for group in (GROUP, OTHER_GROUP):
        await give(ports, group, Role.VIEWER)
    with pytest.raises(DirectoryAway):
        await know_circles(ports, "T1")
    since = clock.now() - FRESH_FOR
    assert await ports.ledger.read(lambda r: r.roster("T1", OTHER_GROUP.id, since))


async def test_a_group_that_cannot_be_read_keeps_nobody_from_being_renewed(
    database: Database, clock: MovedClock
) -> None:
    deaf = Deaf(clock)
    ports = ports_on(database, clock=clock, directory=deaf)
    for group in (GROUP, OTHER_GROUP):
        await give(ports, group, Role.VIEWER)
    await know_again(ports)
    assert sorted(deaf.asked) == [GROUP.id, OTHER_GROUP.id]


async def test_a_name_outlives_the_event(ports: Ports, directory: FakeDirectory) -> None:
    directory.rosters[GROUP.id] = Roster(
        "T1", GROUP.id, "crm", True, frozenset(), ports.clock.now()
    )
    await give(ports, GROUP, Role.VIEWER)
    await know_circles(ports, "T1")
    await _changes(ports, GROUP.id)
    last = await ports.ledger.read(lambda r: r.last_roster("T1", GROUP.id))
    assert last is not None
    assert last.name == "crm"
    since = ports.clock.now() - FRESH_FOR
    assert await ports.ledger.read(lambda r: r.roster("T1", GROUP.id, since)) is None


async def test_a_large_group_is_asked_for_one_name(ports: Ports, directory: FakeDirectory) -> None:
    """And for no part of one."""
    members = frozenset({"U0VERA", "U0VERA2"})
    directory.rosters[GROUP.id] = Roster("T1", GROUP.id, "crm", True, members, ports.clock.now())
    await know_circle(ports, "T1", GROUP)
    since = ports.clock.now() - FRESH_FOR

    async def belongs(user: str) -> bool | None:
        return await ports.ledger.read(lambda r: r.belongs("T1", GROUP.id, user, since))

    asked = ("U0VERA", "U0VERA2", "U0VER", "0VERA", "")
    assert [await belongs(one) for one in asked] == [True, True, False, False, False]
    assert Person("T1", "U0VERA").user in members
