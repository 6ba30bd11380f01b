"""Many secrets, what they say, and rotations of the key that seals them."""

import base64
from collections.abc import Mapping
from pathlib import Path

from connection.ports import Transaction
from storage.database import Database
from storage.keys import EncryptionKeys
from storage.rotating import Rotated, Rotation
from storage.rows import secrets
from storage.sealing import unseal
from storage.wrapped_keys import KeyWrapping
from tests.storage.samples import ANNA, NOW, Stored, a_connection, a_ref

FIXED = {n: f"{n}:{base64.b64encode(bytes([n]) * 32).decode()}" for n in (1, 2, 3)}


def value_of(number: int) -> str:
    """What secret `number` says."""
    return f"wherefore-{number}~Q8"


async def keep_many(database: Database, count: int) -> dict[str, str]:
    """Secrets 1 to `count` of one connection; id → value."""

    def work(tx: Transaction) -> None:
        tx.create_connection(a_connection())
        for number in range(1, count + 1):
            tx.seal_secret(a_ref(number), value_of(number), ANNA, NOW)

    await database.ledger.run(work)
    return {a_ref(number).id: value_of(number) for number in range(1, count + 1)}


async def rotate(
    database: Database,
    *,
    new_key: bool = False,
    force: bool = False,
    wrapping: KeyWrapping | None = None,
) -> Rotated:
    """As `d365bot keys rotate` does."""
    rotation = Rotation(database.ledger, database.keys, wrapping, ANNA, lambda: NOW)
    return await rotation.run(new_key=new_key, force=force)


def opened(stored: Stored, keys: EncryptionKeys | None = None) -> dict[str, str]:
    """Every stored secret, opened: id → value."""
    keys = keys or EncryptionKeys(stored.keys)
    found = {}
    with stored.looked_into() as database:
        for ref, sealed in secrets.sealed_otherwise(database, 0, "", 1_000_000):
            found[ref.id] = unseal(keys.numbered(sealed.key_number), sealed, ref)
    return found


def by_key(stored: Stored) -> Mapping[int, int]:
    """Key number → how many secrets."""
    with stored.looked_into() as database:
        return secrets.count_by_key(database)


def open_database(stored: Stored, text: str = "", wrapping: KeyWrapping | None = None) -> Database:
    """To be closed."""
    return Database.open(stored.url, Path(stored.keys), text, wrapping)
