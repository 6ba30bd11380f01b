"""The word of the person who was asked for a secret: keep it, use it once, or discard it."""

from dataclasses import replace
from datetime import datetime

from connection import testing
from connection.asks import Answer, Ask, Tone
from connection.audit import AuditTag
from connection.connection import Connection
from connection.errors import EncryptionOff, Mistake
from connection.handing_over import still_for
from connection.handover import Handover, HandoverState, over
from connection.handover_ends import end, record
from connection.keeping_secrets import link, secret_field
from connection.locking import refuse_locked_secret
from connection.people import Role
from connection.ports import Ports, Reading, Transaction
from connection.secret_rules import public_half
from connection.setup import SECRET_FIELDS, secrets_of
from connection.setup_fields import SetupField
from connection.showing import reply
from connection.still_admin import may_still


def own(reading: Reading, ask: Ask, which: str, *, also_open: bool = False) -> Handover:
    """The one with this id; else the one that this person's word is wanted for, of a field or of
    any. Raises `Mistake`, also where there are several.

    A certificate that the bot made is decided about by `use`, not here.
    """
    found = reading.handover(which) if which not in _FIELDS else None
    if found is None:
        found = _awaited(reading, ask, which, also_open=also_open)
    made = found is not None and found.state is HandoverState.MADE
    if found is None or made or found.connection_id != ask.subject:
        raise Mistake("No secret waits for your word here.", "Give one with /d365 secret.")
    if found.person != ask.person:
        raise Mistake("This was asked from somebody else.", "Give your own with /d365 secret.")
    return found


def _awaited(reading: Reading, ask: Ask, field: str, *, also_open: bool) -> Handover | None:
    mine = [
        one
        for one in reading.waiting_handovers(ask.subject)
        if one.person == ask.person and field in ("", one.field)
    ]
    given = [one for one in mine if one.state is HandoverState.GIVEN]
    if len(given) > 1 and not field:
        names = ", ".join(sorted({one.field for one in given}))
        raise Mistake(f"Several secrets wait for your word: {names}.", "Name one behind the word.")
    open_ones = [one for one in mine if one.state is HandoverState.OPEN] if also_open else []
    return next(iter([*given, *open_ones]), None)


_FIELDS = frozenset({"", *(about.name for about in SECRET_FIELDS)})


def can_be_kept(ports: Ports, reading: Reading, ask: Ask, which: str) -> Handover:
    """Before anything is made for it. Raises `Mistake` where it could not be kept."""
    handover = own(reading, ask, which)
    handover.becomes(HandoverState.KEPT, ports.clock.now())
    _not_locked(reading, handover)
    if not still_for(reading, handover):
        raise over(HandoverState.VOID)
    if handover.in_memory and ports.hold.value(handover.secret_id) is None:
        raise lost(_connection(reading, handover).name)
    return handover


async def keep(ports: Ports, ask: Ask, handover_id: str) -> None:
    """The person's word: from now on it is used. Raises `EncryptionOff` while it cannot be."""
    now = ports.clock.now()

    def work(tx: Transaction) -> str:
        handover = own(tx, ask, handover_id)
        if not may_still(ports, tx, ask, Role.OPERATOR, handover.connection_id, now):
            return ""
        connection = _connection(tx, handover)
        kept = handover.becomes(HandoverState.KEPT, now)
        _not_locked(tx, handover)
        if not still_for(tx, handover):
            end(tx, ports.hold, handover, HandoverState.VOID, now)
            said = over(HandoverState.VOID)
            reply(tx, ask, Answer(Tone.REFUSED, said.message, said.hint), now)
            return handover.secret_id
        if handover.in_memory:
            _seal_held(tx, ports, handover, now)
        facts = tx.secret(handover.secret_id)
        if facts is None:
            raise LookupError("a pending secret is gone")
        tx.keep_handover(replace(kept, in_memory=False))
        link(tx, connection, facts, handover.person, now)
        reply(tx, ask, Answer(Tone.DONE, _kept(tx, handover, connection), ""), now)
        return handover.secret_id

    done_with = await ports.ledger.run(work)
    if done_with:
        ports.hold.drop(done_with)
    ports.messenger.nudge()


