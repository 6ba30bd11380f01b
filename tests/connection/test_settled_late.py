"""What ends minutes after it was asked for is done for who may do it then."""

from dataclasses import replace
from datetime import timedelta

from connection.administrators import sign_in
from connection.asks import Ask, Place
from connection.deciding_secrets import keep
from connection.handover import Handover, HandoverState
from connection.identities import SecretOrigin
from connection.knowing import know
from connection.people import Grant, Role
from connection.ports import Ports
from connection.signing_in import SignedInAs, SignInState
from tests.connection.test_settling import (
    PERSON,
    MovedClock,
    asked,
    clock,
    database,
    directory,
    original,
    ports,
    stored,
)
from tests.parity.fakes import LATER, FakeSignIns
from tests.storage.samples import a_connection, a_setup

__all__ = ["clock", "database", "directory", "original", "ports", "stored"]

CONNECTION = a_connection()
HELD = Grant("T1", PERSON, Role.OPERATOR, CONNECTION.id)


async def _asked(ports: Ports, act: str) -> Ask:
    setup = a_setup(admin_client_id="11111111-2222-4333-8444-555555555555")
    now = ports.clock.now()
    ask = replace(asked(ports), act=act, subject=CONNECTION.id)
    await ports.ledger.run(lambda tx: tx.create_connection(CONNECTION))
    await ports.ledger.run(lambda tx: tx.save_setup(CONNECTION.id, setup, PERSON, now))
    await ports.ledger.run(lambda tx: tx.grant(HELD, PERSON, now))
    await ports.ledger.run(lambda tx: tx.accept(ask))
    await know(ports, "T1", PERSON.user)
    return ask


async def _signed_in(ports: Ports, ask: Ask) -> SignInState:
    assert isinstance(ports.sign_ins, FakeSignIns)
    await ports.sign_ins.answer(ask.id, SignedInAs("vera@domain.net", LATER))
    found = await ports.ledger.read(lambda reading: reading.sign_in(ask.id))
    assert found is not None
    return found.state


async def test_who_is_operator_no_more_when_the_code_is_entered_is_not_signed_in(
    ports: Ports, clock: MovedClock
) -> None:
    ask = await _asked(ports, "sign-in")
    await sign_in(ports, ask)
    await ports.ledger.run(lambda tx: tx.revoke(HELD))
    assert await _signed_in(ports, ask) is SignInState.FAILED
    assert isinstance(ports.sign_ins, FakeSignIns)
    assert ports.sign_ins.forgotten == [ask.id]


async def test_who_is_operator_still_is_signed_in_however_long_it_took(
    ports: Ports, clock: MovedClock
) -> None:
    ask = await _asked(ports, "sign-in")
    await sign_in(ports, ask)
    clock.move(timedelta(minutes=16))
    assert await _signed_in(ports, ask) in (SignInState.SIGNED_IN, SignInState.ASKED)


async def test_who_is_operator_no_more_keeps_no_secret(ports: Ports) -> None:
    """As when the role went while encryption was turned on."""
    ask = await _asked(ports, "secret")
    given = Handover(
        id="handover-1",
        workspace="T1",
        connection_id=CONNECTION.id,
        field="bot_client_secret",
        origin=SecretOrigin("", "", "", ""),
        person=PERSON,
        place=Place("C1"),
        state=HandoverState.GIVEN,
        created_at=ports.clock.now(),
        ends_at=LATER,
    )
    await ports.ledger.run(lambda tx: tx.keep_handover(given))
    await ports.ledger.run(lambda tx: tx.revoke(HELD))
    await keep(ports, ask, given.id)
    said = await ports.ledger.read(lambda reading: reading.answer(ask.id))
    assert said is not None
    assert "needs the role operator" in said.message
    assert await ports.ledger.read(lambda reading: reading.handover(given.id)) == given
