"""What nobody decides about in time is erased, and nothing works after its time."""

from datetime import UTC, datetime, timedelta

import pytest

from connection import administrators, handing_over, sign_in_ends
from connection.deciding_secrets import keep, use_once
from connection.errors import Mistake
from connection.handover import LINK_LIFE, WORD_LIFE, Handover, HandoverState
from connection.handover_ends import end_overdue
from connection.keeping_secrets import secret_field
from connection.people import Admins
from connection.signing_in import SignedInAs, SignInState
from storage.database import Database
from storage.keys import new_key
from tests.parity.fakes import FakeSignIns, ports_on
from tests.parity.room import OPERATOR, Room, asks
from tests.storage.samples import Stored


class Time:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        """As turned."""
        return self.at

    def passes(self, how_long: timedelta) -> None:
        """Later."""
        self.at += how_long


@pytest.fixture
def time() -> Time:
    """Now."""
    return Time()


@pytest.fixture
def timed(database: Database, stored: Stored, time: Time) -> Room:
    """A room with a clock that the test turns, and encryption."""
    new_key(stored.keys)
    admins = Admins(frozenset({OPERATOR}))
    ports = ports_on(database, clock=time, admins=admins, public_url="https://bot.example.com")
    return Room(ports, stored.keys)


async def a_link(room: Room) -> str:
    """A token, for the client secret."""
    await room.saves()
    ask = await asks(room)
    known = await room.ports.ledger.read(lambda r: r.connection(ask.subject))
    assert known is not None
    await handing_over.offer_link(room.ports, ask, known, secret_field("bot_client_secret"))
    return room.ports.links.address_of(ask.id).rpartition("/")[2]


async def given(room: Room) -> Handover:
    """A value that waits."""
    return await handing_over.give(room.ports, await a_link(room), "made-up-secret", None)


async def test_a_link_is_over_after_ten_minutes(timed: Room, time: Time) -> None:
    token = await a_link(timed)
    time.passes(LINK_LIFE - timedelta(seconds=1))
    assert (await handing_over.offered(timed.ports, token)).lasts
    time.passes(timedelta(seconds=1))
    assert not (await handing_over.offered(timed.ports, token)).lasts
    with pytest.raises(Mistake, match="its time was over"):
        await handing_over.give(timed.ports, token, "made-up-secret", None)


async def test_what_nobody_confirmed_is_erased(timed: Room, time: Time) -> None:
    one = await given(timed)
    assert await timed.ports.ledger.read(lambda r: r.secret(one.secret_id))
    time.passes(WORD_LIFE)
    with pytest.raises(Mistake, match="its time was over"):
        await keep(timed.ports, await asks(timed), one.id)
    with pytest.raises(Mistake, match="its time was over"):
        await use_once(timed.ports, await asks(timed), one.id)
    await end_overdue(timed.ports)
    assert await timed.ports.ledger.read(lambda r: r.secret(one.secret_id)) is None
    ended = await timed.ports.ledger.read(lambda r: r.handover(one.id))
    assert ended is not None
    assert ended.state is HandoverState.EXPIRED


async def test_what_still_has_time_is_left_alone(timed: Room, time: Time) -> None:
    one = await given(timed)
    time.passes(WORD_LIFE - timedelta(seconds=1))
    await end_overdue(timed.ports)
    await keep(timed.ports, await asks(timed), one.id)
    assert (await timed.saved()).setup.bot_client_secret == one.secret_id


async def test_the_one_that_is_replaced_is_erased(timed: Room) -> None:
    first = await given(timed)
    await keep(timed.ports, await asks(timed), first.id)
    ask = await asks(timed)
    known = await timed.ports.ledger.read(lambda r: r.connection(ask.subject))
    assert known is not None
    await handing_over.offer_link(timed.ports, ask, known, secret_field("bot_client_secret"))
    token = timed.ports.links.address_of(ask.id).rpartition("/")[2]
    second = await handing_over.give(timed.ports, token, "another-secret", None)
    await keep(timed.ports, await asks(timed), second.id)
    assert await timed.ports.ledger.read(lambda r: r.secret(first.secret_id)) is None
    assert await timed.ports.ledger.read(lambda r: r.secret(second.secret_id)) is not None


async def test_an_old_button_changes_nothing_that_was_decided(timed: Room) -> None:
    one = await given(timed)
    await keep(timed.ports, await asks(timed), one.id)
    await timed.saves(tenant="other.example.com")
    for act in (keep, use_once):
        with pytest.raises(Mistake, match="it was kept"):
            await act(timed.ports, await asks(timed), one.id)
    ended = await timed.ports.ledger.read(lambda r: r.handover(one.id))
    assert ended is not None
    assert ended.state is HandoverState.KEPT


async def test_a_sign_in_ends_with_its_token(timed: Room, time: Time) -> None:
    await timed.saves()
    ask = await asks(timed)
    await administrators.sign_in(timed.ports, ask)
    sign_ins = timed.ports.sign_ins
    assert isinstance(sign_ins, FakeSignIns)
    end = time.now() + timedelta(hours=1)
    await sign_ins.answer(ask.id, SignedInAs("admin@domain.net", end))
    await sign_in_ends.end_overdue(timed.ports)
    assert sign_ins.forgotten == []
    time.passes(timedelta(hours=1))
    await sign_in_ends.end_overdue(timed.ports)
    assert sign_ins.forgotten == [ask.id]
    held = await timed.ports.ledger.read(lambda r: r.sign_in(ask.id))
    assert held is not None
    assert held.state is SignInState.SIGNED_OUT
