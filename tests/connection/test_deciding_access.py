"""Requests for weighty roles end when they are over, and taking a role away waits for nobody."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connection import patience
from connection.access_requests import LIFE
from connection.admins import REMEMBERED_FOR
from connection.asks import Audience
from connection.audit import AuditTag
from connection.directory import EVER, FRESH_FOR, Profile, Roster, Standing
from connection.errors import DirectoryAway, Mistake
from connection.knowing import know
from connection.people import Admins, Grant, Person, Role
from connection.ports import Ledger, Ports, Transaction
from storage.database import Database
from tests.connection.test_second_admin import (
    ADA,
    ADMINS,
    BEN,
    SAM,
    Admin,
    Eventful,
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
)
from tests.connection.test_settling import MovedClock
from tests.directories import FakeDirectory
from tests.parity.fakes import ports_on

__all__ = ["ada", "ben", "clock", "database", "directory", "original", "ports", "stored"]

SECOND = timedelta(seconds=1)
CARL = Person("T1", "U0CARL")


class Mute(FakeDirectory):
    """No group is told."""

    async def group(self, workspace: str, group: str, /) -> Roster:
        raise DirectoryAway("Slack is mute.")


class Stuck(FakeDirectory):
    """Slack does not answer about groups."""

    async def group(self, workspace: str, group: str, /) -> Roster:
        await asyncio.Event().wait()
        raise AssertionError


async def waiting(ports: Ports) -> list[int]:
    found = await ports.ledger.read(lambda reading: reading.access_requests("T1"))
    return [one.number for one in found]


@pytest.mark.parametrize("holder", [BEN, ADMINS])
async def test_admin_is_taken_away_though_slack_does_not_tell_a_group(
    ada: Admin, ports: Ports, clock: MovedClock, holder: Any
) -> None:
    """Also from the very group."""
    await hold(ports, BEN, Role.ADMIN)
    await hold(ports, ADMINS, Role.ADMIN)
    mute = Admin(replace(ports, directory=Mute(clock)), ADA)
    name = holder.user if isinstance(holder, Person) else holder.id
    assert "no longer has the role admin" in await mute.types(f"remove {name} admin")


async def test_admin_is_taken_away_though_slack_does_not_answer(
    ada: Admin, ports: Ports, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Patched: the ten seconds that Slack is given."""
    monkeypatch.setattr("connection.second_admin.SOON", 0.1)
    await hold(ports, BEN, Role.ADMIN)
    await hold(ports, ADMINS, Role.ADMIN)
    stuck = Admin(replace(ports, directory=Stuck(clock)), ADA)
    assert "no longer has the role admin" in await stuck.types(f"remove {BEN.user} admin")


