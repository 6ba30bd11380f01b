"""What waited for Slack is shown to those who may read it at that moment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connection.asks import Audience, Place, Showing, What
from connection.directory import FRESH_FOR, Standing
from connection.errors import DirectoryAway
from connection.knowing import know
from connection.people import Admins, Grant, Person, Role
from connection.ports import Ports
from handlers.drawing import NO_MORE, draw
from handlers.showing_one import drawn_for_reader
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
    (What.ENCRYPTION, Role.OPERATOR),
    (What.LIST, Role.VIEWER),
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
    """A day in the outbox: who they are now is not known, until the messenger asks."""
    await _give(ports, Role.ADMIN)
    clock.move(FRESH_FOR + timedelta(minutes=1))
    assert not await _is_shown(ports, What.AUDIT)
    assert await _is_shown(ports, What.ANSWER)


@pytest.mark.parametrize("what", [What.STATUS, What.SAVED, What.HISTORY])
@pytest.mark.parametrize(("channel", "alone"), [("D1", False), ("C1", True), ("C1", False)])
async def test_what_a_channel_reads_is_shown_to_one_person_alone_only_if_they_may(
    ports: Ports, what: What, channel: str, alone: bool
) -> None:
    """As in a direct message with the bot, or in place of a channel that is shared."""
    await know(ports, "T1", VERA.user)
    subject = f"{CONNECTION.id}:1" if what is What.SAVED else CONNECTION.id
    showing = replace(
        _showing(what), subject=subject, audience=Audience.CHANNEL, place=Place(channel)
    )
    drawn = await ports.ledger.read(lambda r: draw(r, showing, ports, alone=alone))
    assert (drawn == NO_MORE) is (alone or channel == "D1")
    await _give(ports, Role.VIEWER)
    assert await ports.ledger.read(lambda r: draw(r, showing, ports, alone=alone)) != NO_MORE


@pytest.mark.parametrize("what", [What.HANDOVER, What.CERTIFICATE, What.SIGN_IN])
async def test_what_operators_alone_are_shown_is_not_shown_to_others(
    ports: Ports, what: What
) -> None:
    """A link, a certificate, a code to sign in with."""
    await _give(ports, Role.VIEWER)
    showing = replace(_showing(what), subject="gone:open")
    assert await ports.ledger.read(lambda r: draw(r, showing, ports)) == NO_MORE


@pytest.mark.parametrize("late", [False, True])
async def test_who_is_unknown_when_it_is_shown_is_asked_about(
    ports: Ports, clock: MovedClock, directory: FakeDirectory, late: bool
) -> None:
    """As after setting a status in Slack; while Slack does not tell, it waits."""
    grant = Grant("T1", VERA, Role.VIEWER)
    await ports.ledger.run(lambda tx: tx.grant(grant, VERA, clock.now()))
    showing = _showing(What.AUDIT)
    await ports.ledger.run(lambda tx: tx.show(showing))
    if late:
        directory.away = DirectoryAway("Slack is away.")
        with pytest.raises(DirectoryAway):
            await drawn_for_reader(ports, showing, alone=False)
        directory.away = None
    found = await drawn_for_reader(ports, showing, alone=False)
    assert found is not None
    assert found[1] != NO_MORE


async def test_who_is_admin_no_more_sees_no_request_in_their_direct_messages(
    ports: Ports,
) -> None:
    """Neither what waits nor what became of it; where it was asked it is seen."""
    await _give(ports, Role.OPERATOR)
    request = replace(_showing(What.ACCESS_REQUEST), audience=Audience.DIRECT)
    assert await ports.ledger.read(lambda r: draw(r, request, ports)) == NO_MORE
    asked = replace(request, audience=Audience.CHANNEL)
    assert await ports.ledger.read(lambda r: draw(r, asked, ports)) != NO_MORE
