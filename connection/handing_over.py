"""A secret given by a one-time link: pending until the person it was asked from says so."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from connection.asks import Ask, Audience, Showing, What
from connection.audit import AuditTag
from connection.connection import Connection
from connection.errors import Mistake, UnknownLink
from connection.handover import LINK_LIFE, WORD_LIFE, Handover, HandoverState, over
from connection.handover_ends import end, record
from connection.keeping_secrets import Checked, checked, ref_for, secret_field
from connection.locking import locked_secret
from connection.origins import origin_for
from connection.ports import Ports, Reading, Transaction
from connection.setup_fields import SetupField


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form behind a link says. `lasts` is false once nothing can be given any more;
    `locked` is why nothing can be given now."""

    handover: Handover
    about: SetupField
    connection: str
    lasts: bool
    locked: Mistake | None = None


async def offer_link(ports: Ports, ask: Ask, connection: Connection, about: SetupField) -> None:
    """A link for the person who asked, and for nobody else."""
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        ref = ref_for(connection, tx.setup(connection.id).setup, about)
        handover = Handover(
            id=ask.id,
            workspace=ask.workspace,
            connection_id=connection.id,
            field=about.name,
            origin=ref.origin,
            person=ask.person,
            place=ask.place,
            state=HandoverState.OPEN,
            created_at=now,
            ends_at=now + LINK_LIFE,
        )
        if tx.handover(handover.id) is None:
            _end_earlier(tx, ports, handover, now)
            tx.keep_handover(handover)
            record(tx, handover, AuditTag.SECRET_OFFERED, now)
        tx.show(_showing(handover, ask.id, now))
        tx.finish(ask.id, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _end_earlier(tx: Transaction, ports: Ports, handover: Handover, now: datetime) -> None:
    """One link a person and field: an earlier one stops working, and what it brought is gone."""
    for earlier in tx.waiting_handovers(handover.connection_id):
        same = earlier.field == handover.field and earlier.person == handover.person
        if same and earlier.id != handover.id and earlier.state is not HandoverState.MADE:
            end(tx, ports.hold, earlier, HandoverState.DISCARDED, now)


async def offered(ports: Ports, token: str) -> Offered:
    """What stands behind a link; looking at it changes nothing. Raises `UnknownLink`."""
    handover_id = ports.links.handover_of(token)
    now = ports.clock.now()

    def query(reading: Reading) -> Offered:
        handover, connection = _behind(reading, handover_id)
        lasts = (
            handover.state is HandoverState.OPEN
            and now < handover.ends_at
            and still_for(reading, handover)
        )
        about, setup = secret_field(handover.field), reading.setup(connection.id).setup
        locked = locked_secret(connection, setup, about)
        return Offered(handover, about, connection.name, lasts, locked)

    return await ports.ledger.read(query)


def _behind(reading: Reading, handover_id: str) -> tuple[Handover, Connection]:
    handover = reading.handover(handover_id) if handover_id else None
    connection = reading.connection(handover.connection_id) if handover else None
    if handover is None or connection is None:
        raise UnknownLink("This link leads nowhere.", "Ask for a new one with /d365 secret.")
    return handover, connection


def still_for(reading: Reading, handover: Handover) -> bool:
    """Whether the setup still names what the secret was asked for."""
    about = secret_field(handover.field)
    return origin_for(about, reading.setup(handover.connection_id).setup) == handover.origin


async def give(ports: Ports, token: str, value: str, expires_at: datetime | None) -> Handover:
    """The form was sent: the value waits for its person's word in Slack.

    Raises `UnknownLink`, and `Mistake` for a link that was used or whose time is over, and for
    what cannot be this secret; only the first sound value uses the link up.
    """
    now = ports.clock.now()
    found = await offered(ports, token)
    if not found.lasts:
        raise over(_told_state(found.handover, now))
    if found.locked:
        raise found.locked
    given = checked(ports.certificates, found.about, value, expires_at, now)
    handover = await take(ports, found.handover, given, now)
    ports.messenger.nudge()
    return handover


def _told_state(handover: Handover, now: datetime) -> HandoverState:
    if handover.state is HandoverState.OPEN:
        return HandoverState.EXPIRED if now >= handover.ends_at else HandoverState.VOID
    return handover.state


async def link_refused(ports: Ports, handover: Handover) -> None:
    """Remember that somebody gave something to a link that takes nothing any more."""
    now = ports.clock.now()
    await ports.ledger.run(lambda tx: record(tx, handover, AuditTag.SECRET_LINK_REFUSED, now))


async def take(ports: Ports, handover: Handover, given: Checked, now: datetime) -> Handover:
    """Seal the value, or hold it while encryption is off, and ask its person about it."""
    pending = replace(
        handover.becomes(HandoverState.GIVEN, now),
        secret_id=str(uuid.uuid4()),
        ends_at=now + WORD_LIFE,
        secret_expires_at=given.expires_at,
    )
    in_memory = not ports.encryption.on()
    if in_memory:
        ending = ports.hold.hold(pending.ref, given.value, pending.ends_at)
        pending = replace(pending, in_memory=True, fingerprint_end=ending)

    def work(tx: Transaction) -> Handover:
        current = tx.handover(handover.id)
        if current is not None and current.state is not HandoverState.OPEN:
            raise over(current.state)
        _end_earlier(tx, ports, handover, now)
        kept = pending
        if not in_memory:
            facts = tx.seal_secret(
                pending.ref,
                given.value,
                handover.person,
                now,
                expires_at=given.expires_at,
                public_part=given.public_part,
            )
            kept = replace(pending, fingerprint_end=facts.fingerprint_end)
        tx.keep_handover(kept)
        record(tx, kept, AuditTag.SECRET_GIVEN, now)
        tx.show(_showing(kept, str(uuid.uuid4()), now))
        return kept

    try:
        return await ports.ledger.run(work)
    except BaseException:
        ports.hold.drop(pending.secret_id)
        raise


def _showing(handover: Handover, showing_id: str, now: datetime) -> Showing:
    return Showing(
        id=showing_id,
        workspace=handover.workspace,
        what=What.HANDOVER,
        subject=f"{handover.id}:{handover.state.value}",
        audience=Audience.PERSON,
        person=handover.person,
        place=handover.place,
        created_at=now,
    )