async def test_the_admins_who_are_known_are_told_though_slack_does_not_tell_a_group(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    for one in (BEN, CARL):
        await hold(ports, one, Role.ADMIN)
    await hold(ports, ADMINS, Role.ADMIN)
    await Admin(replace(ports, directory=Mute(clock)), ADA).types(f"remove {BEN.user} admin")
    due = await ports.ledger.read(lambda r: r.due_showings(clock.now(), 20))
    assert {one.person for one in due if one.audience is Audience.DIRECT} == {BEN, CARL}


async def test_the_last_admin_stays_though_slack_does_not_tell_a_group(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    """And is not told that nobody else is one, which nobody knows."""
    await hold(ports, ADMINS, Role.ADMIN)
    mute = Admin(replace(ports, directory=Mute(clock)), ADA)
    with pytest.raises(Mistake, match="does not tell whether anybody would be admin"):
        await mute.types(f"remove {ADA.user} admin")
    assert await holds(ports, ADA, Role.ADMIN)


async def test_a_group_that_slack_does_not_tell_keeps_nobody_from_approving(
    ada: Admin, ben: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    await hold(ports, ADMINS, Role.ADMIN)
    mute = Admin(replace(ports, directory=Mute(clock)), BEN)
    assert "Number 1 is granted" in await mute.types("approve 1")


async def test_an_asker_who_may_be_admin_by_a_group_that_is_not_told_is_not_called_an_ex_admin(
    ada: Admin, ben: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await hold(ports, ADMINS, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    await ports.ledger.run(lambda tx: tx.revoke(Grant("T1", ADA, Role.ADMIN)))
    clock.move(FRESH_FOR + SECOND)
    mute = Admin(replace(ports, directory=Mute(clock)), BEN)
    assert "does not tell whether whoever asked" in await mute.types("approve 1")
    assert await waiting(ports) == [1]


async def test_who_steps_down_leaves_an_admin_who_is_a_member_now(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    """Though the event about the other one was lost."""
    await hold(ports, BEN, Role.ADMIN)
    await know(ports, "T1", BEN.user)
    directory.people[BEN.user] = Standing.DEACTIVATED
    clock.move(FRESH_FOR - SECOND)
    with pytest.raises(Mistake, match="Nobody would be admin"):
        await ada.types(f"remove {ADA.user} admin")


async def test_nobody_steps_down_while_slack_does_not_tell_who_is_left(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    class Blind(FakeDirectory):
        async def profile(self, workspace: str, user: str, /) -> Profile:
            raise DirectoryAway("Slack is blind.")

    await hold(ports, BEN, Role.ADMIN)
    for one in (ADA, BEN):
        await know(ports, "T1", one.user)
    with pytest.raises(DirectoryAway):
        await Admin(replace(ports, directory=Blind(clock)), ADA).types(f"remove {ADA.user} admin")
    assert await holds(ports, ADA, Role.ADMIN)


class Late:
    """Something happens between the last look at Slack and the act itself."""

    def __init__(self, ledger: Ledger, act: str, happens: Callable[[], Awaitable[None]]) -> None:
        self._ledger = ledger
        self._act = act
        self._happens = happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def run(self, work: Callable[[Transaction], Any]) -> Any:
        if work.__qualname__ == f"{self._act}.<locals>.work":
            await self._happens()
        return await self._ledger.run(work)


def interrupted(ports: Ports, clock: MovedClock, act: str, name: str) -> Ports:
    """Slack says that this changed."""

    async def event() -> None:
        clock.move(SECOND)
        now = clock.now()
        await ports.ledger.run(lambda tx: tx.directory_changed(name, now))
        clock.move(SECOND)

    late: Any = Late(ports.ledger, act, event)
    return replace(ports, ledger=late)


async def test_a_change_of_the_others_does_not_make_one_the_last_admin(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    hasty = Admin(interrupted(ports, clock, "remove", BEN.user), ADA)
    with pytest.raises(Mistake, match="Slack does not tell whether anybody"):
        await hasty.types(f"remove {ADA.user} admin")


async def test_nothing_is_asked_of_nobody(
    ada: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    """An event makes a second admin seem possible, whom nobody would tell of the request."""
    await hold(ports, BEN, Role.ADMIN)
    directory.people[BEN.user] = Standing.DEACTIVATED
    hasty = Admin(interrupted(ports, clock, "_add", BEN.user), ADA)
    assert "Something changed in Slack" in await hasty.types(f"add {SAM.user} approver")
    assert await waiting(ports) == []


async def test_an_expired_request_hinders_no_new_one_before_it_is_swept_away(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    clock.move(LIFE)
    assert await ada.types(f"add {SAM.user} approver") == "asked another admin"
    assert await waiting(ports) == [2]
    rows = await ports.ledger.read(lambda r: r.acts_since("T1", AuditTag.ACCESS_EXPIRED, EVER))
    assert [row.details["number"] for row in rows] == [1]


async def test_a_request_of_an_admin_who_was_removed_hinders_no_new_one(
    ada: Admin, ben: Admin, ports: Ports
) -> None:
    for one in (BEN, CARL):
        await hold(ports, one, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    await ben.types(f"remove {ADA.user} admin")
    assert await ben.types(f"add {SAM.user} approver") == "asked another admin"
    assert await waiting(ports) == [2]


async def test_what_is_given_alone_does_not_wait_any_more(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    await ada.types(f"remove {BEN.user} admin")
    clock.move(REMEMBERED_FOR + SECOND)
    assert "now has the role approver" in await ada.types(f"add {SAM.user} approver")
    assert await waiting(ports) == []


async def test_what_was_given_otherwise_is_not_said_to_be_rejected(
    ada: Admin, ben: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    await hold(ports, SAM, Role.APPROVER)
    assert "has the role approver on all connections all the same" in await ben.types("reject 1")
    assert await waiting(ports) == []


async def test_the_organisation_of_a_payload_hides_no_admin(
    database: Database, clock: MovedClock, directory: FakeDirectory
) -> None:
    """With bare user ids in D365BOT_ADMINS one is admin under whichever it names."""
    bare = Admins(frozenset({CARL}), bare_users=frozenset({ADA.user}))
    ports = ports_on(database, clock=clock, directory=directory, admins=bare)
    other = Admin(ports, Person("E9", ADA.user))
    assert await other.types(f"add {SAM.user} approver") == "asked another admin"
    ports = replace(ports, admins=Admins(bare_users=frozenset({ADA.user})))
    await hold(ports, BEN, Role.ADMIN)
    other = Admin(ports, Person("E9", ADA.user))
    assert await other.types("add U0PAUL approver") == "asked another admin"


async def test_an_admin_of_another_organisation_is_not_the_one_who_is_left(
    database: Database, clock: MovedClock, directory: FakeDirectory
) -> None:
    """They could give no role here."""
    ports = ports_on(database, clock=clock, directory=directory, admins=Admins())
    await hold(ports, ADA, Role.ADMIN)
    await hold(ports, Person("T0OLD", BEN.user), Role.ADMIN)
    with pytest.raises(Mistake, match="Nobody would be admin"):
        await Admin(ports, ADA).types(f"remove {ADA.user} admin")


@pytest.mark.parametrize(
    ("rest", "after", "answer"),
    [
        (f"add {SAM.user} viewer", SAM.user, "now has the role viewer"),
        (f"remove {BEN.user} admin", BEN.user, "no longer has the role admin"),
        ("approve 1", "U0PAUL", "Number 1 is granted"),
    ],
)
async def test_what_is_known_of_the_asker_does_not_grow_too_old_over_what_they_ask(
    ada: Admin, ben: Admin, ports: Ports, clock: MovedClock, rest: str, after: str, answer: str
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await know(ports, "T1", ADA.user)
    await ben.types("add U0PAUL approver")
    clock.move(FRESH_FOR)

    async def later() -> None:
        clock.move(timedelta(seconds=2))

    slow = Admin(replace(ports, directory=Eventful(clock, after, later)), ADA)
    assert answer in await slow.types(rest)


@pytest.mark.parametrize("rest", ["add U0SAM01 viewer", "add U0SAM01 approver", "approve 1"])
async def test_slack_that_wants_to_be_asked_later_is_asked_later(
    ada: Admin, ben: Admin, ports: Ports, clock: MovedClock, rest: str, monkeypatch: Any
) -> None:
    """Patched: the waiting itself."""

    class Busy(FakeDirectory):
        answers = 0

        async def profile(self, workspace: str, user: str, /) -> Profile:
            self.answers += user == SAM.user
            if user == SAM.user and self.answers == 1:
                raise DirectoryAway("busy", retry_after=3.0)
            return await super().profile(workspace, user)

    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(patience, "wait", wait)
    if rest == "approve 1":
        await hold(ports, BEN, Role.ADMIN)
        await ben.types(f"add {SAM.user} approver")
    busy = Admin(replace(ports, directory=Busy(clock)), ADA, patience=9.0)
    said = await busy.types(rest)
    assert "now has" in said or "is granted" in said
    assert waited == [3.0]


async def test_a_request_that_was_decided_is_not_decided_again(
    ada: Admin, ben: Admin, ports: Ports
) -> None:
    """Also by a button that stands somewhere still, after the role was taken away."""
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    [request] = await ports.ledger.read(lambda r: r.access_requests("T1"))
    await ben.types("approve 1")
    await ada.types(f"remove {SAM.user} approver")
    assert "is granted already" in await ben.types(f"approve {request.id}")
    assert not await holds(ports, SAM, Role.APPROVER)


async def test_of_two_who_decide_at_once_one_counts(ada: Admin, ben: Admin, ports: Ports) -> None:
    for one in (BEN, CARL):
        await hold(ports, one, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    both = (ben.types("approve 1"), Admin(ports, CARL).types("reject 1"))
    await asyncio.gather(*both, return_exceptions=True)
    rows = await ports.ledger.read(lambda r: r.audit_entries("T1", limit=99))
    decided = (AuditTag.ACCESS_GRANTED, AuditTag.ACCESS_REJECTED)
    assert len([row for row in rows if row.tag in decided]) == 1


async def test_of_two_admins_who_remove_each_other_one_stays(
    ada: Admin, ben: Admin, ports: Ports
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await asyncio.gather(
        ada.types(f"remove {BEN.user} admin"), ben.types(f"remove {ADA.user} admin")
    )
    assert [await holds(ports, one, Role.ADMIN) for one in (ADA, BEN)].count(True) == 1
