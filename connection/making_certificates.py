"""A certificate that the bot makes: its private key never leaves, its public half goes to Entra.

A renewed one waits beside the one in use, so that both are valid until Entra knows the new one.
"""

import re
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from connection.asks import Answer, Ask, Place, Tone, What
from connection.audit import AuditTag
from connection.connection import Connection
from connection.errors import EncryptionOff, Mistake
from connection.handing_over import still_for
from connection.handover import Handover, HandoverState, over
from connection.handover_ends import end
from connection.identities import Access, Identity
from connection.keeping_secrets import link, ref_for
from connection.naming import asked_about
from connection.origins import access_of, secret_field_of
from connection.people import Person
from connection.ports import Ports, Reading, Transaction
from connection.secrets import Certificate, SecretFacts
from connection.setup_fields import SecretKind, SetupField
from connection.showing import reply, show_to_person

SHORTEST_DAYS, LONGEST_DAYS, USUAL_DAYS = 1, 730, 180


@dataclass(frozen=True, slots=True)
class Made:
    """A new certificate. `in_use` is false while an older one is used until Entra knows it."""

    facts: SecretFacts
    certificate: Certificate
    in_use: bool


def days_of(text: str) -> int:
    """How long a certificate shall be valid; '' is half a year. Raises `Mistake`."""
    if not text:
        return USUAL_DAYS
    days = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        raise Mistake(
            f"{text[:20]} is not a number of days from {SHORTEST_DAYS} to {LONGEST_DAYS}.",
            "Such as 180 for half a year.",
        )
    return days


async def make(
    ports: Ports,
    connection: Connection,
    about: SetupField,
    days: int,
    person: Person,
    secret_id: str = "",
) -> Made:
    """RSA with 3072 bits, self-signed, sealed at once. Raises `EncryptionOff`, and `Mistake`.

    With the same `secret_id` once more, as after a crash, nothing is made anew.
    """
    _can_be_made(ports, about)
    now = ports.clock.now()
    private, public = await ports.certificates.make(f"d365bot {connection.name}", days, now)

    def work(tx: Transaction) -> Made:
        saved = tx.setup(connection.id)
        known = tx.secret(secret_id) if secret_id else None
        if known is not None:
            described = ports.certificates.described(known.public_part)
            return Made(known, described, getattr(saved.setup, about.name) == known.ref.id)
        ref = ref_for(connection, saved.setup, about)
        ref = replace(ref, id=secret_id or ref.id)
        facts = tx.seal_secret(
            ref, private, person, now, expires_at=public.expires_at, public_part=public.pem
        )
        in_use = not getattr(saved.setup, about.name)
        _remember(tx, connection, facts, public, person, now)
        _end_waiting(tx, ports, connection, about, now)
        if in_use:
            link(tx, connection, facts, person, now)
        else:
            tx.keep_handover(_waiting(facts, person, now))
        return Made(facts, public, in_use)

    return await ports.ledger.run(work)


def _is_certificate(about: SetupField) -> None:
    if about.secret is not SecretKind.CERTIFICATE:
        raise Mistake(
            f"{about.name} is no certificate.",
            "The bot makes bot_certificate and integration_certificate.",
        )


def _can_be_made(ports: Ports, about: SetupField) -> None:
    _is_certificate(about)
    if not ports.encryption.on():
        raise EncryptionOff(
            "Encryption is off, so the bot cannot keep a private key.",
            "Turn it on with /d365 encryption on, or d365bot keys new where the bot runs.",
        )


def _remember(
    tx: Transaction,
    connection: Connection,
    facts: SecretFacts,
    public: Certificate,
    person: Person,
    now: datetime,
) -> None:
    tx.record(
        at=now,
        workspace=connection.workspace,
        actor=person,
        tag=AuditTag.CERTIFICATE_MADE,
        connection=connection.id,
        details={
            "connection": connection.name,
            "field": facts.ref.field,
            "thumbprint": public.sha1,
            "expires": f"{public.expires_at:%Y-%m-%d}",
        },
    )


def _end_waiting(
    tx: Transaction, ports: Ports, connection: Connection, about: SetupField, now: datetime
) -> None:
    for earlier in tx.waiting_handovers(connection.id):
        if earlier.field == about.name and earlier.state is HandoverState.MADE:
            end(tx, ports.hold, earlier, HandoverState.DISCARDED, now)


