"""What waited for Slack is shown to those who may read it at that moment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connection.asks import Audience, Showing, What
from connection.directory import FRESH_FOR, Standing
from connection.knowing import know
from connection.people import Admins, Grant, Person, Role
from connection.ports import Ports
from handlers.drawing import NO_MORE, draw
from storage.database import Database
from tests.connection.test_settling import MovedClock
from tests.directories import FakeDirectory
from tests.parity.fakes import ports_on
from tests.storage.conftest import database, original, stored
from tests.storage.samples import a_connection, a_setup, an_ask

__all__ = ["database", "original", "stored"]

VERA = Person("T1", "U0VERA")
CONNECTION = a_connection()
SHOWN = [
    (What.ACCESS, Role.ADMIN),
    (What.AUDIT, Role.VIEWER),
    (What.NAMES, Role.VIEWER),
    (What.SECRETS, Role.OPERATOR),
]


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def directory(clock: MovedClock) -> FakeDirectory:
    return FakeDirectory(clock)


@pytest.fixture
async def ports(database: Database, clock: MovedClock, directory: FakeDirectory) -> Ports:
    ports = ports_on(database, clock=clock, directory=directory, admins=Admins())
    ask = replace(an_ask(), person=VERA)
    await ports.ledger.run(lambda tx: tx.create_connection(CONNECTION))
    await ports.ledger.run(lambda tx: tx.save_setup(CONNECTION.id, a_setup(), VERA, clock.now()))
    await ports.ledger.run(lambda tx: tx.accept(ask))
    return ports


def _showing(what: What) -> Showing:
    of_connection = what in (What.NAMES, What.SECRETS)
    ask = replace(an_ask(), person=VERA)
    return Showing(
        id=ask.id,
        workspace="T1",
        what=what,
        subject=CONNECTION.id if of_connection else ask.id,
        audience=Audience.PERSON,
        person=VERA,
        place=ask.place,
        created_at=ask.received_at,
    )


async def _is_shown(ports: Ports, what: What) -> bool:
    drawn = await ports.ledger.read(lambda reading: draw(reading, _showing(what), ports))
    return drawn != NO_MORE


async def _give(ports: Ports, role: Role) -> Grant:
    grant = Grant("T1", VERA, role)
    await ports.ledger.run(lambda tx: tx.grant(grant, VERA, ports.clock.now()))
    await know(ports, "T1", VERA.user)
    return grant


@pytest.mark.parametrize(("what", "role"), SHOWN)
async def test_it_is_shown_to_whom_it_was_promised(ports: Ports, what: What, role: Role) -> None:
    await _give(ports, role)
    assert await _is_shown(ports, what)


@pytest.mark.parametrize(("what", "role"), SHOWN)
async def test_a_role_that_was_lost_meanwhile_shows_nothing(
    ports: Ports, what: What, role: Role
) -> None:
    grant = await _give(ports, role)
    await ports.ledger.run(lambda tx: tx.revoke(grant))
    assert not await _is_shown(ports, what)


@pytest.mark.parametrize("standing", [Standing.GUEST, Standing.DEACTIVATED])
async def test_who_left_meanwhile_is_shown_nothing(
    ports: Ports, clock: MovedClock, directory: FakeDirectory, standing: Standing
) -> None:
    await _give(ports, Role.ADMIN)
    directory.people[VERA.user] = standing
    clock.move(timedelta(seconds=1))
    await ports.ledger.run(lambda tx: tx.directory_changed(VERA.user, clock.now()))
    clock.move(timedelta(seconds=1))
    await know(ports, "T1", VERA.user)
    assert not await _is_shown(ports, What.AUDIT)


async def test_whom_slack_was_not_asked_about_lately_is_shown_nothing(
    ports: Ports, clock: MovedClock
) -> None:
    """A day in the outbox: who they are now is not known, and asking is not for the messenger."""
    await _give(ports, Role.ADMIN)
    clock.move(FRESH_FOR + timedelta(minutes=1))
    assert not await _is_shown(ports, What.AUDIT)
    assert await _is_shown(ports, What.ANSWER)
