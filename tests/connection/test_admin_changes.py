"""Whoever edits groups, channels and accounts in Slack gets neither rid of the second admin nor one
of their own."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from connection.admin_changes import keep_roster
from connection.admins import REMEMBERED_FOR, is_established
from connection.asks import Audience
from connection.audit import AuditEntry, AuditTag
from connection.directory import EVER, FRESH_FOR, Channel, Profile, Roster, Standing
from connection.errors import DirectoryAway
from connection.knowing import ADMINS_AFTER, know, know_again, know_circles
from connection.people import Circle, Person, Role
from connection.ports import Ports
from tests.connection.test_second_admin import (
    ADA,
    ADMINS,
    BEN,
    SAM,
    Admin,
    ada,
    ben,
    clock,
    database,
    directory,
    hold,
    holds,
    original,
    ports,
    stored,
    with_group,
)
from tests.connection.test_settling import MovedClock
from tests.directories import FakeDirectory

__all__ = ["ada", "ben", "clock", "database", "directory", "original", "ports", "stored"]

SECOND = timedelta(seconds=1)
GIL, PAUL = Person("T1", "U0GIL01"), Person("T1", "U0PAUL")


async def changes(ports: Ports, clock: MovedClock, name: str) -> None:
    """Slack says so."""
    clock.move(SECOND)
    now = clock.now()
    await ports.ledger.run(lambda tx: tx.directory_changed(name, now))
    clock.move(SECOND)


async def rows(ports: Ports, tag: AuditTag) -> list[AuditEntry]:
    return list(await ports.ledger.read(lambda r: r.acts_since("T1", tag, EVER)))


async def users(ports: Ports, tag: AuditTag) -> set[object]:
    return {act.details["user"] for act in await rows(ports, tag)}


async def group_of_admins(
    ada: Admin, directory: FakeDirectory, clock: MovedClock, *members: Person
) -> None:
    """Ada alone gives the group the role, with so many in it."""
    with_group(directory, *members)
    assert "now has" in await ada.types(f"add {ADMINS.id} admin")
    clock.move(SECOND)


async def brought_in(
    ports: Ports, clock: MovedClock, directory: FakeDirectory, *members: Person
) -> None:
    """Somebody edits the group in Slack, and the bot reads it."""
    with_group(directory, *members)
    await changes(ports, clock, ADMINS.id)
    await know_circles(ports, "T1")


async def test_whoever_is_brought_into_a_group_of_admins_is_in_the_record(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await group_of_admins(ada, directory, clock, ADA)
    await hold(ports, BEN, Role.ADMIN)
    assert not await rows(ports, AuditTag.ACCESS_GAINED)
    await brought_in(ports, clock, directory, ADA, SAM)
    [gained] = await rows(ports, AuditTag.ACCESS_GAINED)
    assert gained.details["user"] == SAM.user
    assert gained.details["group"] == f"{ADMINS.id} admins"
    assert gained.actor == "slack/slack"


async def test_the_other_admins_are_told_of_a_new_one_in_a_group(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await group_of_admins(ada, directory, clock, ADA)
    await hold(ports, BEN, Role.ADMIN)
    await brought_in(ports, clock, directory, ADA, SAM)
    due = await ports.ledger.read(lambda r: r.due_showings(clock.now(), 50))
    told = {one.person: one.subject for one in due if one.audience is Audience.DIRECT}
    assert set(told) == {ADA, BEN}
    said = await ports.ledger.read(lambda r: r.answer(told[BEN]))
    assert said is not None
    assert f"by the group @admins: <@{SAM.user}>" in said.message
    await ports.ledger.run(lambda tx: tx.forget(clock.now() + FRESH_FOR))
    assert await ports.ledger.read(lambda r: r.answer(told[BEN])) == said


async def test_nobody_makes_the_one_who_approves_by_bringing_them_into_a_group(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await group_of_admins(ada, directory, clock, ADA)
    await hold(ports, BEN, Role.ADMIN)
    await brought_in(ports, clock, directory, ADA, SAM)
    clock.move(timedelta(hours=1))
    assert await ada.types(f"add {PAUL.user} approver") == "asked another admin"
    sam = Admin(ports, SAM)
    assert "less than a day old" in await sam.types("approve 1")
    assert not await holds(ports, PAUL, Role.APPROVER)
    clock.move(REMEMBERED_FOR - timedelta(minutes=59))
    assert "Number 1 is granted" in await sam.types("approve 1")


async def test_nobody_has_somebody_new_in_a_group_ask_what_they_then_approve(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await group_of_admins(ada, directory, clock, ADA)
    await hold(ports, BEN, Role.ADMIN)
    await brought_in(ports, clock, directory, ADA, SAM)
    sam = Admin(ports, SAM)
    assert "less than a day old" in await sam.types(f"add {PAUL.user} approver")
    assert "now has the role viewer" in await sam.types(f"add {PAUL.user} viewer")
    assert not await ports.ledger.read(lambda r: r.access_requests("T1"))


async def test_what_somebody_asked_by_name_does_not_count_once_they_are_new_in_a_group(
    ada: Admin, ben: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await group_of_admins(ada, directory, clock, BEN)
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {PAUL.user} approver")
    await ben.types(f"remove {ADA.user} admin")
    await brought_in(ports, clock, directory, BEN, ADA)
    assert "Whoever asked for this is admin by a change in Slack" in await ben.types("approve 1")


async def test_who_is_admin_by_name_is_not_new_by_a_group(
    ada: Admin, ben: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await group_of_admins(ada, directory, clock, ADA)
    await hold(ports, BEN, Role.ADMIN)
    await brought_in(ports, clock, directory, ADA, BEN)
    await ada.types(f"add {PAUL.user} approver")
    assert "Number 1 is granted" in await ben.types("approve 1")


async def test_who_is_admin_by_a_group_for_long_is_not_new_by_another(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await group_of_admins(ada, directory, clock, ADA, SAM)
    other = Circle("S0OTHER")
    directory.rosters[other.id] = Roster("T1", other.id, "other", True, frozenset(), clock.now())
    await hold(ports, other, Role.ADMIN)
    await know_circles(ports, "T1")
    both = frozenset({SAM.user, PAUL.user})
    directory.rosters[other.id] = Roster("T1", other.id, "other", True, both, clock.now())
    await changes(ports, clock, other.id)
    await know_circles(ports, "T1")
    assert await established(ports, SAM)
    assert not await established(ports, PAUL)


async def established(ports: Ports, person: Person) -> bool:
    await know(ports, "T1", person.user)
    now = ports.clock.now()
    return await ports.ledger.read(lambda r: is_established(ports.admins, r, "T1", person, now))


@pytest.mark.parametrize("new", [False, True])
async def test_a_group_that_is_back_brings_back_whoever_was_in_it(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock, new: bool
) -> None:
    """As one that was disabled for a moment; whoever was new in it is so still."""
    await group_of_admins(ada, directory, clock, *([] if new else [SAM]))
    if new:
        await brought_in(ports, clock, directory, SAM)
    with_group(directory, SAM, usable=False)
    await changes(ports, clock, ADMINS.id)
    await know_circles(ports, "T1")
    assert await users(ports, AuditTag.ACCESS_LOST) == {SAM.user}
    await brought_in(ports, clock, directory, SAM, PAUL)
    assert await established(ports, SAM) is not new
    assert not await established(ports, PAUL)


async def test_a_channel_that_the_bot_left_for_a_while_hides_nobody_who_is_new(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    channel = Channel("T1", "C0ADMINS", "admins", True, False, False, True, clock.now())

    def with_members(*members: Person, present: bool = True) -> None:
        directory.channels[channel.id] = replace(channel, present=present)
        found = frozenset(one.user for one in members)
        directory.rosters[channel.id] = Roster("T1", channel.id, "admins", True, found, clock.now())

    with_members(ADA)
    assert "now has" in await ada.types(f"add {channel.id} admin")
    for present in (False, True):
        with_members(ADA, SAM, present=present)
        await changes(ports, clock, channel.id)
        await know_circles(ports, "T1")
    assert not await established(ports, SAM)
    assert SAM.user in await users(ports, AuditTag.ACCESS_GAINED)


async def test_a_guest_in_a_channel_of_admins_is_no_admin_in_the_record(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    """Neither when they come nor when they go; and nobody is refused because of it."""
    directory.people[GIL.user] = Standing.GUEST
    await group_of_admins(ada, directory, clock, ADA)
    await brought_in(ports, clock, directory, ADA, GIL)
    await brought_in(ports, clock, directory, ADA)
    assert GIL.user not in await users(ports, AuditTag.ACCESS_GAINED)
    assert GIL.user not in await users(ports, AuditTag.ACCESS_LOST)
    assert "now has" in await ada.types(f"add {SAM.user} approver")


async def test_a_guest_in_a_group_of_admins_who_becomes_a_member_is_new(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    directory.people[GIL.user] = Standing.GUEST
    await group_of_admins(ada, directory, clock, ADA)
    await brought_in(ports, clock, directory, ADA, GIL)
    clock.move(REMEMBERED_FOR)
    directory.people[GIL.user] = Standing.MEMBER
    await changes(ports, clock, GIL.user)
    await know_circles(ports, "T1")
    assert not await established(ports, GIL)
    assert await users(ports, AuditTag.ACCESS_GAINED) == {GIL.user}


async def test_somebody_of_whom_slack_did_not_tell_counts_when_they_leave_the_group(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    """Nobody gets rid of an admin whom the bot never had to ask about."""

    class Mute(FakeDirectory):
        async def profile(self, workspace: str, user: str, /) -> Profile:
            if user == BEN.user:
                raise DirectoryAway("mute")
            return await super().profile(workspace, user)

    mute = Mute(clock)
    quiet = replace(ports, directory=mute)
    await group_of_admins(Admin(quiet, ADA), mute, clock, ADA, BEN)
    await brought_in(quiet, clock, mute, ADA)
    with_group(directory, ADA)
    assert "removed less than a day ago" in await ada.types(f"add {SAM.user} approver")


@pytest.mark.parametrize("standing", [Standing.GUEST, Standing.DEACTIVATED])
async def test_an_admin_who_is_made_no_member_counts_for_a_day(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock, standing: Standing
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await know(ports, "T1", BEN.user)
    directory.people[BEN.user] = standing
    await changes(ports, clock, BEN.user)
    assert "removed less than a day ago" in await ada.types(f"add {SAM.user} approver")
    [lost] = await rows(ports, AuditTag.ACCESS_LOST)
    assert (lost.details["user"], lost.details["standing"]) == (BEN.user, standing.value)
    clock.move(REMEMBERED_FOR + SECOND)
    assert "now has" in await ada.types(f"add {SAM.user} approver")


async def test_an_admin_who_was_removed_is_not_forgotten_by_being_deactivated(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"remove {BEN.user} admin")
    directory.people[BEN.user] = Standing.DEACTIVATED
    await changes(ports, clock, BEN.user)
    assert "removed less than a day ago" in await ada.types(f"add {SAM.user} approver")


async def test_it_is_noticed_though_nobody_asks_when_an_admin_leaves(
    ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    """So that the day does not begin when somebody needs the second admin."""
    with_group(directory, ADA, BEN)
    await hold(ports, ADMINS, Role.ADMIN)
    await know_again(ports)
    directory.people[BEN.user] = Standing.DEACTIVATED
    await changes(ports, clock, BEN.user)
    await know_again(ports)
    assert await users(ports, AuditTag.ACCESS_LOST) == {BEN.user}
    directory.people[ADA.user] = Standing.GUEST  # and no event comes
    clock.move(ADMINS_AFTER)
    await know_again(ports)
    assert await users(ports, AuditTag.ACCESS_LOST) == {ADA.user, BEN.user}


async def test_who_left_the_company_before_they_were_removed_blocks_nobody(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    directory.people[BEN.user] = Standing.DEACTIVATED
    await ada.types(f"remove {BEN.user} admin")
    clock.move(FRESH_FOR + SECOND)
    assert "now has" in await ada.types(f"add {SAM.user} approver")


async def test_removing_a_group_that_holds_nobody_else_blocks_nobody(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await group_of_admins(ada, directory, clock, ADA)
    await ada.types(f"remove {ADMINS.id} admin")
    assert "now has" in await ada.types(f"add {SAM.user} approver")


async def test_who_was_admin_by_a_group_that_was_removed_counts_for_a_day(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await group_of_admins(ada, directory, clock, ADA, BEN)
    await ada.types(f"remove {ADMINS.id} admin")
    lost = await rows(ports, AuditTag.ACCESS_LOST)
    assert {act.details["user"] for act in lost} == {ADA.user, BEN.user}
    assert {act.actor for act in lost} == {str(ADA)}
    assert "removed less than a day ago" in await ada.types(f"add {SAM.user} approver")


async def test_the_very_same_role_of_the_very_same_group_may_be_given_back(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await group_of_admins(ada, directory, clock, ADA, BEN)
    await ada.types(f"remove {ADMINS.id} admin")
    assert "now has" in await ada.types(f"add {ADMINS.id} admin")


async def test_a_group_is_not_given_back_with_somebody_else_in_it(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    """Or whoever edits it in Slack gives the role admin to whom they like."""
    await group_of_admins(ada, directory, clock, ADA, BEN)
    await ada.types(f"remove {ADMINS.id} admin")
    with_group(directory, SAM)
    await changes(ports, clock, ADMINS.id)
    assert "removed less than a day ago" in await ada.types(f"add {ADMINS.id} admin")


async def test_a_group_that_was_removed_unread_may_have_held_an_admin(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    await hold(ports, ADMINS, Role.ADMIN)
    unread = replace(ports, directory=Silent(clock))
    assert "no longer has" in await Admin(unread, ADA).types(f"remove {ADMINS.id} admin")
    assert "removed less than a day ago" in await ada.types(f"add {SAM.user} approver")


class Silent(FakeDirectory):
    """No group is told."""

    async def group(self, workspace: str, group: str, /) -> Roster:
        raise DirectoryAway("Slack is silent.")


async def test_an_older_answer_after_an_event_loses_nobody(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, ADMINS, Role.ADMIN)
    began = clock.now()

    async def told(after: int, *members: Person) -> None:
        read_at: datetime = began + timedelta(seconds=after)
        found = frozenset(one.user for one in members)
        roster = Roster("T1", ADMINS.id, "admins", True, found, read_at)
        await ports.ledger.run(lambda tx: keep_roster(tx, ports.admins, roster, began))

    await told(5, ADA, BEN)
    at = began + timedelta(seconds=6)
    await ports.ledger.run(lambda tx: tx.directory_changed(ADMINS.id, at))
    await told(1, ADA)
    await told(7, ADA, BEN)
    assert not await rows(ports, AuditTag.ACCESS_LOST)
    assert {(act.details["user"]) for act in await rows(ports, AuditTag.ACCESS_GAINED)} == {
        ADA.user,
        BEN.user,
    }
