"""Who asks is settled before anything is done: by Slack, not by what was true a while ago."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connection.accepting import accept, settle
from connection.admitting import admit, still_operator
from connection.asks import About, Ask
from connection.audit import AuditTag
from connection.directory import FRESH_FOR, Profile, Roster, Standing
from connection.entry import Terms
from connection.errors import DirectoryAway, NotAllowed
from connection.knowing import WARM_FOR, know, know_again, know_circles
from connection.naming import Naming
from connection.patience import patiently
from connection.people import Admins, Circle, Grant, Person, Role
from connection.ports import Ports
from connection.rights import rights_of
from connection.service import ConnectionService
from storage.database import Database
from tests.directories import FakeDirectory
from tests.parity.fakes import ports_on
from tests.storage.conftest import database, original, stored
from tests.storage.samples import a_connection, an_ask

__all__ = ["database", "original", "stored"]

PERSON = Person("T1", "U0VERA")
ADMIN = Person("T1", "U0ADA")
VIEWING = Terms(role=Role.VIEWER, anywhere=True)
FORM = Terms(role=Role.OPERATOR, opens_form=True)


class MovedClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 25, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def directory(clock: MovedClock) -> FakeDirectory:
    return FakeDirectory(clock)


@pytest.fixture
def ports(database: Database, clock: MovedClock, directory: FakeDirectory) -> Ports:
    admins = Admins(frozenset({ADMIN}))
    return ports_on(database, clock=clock, admins=admins, directory=directory)


async def give(ports: Ports, holder: Person | Circle, role: Role) -> None:
    grant = Grant("T1", holder, role)
    await ports.ledger.run(lambda tx: tx.grant(grant, ADMIN, ports.clock.now()))


def asked(ports: Ports, number: int = 1, person: Person = PERSON) -> Ask:
    return replace(an_ask(number), person=person, act="list", received_at=ports.clock.now())


async def is_known(ports: Ports, user: str, group: str) -> None:
    since = ports.clock.now() - FRESH_FOR
    assert await ports.ledger.read(lambda reading: reading.profile("T1", user, since))
    assert await ports.ledger.read(lambda reading: reading.roster("T1", group, since))


async def tags(ports: Ports) -> list[AuditTag]:
    rows = await ports.ledger.read(lambda reading: reading.audit_entries("T1", limit=9))
    return [row.tag for row in rows]


async def test_an_unknown_person_is_accepted_unsettled_and_then_settled(ports: Ports) -> None:
    await give(ports, PERSON, Role.VIEWER)
    accepted = await accept(ports, asked(ports), VIEWING)
    assert accepted is not None
    assert accepted.unsettled is About.NAME
    assert (await settle(ports, accepted, VIEWING)).unsettled is None
    stored_ask = await ports.ledger.read(lambda reading: reading.ask(accepted.id))
    assert stored_ask is not None
    assert stored_ask.unsettled is None


async def test_a_known_person_is_settled_at_once_until_that_is_old(
    ports: Ports, clock: MovedClock, directory: FakeDirectory
) -> None:
    await give(ports, PERSON, Role.VIEWER)
    await know(ports, "T1", PERSON.user)
    clock.move(FRESH_FOR)
    first = await accept(ports, asked(ports, 1), VIEWING)
    assert first is not None
    assert first.unsettled is None
    clock.move(timedelta(microseconds=1))
    second = await accept(ports, asked(ports, 2), VIEWING)
    assert second is not None
    assert second.unsettled is About.NAME
    assert directory.asked == [PERSON.user]


async def test_whoever_was_given_nothing_is_refused_without_asking_slack(
    ports: Ports, directory: FakeDirectory
) -> None:
    with pytest.raises(NotAllowed, match="needs the role viewer"):
        await accept(ports, asked(ports), VIEWING)
    assert directory.asked == []
    assert await tags(ports) == [AuditTag.COMMAND_REFUSED]


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.MEMBER])
async def test_nobody_but_a_member_is_settled(
    ports: Ports, directory: FakeDirectory, standing: Standing
) -> None:
    await give(ports, PERSON, Role.ADMIN)
    directory.people[PERSON.user] = standing
    accepted = await accept(ports, asked(ports), VIEWING)
    assert accepted is not None
    with pytest.raises(NotAllowed, match="cannot use this bot"):
        await settle(ports, accepted, VIEWING)
    with pytest.raises(NotAllowed, match="cannot use this bot"):
        await accept(ports, asked(ports, 2), VIEWING)
    assert await tags(ports) == [AuditTag.COMMAND_REFUSED] * 2


async def test_a_role_that_was_lost_before_the_job_ran_does_nothing(ports: Ports) -> None:
    await give(ports, PERSON, Role.VIEWER)
    await know(ports, "T1", PERSON.user)
    accepted = await accept(ports, asked(ports), VIEWING)
    assert accepted is not None
    assert accepted.unsettled is None
    await ports.ledger.run(lambda tx: tx.revoke(Grant("T1", PERSON, Role.VIEWER)))
    with pytest.raises(NotAllowed, match="needs the role viewer"):
        await settle(ports, accepted, VIEWING)


async def test_a_person_who_left_before_the_job_ran_does_nothing(
    ports: Ports, clock: MovedClock, directory: FakeDirectory
) -> None:
    await give(ports, PERSON, Role.VIEWER)
    await know(ports, "T1", PERSON.user)
    accepted = await accept(ports, asked(ports), VIEWING)
    assert accepted is not None
    directory.people[PERSON.user] = Standing.DEACTIVATED
    clock.move(timedelta(hours=3))
    with pytest.raises(NotAllowed, match="deactivated accounts"):
        await settle(ports, accepted, VIEWING)


async def test_a_form_that_is_asked_for_unsettled_has_no_draft_yet(ports: Ports) -> None:
    await give(ports, PERSON, Role.OPERATOR)
    accepted = await accept(ports, asked(ports), FORM)
    assert accepted is not None
    assert accepted.subject == ""
    settled = await settle(ports, accepted, FORM)
    assert await ports.ledger.read(lambda reading: reading.draft(settled.subject)) is not None


async def test_groups_are_read_only_for_whom_they_may_help(
    ports: Ports, directory: FakeDirectory
) -> None:
    group = Circle("S0CRM")
    await give(ports, group, Role.VIEWER)
    await give(ports, PERSON, Role.VIEWER)
    accepted = await accept(ports, asked(ports), VIEWING)
    assert accepted is not None
    await settle(ports, accepted, VIEWING)
    assert directory.asked == [PERSON.user]
    other = Person("T1", "U0SAM")
    directory.rosters[group.id] = Roster(
        "T1", group.id, "crm", True, frozenset({other.user}), ports.clock.now()
    )
    accepted = await accept(ports, asked(ports, 2, other), VIEWING)
    assert accepted is not None
    assert accepted.unsettled is About.NAME
    await settle(ports, accepted, VIEWING)
    assert directory.asked == [PERSON.user, other.user, group.id]


async def test_a_change_that_slack_tells_while_it_is_read_counts(
    ports: Ports, clock: MovedClock, directory: FakeDirectory
) -> None:
    class Slow(FakeDirectory):
        async def profile(self, workspace: str, user: str, /) -> Profile:
            read = await super().profile(workspace, user)
            if len(self.asked) == 1:
                clock.move(timedelta(seconds=1))
                now = clock.now()
                await ports.ledger.run(lambda tx: tx.directory_changed(user, now))
                clock.move(timedelta(seconds=1))
                self.people[user] = Standing.GUEST
            return read

    slow = Slow(clock)
    await know(replace(ports, directory=slow), "T1", PERSON.user)
    since = clock.now() - FRESH_FOR
    profile = await ports.ledger.read(lambda r: r.profile("T1", PERSON.user, since))
    assert profile is not None
    assert profile.standing is Standing.GUEST
    assert slow.asked == [PERSON.user] * 2


async def test_an_older_answer_never_replaces_a_newer_one(ports: Ports, clock: MovedClock) -> None:
    now = clock.now()
    newer = Profile("T1", PERSON.user, Standing.GUEST, now)
    older = replace(newer, standing=Standing.MEMBER, read_at=now - timedelta(seconds=1))
    await ports.ledger.run(lambda tx: tx.keep_profile(newer))
    await ports.ledger.run(lambda tx: tx.keep_profile(older))
    found = await ports.ledger.read(lambda r: r.profile("T1", PERSON.user, now - FRESH_FOR))
    assert found == newer


async def test_slack_that_does_not_tell_stops_the_act(
    ports: Ports, directory: FakeDirectory
) -> None:
    await give(ports, PERSON, Role.VIEWER)
    accepted = await accept(ports, asked(ports), VIEWING)
    assert accepted is not None
    directory.away = DirectoryAway("Slack is away.")
    with pytest.raises(DirectoryAway):
        await settle(ports, accepted, VIEWING)
    assert await ports.ledger.read(lambda reading: reading.ask_is_open(accepted.id))


async def test_people_who_act_and_circles_with_roles_are_renewed_before_they_are_old(
    ports: Ports, clock: MovedClock, directory: FakeDirectory
) -> None:
    await give(ports, PERSON, Role.VIEWER)
    await give(ports, Circle("S0CRM"), Role.VIEWER)
    await know(ports, "T1", PERSON.user)
    await accept(ports, asked(ports), VIEWING)
    await know_circles(ports, "T1")
    directory.asked.clear()
    for _ in range(11):
        clock.move(timedelta(minutes=5))
        await know_again(ports)
        await is_known(ports, PERSON.user, "S0CRM")
    assert directory.asked.count(PERSON.user) == 5
    clock.move(WARM_FOR)
    directory.asked.clear()
    await know_again(ports)
    assert directory.asked == ["S0CRM"]


@pytest.mark.parametrize(
    ("waits", "patience", "slept"),
    [([0.0, 0.0], 10.0, [1.0, 1.0]), ([7.0], 10.0, [7.0]), ([3.0, 9.0], 10.0, [3.0])],
)
async def test_patience_goes_by_retry_after_and_ends(
    waits: list[float], patience: float, slept: list[float]
) -> None:
    slept_for: list[float] = []
    left = list(waits)

    async def act() -> None:
        if left:
            raise DirectoryAway("busy", retry_after=left.pop(0))

    async def sleep(seconds: float) -> None:
        slept_for.append(seconds)

    def monotonic() -> float:
        return sum(slept_for)

    enough = sum(max(wait, 1.0) for wait in waits) <= patience
    if enough:
        await patiently(act, patience, sleep, monotonic)
    else:
        with pytest.raises(DirectoryAway):
            await patiently(act, patience, sleep, monotonic)
    assert slept_for == slept


async def test_the_time_that_calls_take_counts_as_patience() -> None:
    spent = [0.0]

    async def act() -> None:
        spent[0] += 8.0
        raise DirectoryAway("slow")

    async def sleep(seconds: float) -> None:
        spent[0] += seconds

    with pytest.raises(DirectoryAway):
        await patiently(act, 20.0, sleep, lambda: spent[0])
    assert spent == [26.0]


async def test_what_asking_again_cannot_mend_is_not_asked_again() -> None:
    async def act() -> None:
        raise DirectoryAway("The token is revoked.", passes=False)

    async def sleep(seconds: float) -> None:
        raise AssertionError(seconds)

    with pytest.raises(DirectoryAway):
        await patiently(act, 20.0, sleep)


async def test_two_admins_at_once_do_not_both_grant_alone(
    ports: Ports, directory: FakeDirectory
) -> None:
    """One becomes admin while the other, until then the only one, gives a weighty role."""
    from connection.granting import change_access

    await know(ports, "T1", ADMIN.user)

    async def types(number: int, rest: str) -> Any:
        ask = replace(asked(ports, number, ADMIN), act="access", rest=rest)
        await ports.ledger.run(lambda tx: tx.accept(ask))
        await change_access(ports, ask)

    await asyncio.gather(types(1, "add U0PAUL admin"), types(2, "add U0SAM1 admin"))
    granted = await ports.ledger.read(lambda reading: reading.grants("T1"))
    waiting = await ports.ledger.read(lambda reading: reading.access_requests("T1"))
    assert (len(granted), len(waiting)) == (1, 1)


class Deaf(FakeDirectory):
    """One group cannot be read."""

    async def group(self, workspace: str, group: str, /) -> Roster:
        if group == "S0DEAF":
            raise DirectoryAway("One group is not told.")
        return await super().group(workspace, group)


@pytest.fixture
def deaf(clock: MovedClock) -> Deaf:
    deaf = Deaf(clock)
    members = frozenset({PERSON.user})
    deaf.rosters["S0CRM"] = Roster("T1", "S0CRM", "crm", True, members, clock.now())
    return deaf


async def test_a_group_that_is_not_told_refuses_nobody_whom_another_lets_in(
    ports: Ports, deaf: Deaf
) -> None:
    ports = replace(ports, directory=deaf)
    for group in ("S0DEAF", "S0CRM"):
        await give(ports, Circle(group), Role.VIEWER)
    accepted = await accept(ports, asked(ports), VIEWING)
    assert accepted is not None
    assert (await settle(ports, accepted, VIEWING)).unsettled is None


async def test_a_list_is_complete_though_one_role_was_known(ports: Ports, deaf: Deaf) -> None:
    """A role by name lets in; what a group gives besides is read before it is shown."""
    ports = replace(ports, directory=deaf)
    await give_on(ports, "connection-1", Role.VIEWER)
    await give(ports, Circle("S0CRM"), Role.OPERATOR)
    await know(ports, "T1", PERSON.user)
    accepted = await accept(ports, asked(ports), VIEWING)
    assert accepted is not None
    assert accepted.unsettled is None
    await settle(ports, accepted, VIEWING)
    now = ports.clock.now()
    rights = await ports.ledger.read(lambda r: rights_of(r, "T1", PERSON, ports.admins, now))
    assert rights.roles == {Role.VIEWER, Role.OPERATOR}


async def test_what_was_accepted_before_leaves_no_second_draft(ports: Ports) -> None:
    await give(ports, PERSON, Role.OPERATOR)
    await know(ports, "T1", PERSON.user)
    first = await accept(ports, asked(ports), FORM)
    assert first is not None
    await ports.ledger.run(lambda tx: tx.revoke(Grant("T1", PERSON, Role.OPERATOR)))
    assert await accept(ports, replace(asked(ports), id="again"), FORM) is None
    assert AuditTag.COMMAND_REFUSED not in await tags(ports)


async def test_a_hidden_connection_is_not_told_by_its_refusal(ports: Ports) -> None:
    """Setup takes new names too, so its refusal could tell which ones exist."""
    hidden = a_connection("hidden")
    await ports.ledger.run(lambda tx: tx.create_connection(hidden))
    await give_on(ports, "T1-other", Role.OPERATOR)
    await know(ports, "T1", PERSON.user)
    form = Terms(role=Role.OPERATOR, naming=Naming.ANY, opens_form=True)
    said = []
    for number, name in enumerate(("hidden", "nowhere")):
        with pytest.raises(NotAllowed) as refused:
            await accept(ports, replace(asked(ports, number), connection=name), form)
        said.append((refused.value.message, refused.value.hint))
    assert said[0] == said[1]
    await give_on(ports, hidden.id, Role.VIEWER)
    with pytest.raises(NotAllowed, match="operator on hidden"):
        await accept(ports, replace(asked(ports, 3), connection="hidden"), form)


async def give_on(ports: Ports, connection_id: str, role: Role) -> None:
    grant = Grant("T1", PERSON, role, connection_id)
    await ports.ledger.run(lambda tx: tx.grant(grant, ADMIN, ports.clock.now()))


async def test_a_role_on_one_connection_is_told_from_one_on_all(ports: Ports) -> None:
    await give_on(ports, "connection-1", Role.ADMIN)
    await know(ports, "T1", PERSON.user)
    with pytest.raises(NotAllowed, match="needs the role admin on all connections"):
        await accept(ports, asked(ports), Terms(role=Role.ADMIN))


async def test_a_form_of_an_operator_by_name_waits_for_no_group(ports: Ports, deaf: Deaf) -> None:
    ports = replace(ports, directory=deaf)
    await give(ports, PERSON, Role.OPERATOR)
    await give(ports, Circle("S0DEAF"), Role.ADMIN)
    await admit(ports, "T1", PERSON)
    assert deaf.asked == [PERSON.user]
    await ports.ledger.read(lambda r: still_operator(ports, r, "T1", PERSON, "connection-1"))


async def test_a_slow_group_costs_a_form_its_time_and_nothing_else(
    ports: Ports, clock: MovedClock
) -> None:
    class Stuck(FakeDirectory):
        async def group(self, workspace: str, group: str, /) -> Roster:
            await asyncio.Event().wait()
            raise AssertionError

    stuck = replace(ports, directory=Stuck(clock))
    await give_on(stuck, "connection-1", Role.OPERATOR)
    await give(stuck, Circle("S0CRM"), Role.ADMIN)
    await admit(stuck, "T1", PERSON)
    await ports.ledger.read(lambda r: still_operator(stuck, r, "T1", PERSON, "connection-1"))


async def test_a_form_that_is_refused_stands_in_the_record(ports: Ports) -> None:
    await give(ports, PERSON, Role.OPERATOR)
    await know(ports, "T1", PERSON.user)
    accepted = await accept(ports, asked(ports), FORM)
    assert accepted is not None
    await ports.ledger.run(lambda tx: tx.revoke(Grant("T1", PERSON, Role.OPERATOR)))
    service = ConnectionService(ports)
    for sent in (
        service.submit_form(accepted.subject, PERSON, {}),
        service.keep_typed(accepted.subject, PERSON, {}),
    ):
        with pytest.raises(NotAllowed, match="no longer have the role operator"):
            await sent
    assert await tags(ports) == [AuditTag.COMMAND_REFUSED] * 2


class Eventful(FakeDirectory):
    """Something happens right after one group was read for the first time."""

    def __init__(self, clock: MovedClock, after: str, happens: Callable[[], Awaitable[None]]):
        super().__init__(clock)
        self._after = after
        self._happens = happens

    async def group(self, workspace: str, group: str, /) -> Roster:
        told = await super().group(workspace, group)
        if group == self._after:
            self._after = ""
            await self._happens()
        return told


ANYWHERE = Terms(role=Role.OPERATOR, anywhere=True)


async def test_a_role_that_is_lost_while_the_last_group_is_read_does_nothing(
    ports: Ports, clock: MovedClock
) -> None:
    """What shows all that somebody may reads groups after it was decided that they may."""
    held = Grant("T1", PERSON, Role.OPERATOR, "connection-1")
    await ports.ledger.run(lambda tx: tx.grant(held, ADMIN, clock.now()))
    await give(ports, Circle("S0CRM"), Role.VIEWER)

    async def removed() -> None:
        await ports.ledger.run(lambda tx: tx.revoke(held))

    slow = replace(ports, directory=Eventful(clock, "S0CRM", removed))
    await know(ports, "T1", PERSON.user)
    accepted = await accept(slow, asked(slow), ANYWHERE)
    assert accepted is not None
    with pytest.raises(NotAllowed, match="needs the role operator"):
        await settle(slow, accepted, ANYWHERE)
    assert await tags(ports) == [AuditTag.COMMAND_REFUSED]


@pytest.mark.parametrize("times", [1, 9])
async def test_a_change_while_groups_are_read_refuses_nobody_wrongly(
    ports: Ports, clock: MovedClock, times: int
) -> None:
    """It is read again; what never stands still is said to do so, and refuses nobody."""
    viewing = Terms(role=Role.VIEWER)
    left = [None] * times

    class Restless(FakeDirectory):
        async def group(self, workspace: str, group: str, /) -> Roster:
            told = await super().group(workspace, group)
            if left:
                left.pop()
                for name in (PERSON.user, group):
                    await slack_changes(ports, clock, name)
            return told

    restless = Restless(clock)
    members = frozenset({PERSON.user})
    restless.rosters["S0CRM"] = Roster("T1", "S0CRM", "crm", True, members, clock.now())
    await give(ports, Circle("S0CRM"), Role.VIEWER)
    slow = replace(ports, directory=restless)
    accepted = await accept(slow, asked(slow), viewing)
    assert accepted is not None
    if times == 1:
        assert (await settle(slow, accepted, viewing)).unsettled is None
    else:
        with pytest.raises(DirectoryAway, match="faster than I can read"):
            await settle(slow, accepted, viewing)
    assert await tags(ports) == []


async def slack_changes(ports: Ports, clock: MovedClock, name: str) -> None:
    clock.move(timedelta(seconds=1))
    now = clock.now()
    await ports.ledger.run(lambda tx: tx.directory_changed(name, now))
    clock.move(timedelta(seconds=1))


async def test_groups_that_hang_cost_help_its_patience_and_nothing_else(
    ports: Ports, clock: MovedClock
) -> None:
    class Hanging(FakeDirectory):
        async def group(self, workspace: str, group: str, /) -> Roster:
            await asyncio.Event().wait()
            raise AssertionError

    helping = Terms(role=None)
    for number in range(20):
        await give(ports, Circle(f"S0G{number:02}"), Role.VIEWER)
    hanging = replace(ports, directory=Hanging(clock))
    accepted = await accept(hanging, asked(hanging), helping)
    assert accepted is not None
    assert (await settle(hanging, accepted, helping, 0.2)).unsettled is None


async def test_patience_ends_a_question_that_hangs() -> None:
    with pytest.raises(DirectoryAway, match="takes too long"):
        await patiently(_hangs, 0.1)


async def _hangs() -> None:
    await asyncio.Event().wait()
