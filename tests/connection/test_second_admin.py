"""Two admins give the weighty roles, whoever tries to be the only one."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from connection.access_requests import LIFE, AccessState
from connection.admins import REMEMBERED_FOR
from connection.asks import Ask, Audience
from connection.audit import AuditTag
from connection.deciding_access import end_overdue
from connection.directory import EVER, FRESH_FOR, Profile, Roster, Standing
from connection.errors import DirectoryAway, Mistake
from connection.granting import change_access
from connection.knowing import know, know_circles
from connection.people import Admins, Circle, Grant, Person, Role
from connection.ports import Ports
from storage.database import Database
from tests.connection.test_settling import MovedClock, asked
from tests.directories import FakeDirectory
from tests.parity.fakes import ports_on
from tests.storage.conftest import database, original, stored

__all__ = ["database", "original", "stored"]

ADA, BEN, SAM = (Person("T1", f"U0{name}01") for name in ("ADA", "BEN", "SAM"))


class Admin:
    """Types `/d365 access …`; each time another ask."""

    def __init__(self, ports: Ports, person: Person, patience: float = 0.0) -> None:
        self.ports = ports
        self.person = person
        self.patience = patience

    async def types(self, rest: str) -> str:
        """What was answered."""
        number = len(_NUMBERS)
        _NUMBERS.append(number)
        ask = replace(asked(self.ports, number, self.person), act="access", rest=rest)
        await know(self.ports, "T1", self.person.user)
        await self.ports.ledger.run(lambda tx: tx.accept(ask))
        _LAST_ASK[0] = ask.id
        await change_access(self.ports, ask, self.patience)
        return await self._answer(ask)

    async def _answer(self, ask: Ask) -> str:
        found = await self.ports.ledger.read(lambda reading: reading.answer(ask.id))
        return found.message if found else "asked another admin"


_NUMBERS = [0]
_LAST_ASK = [""]


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def directory(clock: MovedClock) -> FakeDirectory:
    return FakeDirectory(clock)


@pytest.fixture
def ports(database: Database, clock: MovedClock, directory: FakeDirectory) -> Ports:
    return ports_on(database, clock=clock, directory=directory, admins=Admins())


@pytest.fixture
async def ada(ports: Ports) -> Admin:
    """The first admin, by a grant."""
    await hold(ports, ADA, Role.ADMIN)
    return Admin(ports, ADA)


@pytest.fixture
def ben(ports: Ports) -> Admin:
    return Admin(ports, BEN)


async def hold(ports: Ports, holder: Person | Circle, role: Role) -> None:
    grant = Grant("T1", holder, role)
    await ports.ledger.run(lambda tx: tx.grant(grant, ADA, ports.clock.now()))


async def holds(ports: Ports, person: Person, role: Role) -> bool:
    return Grant("T1", person, role) in await ports.ledger.read(lambda r: r.grants("T1"))


async def test_the_only_admin_gives_alone(ada: Admin, ports: Ports) -> None:
    assert "now has the role approver" in await ada.types(f"add {SAM.user} approver")
    assert await holds(ports, SAM, Role.APPROVER)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_light_roles_need_one_admin(ada: Admin, ports: Ports, role: Role) -> None:
    await hold(ports, BEN, Role.ADMIN)
    assert f"now has the role {role}" in await ada.types(f"add {SAM.user} {role}")


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN])
async def test_weighty_roles_need_two(ada: Admin, ben: Admin, ports: Ports, role: Role) -> None:
    await hold(ports, BEN, Role.ADMIN)
    assert await ada.types(f"add {SAM.user} {role}") == "asked another admin"
    assert not await holds(ports, SAM, role)
    assert "waits for another admin already" in await ada.types(f"add {SAM.user} {role}")
    assert "another admin decides" in await ada.types("approve 1")
    assert "Number 1 is granted" in await ben.types("approve 1")
    assert await holds(ports, SAM, role)


async def test_somebody_who_is_admin_by_a_group_is_a_second_admin(
    ada: Admin, ports: Ports, directory: FakeDirectory
) -> None:
    group = Circle("S0ADMINS")
    members = frozenset({ADA.user, BEN.user})
    directory.rosters[group.id] = Roster("T1", group.id, "admins", True, members, ports.clock.now())
    await hold(ports, group, Role.ADMIN)
    assert await ada.types(f"add {SAM.user} approver") == "asked another admin"


async def test_a_group_that_slack_does_not_tell_of_might_hold_a_second_admin(
    ada: Admin, ports: Ports, directory: FakeDirectory
) -> None:
    class Silent(FakeDirectory):
        async def group(self, workspace: str, group: str, /) -> Roster:
            raise DirectoryAway(f"{workspace} {group}")

    await hold(ports, Circle("S0ADMINS"), Role.ADMIN)
    silent = Admin(replace(ports, directory=Silent(directory.clock)), ADA)
    with pytest.raises(DirectoryAway):
        await silent.types(f"add {SAM.user} approver")
    assert not await holds(ports, SAM, Role.APPROVER)


@pytest.mark.parametrize("standing", [Standing.DEACTIVATED, Standing.GUEST, Standing.NOBODY])
async def test_an_admin_who_is_no_member_is_no_second_one(
    ada: Admin, ports: Ports, directory: FakeDirectory, standing: Standing
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    directory.people[BEN.user] = standing
    assert "now has the role approver" in await ada.types(f"add {SAM.user} approver")


@pytest.mark.parametrize(
    "admins", [Admins(frozenset({BEN})), Admins(bare_users=frozenset({BEN.user}))]
)
async def test_an_admin_of_the_operators_is_a_second_one(ports: Ports, admins: Admins) -> None:
    await hold(ports, ADA, Role.ADMIN)
    ada = Admin(replace(ports, admins=admins), ADA)
    assert await ada.types(f"add {SAM.user} approver") == "asked another admin"


async def test_an_admin_of_another_organisation_is_no_second_one(ports: Ports) -> None:
    await hold(ports, ADA, Role.ADMIN)
    elsewhere = Admins(frozenset({Person("T9", BEN.user)}))
    ada = Admin(replace(ports, admins=elsewhere), ADA)
    assert "now has the role" in await ada.types(f"add {SAM.user} approver")


async def test_removing_the_other_admin_is_no_way_around(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    assert "no longer has the role admin" in await ada.types(f"remove {BEN.user} admin")
    assert "removed less than a day ago" in await ada.types(f"add {SAM.user} approver")
    clock.move(REMEMBERED_FOR + timedelta(seconds=1))
    assert "now has the role approver" in await ada.types(f"add {SAM.user} approver")


async def test_the_last_admin_stays(ada: Admin, ports: Ports) -> None:
    with pytest.raises(Mistake, match="Nobody would be admin any more"):
        await ada.types(f"remove {ADA.user} admin")
    assert await holds(ports, ADA, Role.ADMIN)


async def test_what_nobody_decides_in_a_day_is_over(
    ada: Admin, ben: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    clock.move(LIFE)
    assert "is expired already" in await ben.types("approve 1")
    await end_overdue(ports)
    with pytest.raises(Mistake, match="No such request waits"):
        await ben.types("approve 1")
    assert not await holds(ports, SAM, Role.APPROVER)


async def test_whoever_asked_has_to_be_admin_still(ada: Admin, ben: Admin, ports: Ports) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    await ben.types(f"remove {ADA.user} admin")
    assert "no longer an admin" in await ben.types("approve 1")
    assert "Number 1 is refused" in await ben.types("reject 1")


async def test_a_holder_who_left_meanwhile_gets_nothing(
    ada: Admin, ben: Admin, ports: Ports, directory: FakeDirectory
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    directory.people[SAM.user] = Standing.DEACTIVATED
    with pytest.raises(Mistake, match="cannot hold a role"):
        await ben.types("approve 1")
    assert not await holds(ports, SAM, Role.APPROVER)


async def test_a_request_of_another_workspace_is_not_found(
    ada: Admin, ben: Admin, ports: Ports
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    waiting = await ports.ledger.read(lambda reading: reading.access_requests("T1"))
    stolen = waiting[0].id
    ask = replace(asked(ports, 900, ADA), workspace="T2", act="access", rest=f"reject {stolen}")
    with pytest.raises(Mistake, match="No such request waits"):
        await change_access(ports, ask)
    found = await ports.ledger.read(lambda reading: reading.access_request(stolen))
    assert found is not None
    assert found.state is AccessState.WAITING


class Eventful(FakeDirectory):
    """Something happens in Slack or here right after one person or group was read."""

    def __init__(
        self, clock: MovedClock, after: str, happens: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(clock)
        self._after = after
        self._happens = happens

    async def profile(self, workspace: str, user: str, /) -> Profile:
        found = await super().profile(workspace, user)
        await self._perhaps(user)
        return found

    async def group(self, workspace: str, group: str, /) -> Roster:
        found = await super().group(workspace, group)
        await self._perhaps(group)
        return found

    async def _perhaps(self, name: str) -> None:
        if name == self._after:
            self._after = ""
            await self._happens()


ADMINS = Circle("S0ADMINS")


def with_group(directory: FakeDirectory, *members: Person, usable: bool = True) -> None:
    users = frozenset(one.user for one in members)
    now = directory.clock.now() if directory.clock else EVER
    directory.rosters[ADMINS.id] = Roster("T1", ADMINS.id, "admins", usable, users, now)


async def test_a_group_that_changes_while_admins_are_counted_makes_nobody_the_only_one(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    """The event comes between the reading and the transaction that decides."""

    async def group_changes() -> None:
        clock.move(timedelta(seconds=1))
        now = clock.now()
        await ports.ledger.run(lambda tx: tx.directory_changed(ADMINS.id, now))

    eventful = Eventful(clock, SAM.user, group_changes)
    with_group(eventful, BEN)
    await hold(ports, ADMINS, Role.ADMIN)
    await hold(ports, SAM, Role.ADMIN)
    eventful.people[SAM.user] = Standing.DEACTIVATED
    hasty = Admin(replace(ports, directory=eventful), ADA)
    said = await hasty.types("add U0PAUL approver")
    assert said == "asked another admin"
    assert not await holds(ports, Person("T1", "U0PAUL"), Role.APPROVER)


@pytest.mark.parametrize("how", ["kicked out", "group disabled"])
async def test_an_admin_who_left_the_group_lately_is_still_asked_for(
    ports: Ports, clock: MovedClock, directory: FakeDirectory, how: str
) -> None:
    """Whoever may edit the group in Slack does not thereby become the only admin."""
    with_group(directory, ADA, BEN)
    await hold(ports, ADMINS, Role.ADMIN)
    await hold(ports, ADA, Role.ADMIN)
    ada = Admin(ports, ADA)
    assert await ada.types(f"add {SAM.user} approver") == "asked another admin"
    await ada.types("withdraw 1")
    with_group(directory, ADA, *([BEN] if how != "kicked out" else []), usable=how == "kicked out")
    clock.move(timedelta(seconds=1))
    now = clock.now()
    await ports.ledger.run(lambda tx: tx.directory_changed(ADMINS.id, now))
    clock.move(timedelta(seconds=1))
    assert "removed less than a day ago" in await ada.types(f"add {SAM.user} approver")
    lost = await ports.ledger.read(lambda r: r.acts_since("T1", AuditTag.ACCESS_LOST, EVER))
    assert [act.details["user"] for act in lost if act.details["user"] != ADA.user] == [BEN.user]
    clock.move(REMEMBERED_FOR + timedelta(seconds=1))
    assert "now has the role approver" in await ada.types(f"add {SAM.user} approver")


async def test_who_was_removed_while_the_act_waited_for_slack_gives_nothing(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    async def ada_is_removed() -> None:
        await ports.ledger.run(lambda tx: tx.revoke(Grant("T1", ADA, Role.ADMIN)))

    await hold(ports, BEN, Role.ADMIN)
    slow = Eventful(clock, SAM.user, ada_is_removed)
    said = await Admin(replace(ports, directory=slow), ADA).types(f"add {SAM.user} viewer")
    assert "needs the role admin" in said
    assert not await holds(ports, SAM, Role.VIEWER)
    assert AuditTag.COMMAND_REFUSED in await _tags(ports)


async def test_who_was_removed_while_the_act_waited_for_slack_approves_nothing(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")

    async def ben_is_removed() -> None:
        await ports.ledger.run(lambda tx: tx.revoke(Grant("T1", BEN, Role.ADMIN)))

    slow = Eventful(clock, SAM.user, ben_is_removed)
    assert "needs the role admin" in await Admin(replace(ports, directory=slow), BEN).types(
        "approve 1"
    )
    assert not await holds(ports, SAM, Role.APPROVER)


async def test_nobody_approves_their_own_request_under_another_organisation(
    database: Database, clock: MovedClock, directory: FakeDirectory
) -> None:
    """With bare user ids in D365BOT_ADMINS the organisation of a payload decides nothing."""
    bare = Admins(bare_users=frozenset({ADA.user, BEN.user}))
    ports = ports_on(database, clock=clock, directory=directory, admins=bare)
    assert await Admin(ports, ADA).types(f"add {SAM.user} approver") == "asked another admin"
    other = Admin(ports, Person("E9", ADA.user))
    assert "another admin decides" in await other.types("approve 1")
    assert not await holds(ports, SAM, Role.APPROVER)


@pytest.mark.parametrize("standing", [Standing.DEACTIVATED, Standing.GUEST])
async def test_the_last_admin_who_is_a_member_stays(
    ada: Admin, ports: Ports, directory: FakeDirectory, standing: Standing
) -> None:
    """Somebody who left the company is no admin who could give roles."""
    await hold(ports, BEN, Role.ADMIN)
    directory.people[BEN.user] = standing
    with pytest.raises(Mistake, match="Nobody would be admin any more"):
        await ada.types(f"remove {ADA.user} admin")
    assert await holds(ports, ADA, Role.ADMIN)


async def test_the_row_of_an_admin_of_the_operators_can_be_removed(
    database: Database, clock: MovedClock, directory: FakeDirectory
) -> None:
    """So that it does not live again when the setting is changed."""
    ports = ports_on(database, clock=clock, directory=directory, admins=Admins(frozenset({BEN})))
    await hold(ports, ADA, Role.ADMIN)
    await hold(ports, BEN, Role.ADMIN)
    ada = Admin(ports, ADA)
    assert "no longer has the role admin" in await ada.types(f"remove {BEN.user} admin")
    assert not await holds(ports, BEN, Role.ADMIN)
    assert "by D365BOT_ADMINS" in await ada.types(f"remove {BEN.user} admin")


async def test_a_role_of_an_organisation_that_was_before_is_removed_too(
    ada: Admin, ports: Ports
) -> None:
    """As after joining an Enterprise Grid: the person is of the enterprise, the row of the team."""
    await hold(ports, Person("T0OLD", BEN.user), Role.VIEWER)
    assert "no longer has the role viewer" in await ada.types(f"remove {BEN.user} viewer")
    assert not await holds(ports, Person("T0OLD", BEN.user), Role.VIEWER)


async def test_an_asker_who_was_deactivated_is_not_granted_for(
    ada: Admin, ben: Admin, ports: Ports, directory: FakeDirectory, clock: MovedClock
) -> None:
    """However many admins there are."""
    for number in range(12):
        await hold(ports, Person("T1", f"U0A{number:02}"), Role.ADMIN)
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    directory.people[ADA.user] = Standing.DEACTIVATED
    clock.move(FRESH_FOR + timedelta(minutes=1))
    assert "no longer an admin" in await ben.types("approve 1")
    assert not await holds(ports, SAM, Role.APPROVER)


async def test_what_is_removed_does_not_wait_any_more(ada: Admin, ben: Admin, ports: Ports) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    assert "withdrawn" in await ben.types(f"remove {SAM.user} approver")
    with pytest.raises(Mistake, match="No such request waits"):
        await ben.types("approve 1")
    assert not await holds(ports, SAM, Role.APPROVER)


async def test_a_removed_admin_and_the_others_are_told(ada: Admin, ports: Ports) -> None:
    for one in (BEN, SAM):
        await hold(ports, one, Role.ADMIN)
    await ada.types(f"remove {BEN.user} admin")
    due = await ports.ledger.read(lambda r: r.due_showings(ports.clock.now(), 20))
    told = {one.person for one in due if one.audience is Audience.DIRECT}
    assert told == {BEN, SAM}


async def test_who_has_a_role_by_a_group_still_is_told_so(
    ada: Admin, ports: Ports, directory: FakeDirectory
) -> None:
    with_group(directory, BEN)
    await hold(ports, ADMINS, Role.VIEWER)
    await hold(ports, BEN, Role.VIEWER)
    await know_circles(ports, "T1")
    await ada.types(f"remove {BEN.user} viewer")
    answers = await ports.ledger.read(lambda r: r.answer(_LAST_ASK[0]))
    assert answers is not None
    assert "by a group" in answers.hint


async def test_giving_back_what_was_taken_by_mistake_is_no_way_around(
    ada: Admin, ports: Ports
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"remove {BEN.user} admin")
    assert "now has the role admin" in await ada.types(f"add {BEN.user} admin")


async def test_an_expired_request_is_in_the_record(
    ada: Admin, ports: Ports, clock: MovedClock
) -> None:
    await hold(ports, BEN, Role.ADMIN)
    await ada.types(f"add {SAM.user} approver")
    clock.move(LIFE)
    await end_overdue(ports)
    assert (await _tags(ports))[0] is AuditTag.ACCESS_EXPIRED


async def _tags(ports: Ports) -> list[AuditTag]:
    rows = await ports.ledger.read(lambda reading: reading.audit_entries("T1", limit=9))
    return [row.tag for row in rows]
