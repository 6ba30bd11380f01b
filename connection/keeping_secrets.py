"""Keeping a secret: checked by its field's rule, sealed to what it is given for, linked."""

import uuid
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from connection.audit import AuditTag
from connection.connection import Connection, Health
from connection.errors import Mistake
from connection.identities import SecretRef
from connection.locking import refuse_locked_secret
from connection.naming import the_connection
from connection.origins import origin_for
from connection.people import Person
from connection.ports import Certificates, Ports, Transaction
from connection.secrets import SecretFacts
from connection.setup import LABELS, SECRET_FIELDS, ConnectionSetup
from connection.setup_fields import SecretKind, SetupField
from connection.words import nearest


@dataclass(frozen=True, slots=True)
class Checked:
    """A secret that its rule took, with what is known of it."""

    value: str
    expires_at: datetime | None
    public_part: str

    def __repr__(self) -> str:
        return "Checked(…)"


def secret_field(name: str) -> SetupField:
    """Raises `Mistake`, with the nearest one, for what is no secret of the setup."""
    found = next((about for about in SECRET_FIELDS if about.name == name), None)
    if found is None:
        names = [about.name for about in SECRET_FIELDS]
        near = nearest(name, names)
        meant = f"Did you mean {near}? " if near else ""
        raise Mistake(
            f"{name[:80]} is not a secret of the setup.", f"{meant}Secrets: {', '.join(names)}."
        )
    return found


def checked(
    certificates: Certificates,
    about: SetupField,
    value: str,
    expires_at: datetime | None,
    now: datetime,
) -> Checked:
    """Raises `Mistake` for what cannot be this secret; it never repeats the value."""
    value = about.rule(value)
    if about.secret is SecretKind.CERTIFICATE:
        public = certificates.read(value)
        if public.expires_at <= now:
            raise Mistake(
                f"The certificate ended on {public.expires_at:%Y-%m-%d}.",
                "Give one that is valid, or let the bot make one.",
            )
        return Checked(value, public.expires_at, public.pem)
    if expires_at is not None and expires_at <= now:
        raise Mistake(
            f"The secret ended on {expires_at:%Y-%m-%d}.", "Give one that is valid, and its end."
        )
    return Checked(value, expires_at, "")


def ref_for(connection: Connection, setup: ConnectionSetup, about: SetupField) -> SecretRef:
    """A new secret of this field. Raises `Mistake` while the setup lacks what it is for, and where
    Business Central locks it."""
    refuse_locked_secret(connection, setup, about)
    origin = origin_for(about, setup)
    given_for = about.given_for
    if given_for and not (origin.host and origin.login):
        missing = given_for.login if origin.host else given_for.host
        raise Mistake(
            f"The setup of {connection.name} has no {LABELS[missing]} yet, which the "
            f"{about.label[:1].lower()}{about.label[1:]} belongs to.",
            f"Fill it in with /d365 setup {connection.name}.",
        )
    return SecretRef(
        id=str(uuid.uuid4()),
        workspace=connection.workspace,
        connection_id=connection.id,
        field=about.name,
        origin=origin,
    )


def link(
    tx: Transaction, connection: Connection, facts: SecretFacts, person: Person, now: datetime
) -> None:
    """A new revision holds it; the one that it replaces is erased."""
    field = facts.ref.field
    saved = tx.setup(connection.id)
    replaced = getattr(saved.setup, field)
    tx.save_setup(connection.id, replace(saved.setup, **{field: facts.ref.id}), person, now)
    if replaced:
        tx.erase_secret(replaced)
    tx.set_health(connection.id, Health.UNTESTED)
    tx.record(
        at=now,
        workspace=connection.workspace,
        actor=person,
        tag=AuditTag.SECRET_SET,
        connection=connection.id,
        details={
            "connection": connection.name,
            "field": field,
            "fingerprint_ends": facts.fingerprint_end,
            "given_for": asdict(facts.ref.origin),
            "replaced": bool(replaced),
            **_end(facts.expires_at),
        },
    )


def _end(at: datetime | None) -> dict[str, object]:
    return {"expires": f"{at:%Y-%m-%d}"} if at else {}


async def set_secret(
    ports: Ports,
    workspace: str,
    name: str,
    field: str,
    value: str,
    person: Person,
    expires_at: datetime | None = None,
) -> SecretFacts:
    """Store a secret for a connection's field; the one it replaces is erased.

    Raises `Mistake` for an unknown field or a value that cannot be it, `UnknownConnection`,
    and `EncryptionOff` while no encryption key exists.
    """
    about = secret_field(field)
    now = ports.clock.now()
    given = checked(ports.certificates, about, value, expires_at, now)

    def work(tx: Transaction) -> SecretFacts:
        connection = the_connection(tx, workspace, name)
        ref = ref_for(connection, tx.setup(connection.id).setup, about)
        facts = tx.seal_secret(
            ref,
            given.value,
            person,
            now,
            expires_at=given.expires_at,
            public_part=given.public_part,
        )
        link(tx, connection, facts, person, now)
        return facts

    return await ports.ledger.run(work)


def end_of_day(date: str) -> datetime | None:
    """The end of a secret as it was typed, `2027-03-01`; None for ''. Raises `Mistake`."""
    if not date.strip():
        return None
    try:
        day = datetime.fromisoformat(f"{date.strip()}T00:00:00+00:00")
    except ValueError:
        raise Mistake("That is not a date.", "Write it as 2027-03-01.") from None
    return day + timedelta(days=1, seconds=-1)
