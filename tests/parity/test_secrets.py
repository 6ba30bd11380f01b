"""Business Central's questions about encryption and about the administrator's domain."""

import pytest

from connection import administrators, handing_over
from connection.deciding_secrets import keep
from connection.errors import EncryptionOff
from connection.handover import HandoverState
from connection.keeping_secrets import secret_field
from connection.signing_in import SignedInAs, SignInState, of_different_domains
from tests.parity.fakes import LATER, FakeSignIns
from tests.parity.room import Room, asks


async def test_a_secret_given_while_encryption_is_off_is_asked_about_and_not_stored(
    room: Room,
) -> None:
    await room.saves()
    ask = await asks(room)
    known = await room.ports.ledger.read(lambda r: r.connection(ask.subject))
    assert known is not None
    await handing_over.offer_link(room.ports, ask, known, secret_field("bot_client_secret"))
    token = room.ports.links.address_of(ask.id).rpartition("/")[2]
    given = await handing_over.give(room.ports, token, "made-up-secret", None)
    assert (given.state, given.in_memory) == (HandoverState.GIVEN, True)
    with pytest.raises(EncryptionOff):
        await keep(room.ports, await asks(room), given.id)
    assert not (await room.saved()).setup.bot_client_secret
    await room.ports.encryption.turn_on()
    await keep(room.ports, await asks(room), given.id)
    assert (await room.saved()).setup.bot_client_secret == given.secret_id


@pytest.mark.parametrize(
    ("administrator", "user", "asked"),
    [
        ("admin@contoso.com", "integration@contoso.com", False),
        ("admin@CONTOSO.com", "integration@contoso.COM", False),
        ("admin@contoso.com", "integration@fabrikam.com", True),
        ("admin@sub.contoso.com", "integration@contoso.com", True),
        ("admin@contoso.com", "CONTOSO\\integration", False),
        ("admin", "integration@contoso.com", False),
        ("", "", False),
    ],
)
def test_domains_are_compared_behind_the_at_and_without_case(
    administrator: str, user: str, asked: bool
) -> None:
    assert of_different_domains(administrator, user) is asked


@pytest.mark.parametrize(
    ("account", "state"),
    [
        ("admin@domain.net", SignInState.SIGNED_IN),
        ("admin@other.net", SignInState.ASKED),
    ],
)
async def test_an_administrator_of_another_domain_is_asked_about(
    room: Room, account: str, state: SignInState
) -> None:
    await room.saves()
    ask = await asks(room)
    await administrators.sign_in(room.ports, ask)
    sign_ins = room.ports.sign_ins
    assert isinstance(sign_ins, FakeSignIns)
    assert sign_ins.watched == [ask.id]
    await sign_ins.answer(ask.id, SignedInAs(account, LATER))
    held = await room.ports.ledger.read(lambda r: r.sign_in(ask.id))
    assert held is not None
    assert held.state is state
    assert held.account == account


async def test_no_forgets_the_account_of_the_other_domain(room: Room) -> None:
    await room.saves()
    ask = await asks(room)
    await administrators.sign_in(room.ports, ask)
    sign_ins = room.ports.sign_ins
    assert isinstance(sign_ins, FakeSignIns)
    await sign_ins.answer(ask.id, SignedInAs("admin@other.net", LATER))
    await administrators.sign_in(room.ports, await asks(room, f"no {ask.id}"))
    assert sign_ins.forgotten == [ask.id]
    held = await room.ports.ledger.read(lambda r: r.sign_in(ask.id))
    assert held is not None
    assert held.state is SignInState.CANCELLED


async def test_a_sign_in_that_was_cancelled_meanwhile_holds_nothing(room: Room) -> None:
    await room.saves()
    ask = await asks(room)
    await administrators.sign_in(room.ports, ask)
    await administrators.sign_in(room.ports, await asks(room, "cancel"))
    sign_ins = room.ports.sign_ins
    assert isinstance(sign_ins, FakeSignIns)
    await sign_ins.answer(ask.id, SignedInAs("admin@domain.net", LATER))
    held = await room.ports.ledger.read(lambda r: r.sign_in(ask.id))
    assert held is not None
    assert held.state is SignInState.CANCELLED
    assert set(sign_ins.forgotten) == {ask.id}
