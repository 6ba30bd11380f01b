"""Two admins give the weighty roles, whoever tries to be the only one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connection.access_requests import LIFE, AccessState
from connection.asks import Ask
from connection.deciding_access import end_overdue
from connection.directory import Roster, Standing
from connection.errors import DirectoryAway, Mistake
from connection.granting import change_access
from connection.knowing import know
from connection.people import Admins, Circle, Grant, Person, Role
from connection.ports import Ports
from connection.second_admin import REMEMBERED_FOR
from storage.database import Database
from tests.connection.test_settling import MovedClock, asked
from tests.directories import FakeDirectory
from tests.parity.fakes import ports_on
from tests.storage.conftest import database, original, stored

__all__ = ["database", "original", "stored"]

ADA, BEN, SAM = (Person("T1", f"U0{name}01") for name in ("ADA", "BEN", "SAM"))


class Admin:
    """Types `/d365 access …`; each time another ask."""

    def __init__(self, ports: Ports, person: Person) -> None:
        self.ports = ports
        self.person = person

    async def types(self, rest: str) -> str:
        """What was answered."""
        number = len(_NUMBERS)
        _NUMBERS.append(number)
        ask = replace(asked(self.ports, number, self.person), act="access", rest=rest)
        await know(self.ports, "T1", self.person.user)
        await self.ports.ledger.run(lambda tx: tx.accept(ask))
        await change_access(self.ports, ask)
        return await self._answer(ask)

    async def _answer(self, ask: Ask) -> str:
        found = await self.ports.ledger.read(lambda reading: reading.answer(ask.id))
        return found.message if found else "asked another admin"


_NUMBERS = [0]


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
