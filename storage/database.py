"""The database as the rest of the bot gets it: a ledger and a vault."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from connection.errors import NotReady
from storage.audit_key import fingerprint_key, link_key, read_audit_key
from storage.batches import BatchWriter
from storage.engine import writer_engine
from storage.head_file import HeadFile
from storage.held import HeldSecrets
from storage.keys import EncryptionKeys
from storage.ledger import SqlLedger
from storage.links import SignedLinks
from storage.migrating import is_current
from storage.readers import Readers
from storage.vault import Sealer, SqlVault
from storage.wrapped_keys import KeyWrapping


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `close` it before the process ends."""

    ledger: SqlLedger
    vault: SqlVault
    keys: EncryptionKeys
    held: HeldSecrets
    _readers: Readers
    _link_key: bytes = field(repr=False)

    @classmethod
    def open(
        cls,
        url: str,
        key_dir: Path,
        encryption_keys: str = "",
        wrapping: KeyWrapping | None = None,
    ) -> Self:
        """Raises `NotReady` while the database or its audit key is not there yet."""
        if not is_current(url):
            raise NotReady(
                "The database is not there yet, or belongs to another version of d365bot.",
                "Run d365bot migrate.",
            )
        audit_key = read_audit_key(key_dir)
        keys = EncryptionKeys(key_dir, encryption_keys, wrapping)
        fingerprints = fingerprint_key(audit_key)
        sealer = Sealer(keys, fingerprints)
        held = HeldSecrets(fingerprints, lambda: datetime.now(UTC))
        writer = BatchWriter(writer_engine(url), audit_key, sealer, HeadFile(key_dir))
        readers = Readers(url)
        ledger = SqlLedger(writer, readers, keys.load)
        vault = SqlVault(readers, keys, held)
        return cls(ledger, vault, keys, held, readers, link_key(audit_key))

    def links(self, public_url: str) -> SignedLinks:
        """One-time addresses below the bot's https address, '' where it has none."""
        return SignedLinks(self._link_key, public_url)

    async def remember_keys(self) -> Mapping[int, int]:
        """At start: every key is unwrapped and usable, and is the one that its number stands for.

        Number → how many secrets it seals, of keys that are nowhere. Raises `NotReady`.
        """
        await asyncio.to_thread(self.keys.load)
        self.keys.require_all()
        return await self.ledger.run(lambda tx: tx.remember_keys())

    def close(self) -> None:
        """Finish what was begun."""
        self.ledger.close()
        self._readers.close()
