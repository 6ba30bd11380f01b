"""Sealed secrets, and the check values of the keys that seal them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from connection.errors import SealBroken
from connection.identities import SecretOrigin, SecretRef
from connection.people import Person
from connection.secrets import SecretFacts
from storage.keys import EncryptionKey
from storage.sealing import Sealed
from storage.tables import key_checks, secrets

_KEEP = insert(secrets)
_BY_ID = select(secrets).where(secrets.c.id == bindparam("which"))
_ERASE = delete(secrets).where(secrets.c.id == bindparam("which"))
_CHECK = select(key_checks.c.check_value).where(key_checks.c.number == bindparam("which"))
_KEEP_CHECK = insert(key_checks)
_NEWEST = select(func.max(key_checks.c.number))
_BY_KEY = (
    select(secrets.c.key_number, func.count().label("secrets"))
    .group_by(secrets.c.key_number)
    .order_by(secrets.c.key_number)
)
_OTHER_KEY = secrets.c.key_number != bindparam("number")
_OTHERWISE = (
    select(
        *(secrets.c.id, secrets.c.workspace, secrets.c.connection_id, secrets.c.field),
        *(secrets.c.host, secrets.c.tenant, secrets.c.kind, secrets.c.login),
        *(secrets.c.format, secrets.c.key_number, secrets.c.wrapped_key, secrets.c.body),
    )
    .where(_OTHER_KEY, secrets.c.id > bindparam("after"))
    .order_by(secrets.c.id)
    .limit(bindparam("limit"))
)
_IDS_OTHERWISE = select(secrets.c.id).where(_OTHER_KEY).limit(bindparam("limit"))
_REWRAP = (
    update(secrets)
    .where(
        secrets.c.id == bindparam("which"),
        secrets.c.key_number == bindparam("before_number"),
        secrets.c.wrapped_key == bindparam("before_wrapped"),
    )
    .values(key_number=bindparam("new_number"), wrapped_key=bindparam("new_wrapped"))
)


def keep(connection: Connection, facts: SecretFacts, sealed: Sealed) -> None:
    """Store a sealed secret."""
    ref = facts.ref
    values = {
        "id": ref.id,
        "workspace": ref.workspace,
        "connection_id": ref.connection_id,
        "field": ref.field,
        "host": ref.origin.host,
        "tenant": ref.origin.tenant,
        "kind": ref.origin.kind,
        "login": ref.origin.login,
        "format": sealed.format,
        "key_number": sealed.key_number,
        "wrapped_key": sealed.wrapped_key,
        "body": sealed.body,
        "fingerprint_end": facts.fingerprint_end,
        "organisation": facts.set_by.organisation,
        "user_id": facts.set_by.user,
        "set_at": facts.set_at,
        "expires_at": facts.expires_at,
        "public_part": facts.public_part or None,
    }
    connection.execute(_KEEP, values)


def facts(connection: Connection, secret_id: str) -> SecretFacts | None:
    """What may be said of a secret."""
    row = connection.execute(_BY_ID, {"which": secret_id}).first()
    return _facts(row) if row else None


def sealed(connection: Connection, secret_id: str) -> tuple[SecretFacts, Sealed] | None:
    """What is stored of a secret."""
    row = connection.execute(_BY_ID, {"which": secret_id}).first()
    if row is None:
        return None
    return _facts(row), Sealed(row.format, row.key_number, row.wrapped_key, row.body)


def count_by_key(connection: Connection) -> Mapping[int, int]:
    """Key number → how many secrets it seals."""
    return {row.key_number: row.secrets for row in connection.execute(_BY_KEY)}


def sealed_otherwise(
    connection: Connection, number: int, after: str, limit: int
) -> Sequence[tuple[SecretRef, Sealed]]:
    """Those that another key seals, in the order of their ids, from behind `after` on."""
    rows = connection.execute(_OTHERWISE, {"number": number, "after": after, "limit": limit})
    return [_sealed_ref(*row) for row in rows]


def ids_sealed_otherwise(connection: Connection, number: int, limit: int) -> Sequence[str]:
    """Those that another key seals, in any order."""
    found = connection.execute(_IDS_OTHERWISE, {"number": number, "limit": limit})
    return found.scalars().all()


def rewrap(connection: Connection, changes: Sequence[tuple[str, Sealed, Sealed]]) -> int:
    """Id, before and after: only a row that still is as before changes. How many did."""
    values = [
        {
            "which": secret_id,
            "before_number": before.key_number,
            "before_wrapped": before.wrapped_key,
            "new_number": after.key_number,
            "new_wrapped": after.wrapped_key,
        }
        for secret_id, before, after in changes
    ]
    return connection.execute(_REWRAP, values).rowcount


def erase(connection: Connection, secret_id: str) -> None:
    """Gone from the file as well (`secure_delete`)."""
    connection.execute(_ERASE, {"which": secret_id})


def remember_key(connection: Connection, key: EncryptionKey) -> None:
    """Before its first use. Raises `SealBroken` if its number stands for another key."""
    if not check_key(connection, key):
        connection.execute(_KEEP_CHECK, {"number": key.number, "check_value": key.check_value()})


def newest_known_key(connection: Connection) -> int:
    """Its number, 0 while none was used."""
    return connection.scalar(_NEWEST) or 0


def check_key(connection: Connection, key: EncryptionKey) -> bool:
    """Whether it was used before. Raises `SealBroken` if its number stands for another key."""
    stored = connection.scalar(_CHECK, {"which": key.number})
    if stored is not None and stored != key.check_value():
        raise SealBroken(
            f"Encryption key {key.number} is not the one that sealed the stored secrets.",
            "Put back the right key from your backup, or make a new one with d365bot keys new.",
        )
    return stored is not None


def _sealed_ref(
    which: str,
    workspace: str,
    connection_id: str,
    field: str,
    host: str,
    tenant: str,
    kind: str,
    login: str,
    *layers: Any,
) -> tuple[SecretRef, Sealed]:
    origin = SecretOrigin(host, tenant, kind, login)
    return SecretRef(which, workspace, connection_id, field, origin), Sealed(*layers)


def _facts(row: Row[Any]) -> SecretFacts:
    origin = SecretOrigin(row.host, row.tenant, row.kind, row.login)
    return SecretFacts(
        ref=SecretRef(row.id, row.workspace, row.connection_id, row.field, origin),
        fingerprint_end=row.fingerprint_end,
        set_by=Person(row.organisation, row.user_id),
        set_at=row.set_at,
        expires_at=row.expires_at,
        public_part=row.public_part or "",
    )
