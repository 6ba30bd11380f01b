"""Giving the bot a secret: sealed to what it is given for, and linked to a new revision."""

import uuid
from dataclasses import asdict, replace

from connection.audit import AuditTag
from connection.connection import Health
from connection.errors import Mistake
from connection.identities import SecretRef, origin_of
from connection.naming import the_connection
from connection.people import Person
from connection.ports import Ports, Transaction
from connection.secrets import SecretFacts
from connection.setup import FIELDS, FieldKind, SetupField
from connection.testing import bot_access
from connection.words import nearest

SECRET_FIELDS: tuple[SetupField, ...] = tuple(
    about for about in FIELDS if about.kind is FieldKind.SECRET
)
LONGEST_SECRET = 4096


async def set_secret(
    ports: Ports, workspace: str, name: str, field: str, value: str, person: Person
) -> SecretFacts:
    """Store a secret for a connection's field; the one it replaces is erased.

    Raises `Mistake` for an unknown field or an empty or overlong value, `UnknownConnection`,
    and `EncryptionOff` while no encryption key exists.
    """
    _check(field, value)
    now = ports.clock.now()

    def work(tx: Transaction) -> SecretFacts:
        connection = the_connection(tx, workspace, name)
        saved = tx.setup(connection.id)
        ref = SecretRef(
            id=str(uuid.uuid4()),
            workspace=workspace,
            connection_id=connection.id,
            field=field,
            origin=origin_of(bot_access(saved, None)),
        )
        facts = tx.seal_secret(ref, value, person, now)
        replaced = getattr(saved.setup, field)
        tx.save_setup(connection.id, replace(saved.setup, **{field: ref.id}), person, now)
        if replaced:
            tx.erase_secret(replaced)
        tx.set_health(connection.id, Health.UNTESTED)
        tx.record(
            at=now,
            workspace=workspace,
            actor=person,
            tag=AuditTag.SECRET_SET,
            connection=connection.id,
            details={
                "connection": connection.name,
                "field": field,
                "fingerprint_ends": facts.fingerprint_end,
                "given_for": asdict(ref.origin),
                "replaced": bool(replaced),
            },
        )
        return facts

    return await ports.ledger.run(work)


def _check(field: str, value: str) -> None:
    names = [about.name for about in SECRET_FIELDS]
    if field not in names:
        near = nearest(field, names)
        meant = f"Did you mean {near}? " if near else ""
        raise Mistake(
            f"{field} is not a secret of the setup.", f"{meant}Secrets: {', '.join(names)}."
        )
    if not value:
        raise Mistake("The secret is empty.", "Nothing was changed.")
    if len(value) > LONGEST_SECRET or "\n" in value or "\x00" in value:
        raise Mistake(
            f"A secret is one line of at most {LONGEST_SECRET} characters.", "Nothing was changed."
        )