def _waiting(facts: SecretFacts, person: Person, now: datetime) -> Handover:
    return Handover(
        id=str(uuid.uuid4()),
        workspace=facts.ref.workspace,
        connection_id=facts.ref.connection_id,
        field=facts.ref.field,
        origin=facts.ref.origin,
        person=person,
        place=Place(""),
        state=HandoverState.MADE,
        created_at=now,
        ends_at=facts.expires_at or now,
        secret_id=facts.ref.id,
        fingerprint_end=facts.fingerprint_end,
        secret_expires_at=facts.expires_at,
    )


async def make_for(ports: Ports, ask: Ask, about: SetupField, days: int) -> None:
    """Asked for in Slack: the public half comes as a file, with the steps for Entra."""
    connection = await ports.ledger.read(lambda reading: asked_about(reading, ask))
    made = await make(ports, connection, about, days, ask.person, secret_id=ask.id)
    await show(ports, ask, made.facts.ref.id)


async def show(ports: Ports, ask: Ask, secret_id: str) -> None:
    """The public half once more, for the one who asks."""
    await show_to_person(ports, ask, What.CERTIFICATE, secret_id)


def newest(reading: Reading, connection: Connection, about: SetupField) -> SecretFacts:
    """The one that waits, else the one in use. Raises `Mistake` where there is none."""
    _is_certificate(about)
    waiting = [
        one
        for one in reading.waiting_handovers(connection.id)
        if one.field == about.name and one.state is HandoverState.MADE
    ]
    linked = getattr(reading.setup(connection.id).setup, about.name)
    found = reading.secret(waiting[0].secret_id if waiting else linked)
    if found is None or not found.public_part:
        raise Mistake(
            f"The bot has no {about.name} of {connection.name}.",
            f"It makes one with /d365 secret {connection.name} {about.name} make.",
        )
    return found


async def use(ports: Ports, ask: Ask, which: str) -> None:
    """Sign in with the new certificate, and only if that works use it from now on."""
    handover, access = await ports.ledger.read(lambda reading: _to_use(reading, ask, which))
    if access is not None:
        await ports.sales.sign_in(access)
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        current = tx.handover(handover.id)
        if current is None or not still_for(tx, current):
            raise over(HandoverState.VOID)
        kept = current.becomes(HandoverState.KEPT, now)
        facts, connection = tx.secret(kept.secret_id), tx.connection(kept.connection_id)
        if facts is None or connection is None:
            raise over(HandoverState.VOID)
        tx.keep_handover(kept)
        before = tx.secret(getattr(tx.setup(connection.id).setup, kept.field))
        link(tx, connection, facts, ask.person, now)
        thumbprints = [_thumbprint(ports, one) for one in (facts, before)]
        reply(tx, ask, Answer(Tone.DONE, _now_used(connection, *thumbprints)), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _to_use(reading: Reading, ask: Ask, which: str) -> tuple[Handover, Access | None]:
    """The waiting certificate, and the access to try it with where the setup uses one."""
    connection = asked_about(reading, ask)
    waiting = [
        one
        for one in reading.waiting_handovers(connection.id)
        if one.state is HandoverState.MADE and which in ("", one.id, one.field)
    ]
    if not waiting:
        field = which if which.endswith("_certificate") else "bot_certificate"
        raise Mistake(
            "No new certificate waits here.",
            f"Make one with /d365 secret {connection.name} {field} make.",
        )
    if len(waiting) > 1:
        names = ", ".join(sorted(one.field for one in waiting))
        raise Mistake(
            f"Several new certificates wait: {names}.",
            f"Name one: /d365 secret {connection.name} use {waiting[0].field}.",
        )
    handover = waiting[0]
    setup = reading.setup(connection.id).setup
    for identity in (Identity.BOT, Identity.INTEGRATION):
        if secret_field_of(identity, setup) == handover.field:
            access = access_of(identity, setup, lambda _: handover.ref)
            return handover, replace(access, correlation=str(uuid.uuid4()))
    return handover, None


def _thumbprint(ports: Ports, facts: SecretFacts | None) -> str:
    if facts is None or not facts.public_part:
        return ""
    return ports.certificates.described(facts.public_part).sha1


def _now_used(connection: Connection, thumbprint: str, before: str) -> str:
    said = (
        f"From now on {connection.name} signs in with the new certificate, thumbprint {thumbprint}."
    )
    if before:
        said += (
            f" The old one is erased here: take it from the app in Entra too, thumbprint {before}."
        )
    return f"{said} Next: `/d365 test {connection.name}`."
