"""Certificates: once for one ask, and never kept without having been tried."""

import pytest

from connection import making_certificates
from connection.deciding_secrets import discard, keep
from connection.errors import Mistake
from connection.keeping_secrets import secret_field
from tests.parity.room import Room, asks


async def test_a_certificate_is_made_once_for_one_ask(room: Room) -> None:
    room.turns_encryption_on()
    await room.saves(bot_credential="certificate")
    ask = await asks(room)
    about = secret_field("bot_certificate")
    await making_certificates.make_for(room.ports, ask, about, 90)
    linked = (await room.saved()).setup.bot_certificate
    await making_certificates.make_for(room.ports, ask, about, 90)
    assert (await room.saved()).setup.bot_certificate == linked
    assert not await room.ports.ledger.read(lambda r: r.waiting_handovers(ask.subject))


async def test_a_certificate_that_waits_is_not_kept_by_confirming(room: Room) -> None:
    room.turns_encryption_on()
    await room.saves(bot_credential="certificate")
    about = secret_field("bot_certificate")
    await making_certificates.make_for(room.ports, await asks(room), about, 90)
    await making_certificates.make_for(room.ports, await asks(room), about, 90)
    ask = await asks(room)
    (waiting,) = await room.ports.ledger.read(lambda r: r.waiting_handovers(ask.subject))
    for handover_id in ("", waiting.id):
        with pytest.raises(Mistake, match="No secret waits"):
            await keep(room.ports, ask, handover_id)
    await discard(room.ports, ask, waiting.id)
    assert not await room.ports.ledger.read(lambda r: r.secret(waiting.secret_id))