def _not_locked(reading: Reading, handover: Handover) -> None:
    """What was given goes on waiting, while there is time."""
    connection = _connection(reading, handover)
    setup = reading.setup(connection.id).setup
    refuse_locked_secret(connection, setup, secret_field(handover.field))


def _connection(reading: Reading, handover: Handover) -> Connection:
    connection = reading.connection(handover.connection_id)
    if connection is None:
        raise Mistake("The connection is gone.", "/d365 list shows those that there are.")
    return connection


def _seal_held(tx: Transaction, ports: Ports, handover: Handover, now: datetime) -> None:
    value = ports.hold.value(handover.secret_id)
    if value is None:
        raise lost(_connection(tx, handover).name)
    if not ports.encryption.on():
        raise EncryptionOff(
            "Encryption is off, so the secret cannot be kept.",
            "Turn it on with /d365 encryption on, or use the secret for one test only.",
        )
    tx.seal_secret(
        handover.ref,
        value,
        handover.person,
        now,
        expires_at=handover.secret_expires_at,
        public_part=public_half(value),
    )


def lost(name: str) -> Mistake:
    """A value that was held in memory only is gone."""
    return Mistake(
        "The secret was not stored, and the bot does not have it any more.",
        f"Give the secret again with /d365 secret {name}.",
    )


def _kept(reading: Reading, handover: Handover, connection: Connection) -> str:
    label = secret_field(handover.field).label
    counts = any(about.name == handover.field for about in _used(reading, connection))
    said = f"{label} of {connection.name} is set; its fingerprint ends {handover.fingerprint_end}."
    if not counts:
        return f"{said} It is used once the setup says so: `/d365 setup {connection.name}`."
    return f"{said} Next: `/d365 test {connection.name}`."


def _used(reading: Reading, connection: Connection) -> tuple[SetupField, ...]:
    return secrets_of(reading.setup(connection.id).setup)


async def discard(ports: Ports, ask: Ask, handover_id: str) -> None:
    """It is not to be used: erased. A certificate that waits may be discarded by everybody."""
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        handover = _made(tx, ask, handover_id) or own(tx, ask, handover_id, also_open=True)
        if not handover.waits:
            raise over(handover.state)
        end(tx, ports.hold, handover, HandoverState.DISCARDED, now)
        reply(tx, ask, Answer(Tone.DONE, "Discarded. Nothing was changed.", ""), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _made(reading: Reading, ask: Ask, handover_id: str) -> Handover | None:
    """The waiting certificate that is meant by its id."""
    found = reading.handover(handover_id) if handover_id else None
    if found is None or found.state is not HandoverState.MADE:
        return None
    return found if found.connection_id == ask.subject else None


async def use_once(ports: Ports, ask: Ask, handover_id: str) -> None:
    """Encryption stays off: nothing is stored, and one test is made with the secret."""
    now = ports.clock.now()

    def work(tx: Transaction) -> Handover:
        handover = own(tx, ask, handover_id)
        if handover.in_memory and ports.hold.value(handover.secret_id) is None:
            raise lost(_connection(tx, handover).name)
        if handover.state is HandoverState.USED_ONCE:
            return handover
        used = handover.becomes(HandoverState.USED_ONCE, now)
        if not still_for(tx, handover):
            end(tx, ports.hold, handover, HandoverState.VOID, now)
            return replace(handover, state=HandoverState.VOID)
        tx.keep_handover(used)
        record(tx, used, AuditTag.SECRET_USED_ONCE, now)
        return used

    used = await ports.ledger.run(work)
    if used.state is HandoverState.VOID:
        raise over(used.state)
    try:
        await testing.test_with(ports, ask, {used.field: used.ref})
    finally:
        await _forget(ports, used)


async def _forget(ports: Ports, used: Handover) -> None:
    """Nothing of it is left, wherever it was."""
    ports.hold.drop(used.secret_id)
    ports.sales.forget(used.secret_id)
    await ports.ledger.run(lambda tx: tx.erase_secret(used.secret_id))
