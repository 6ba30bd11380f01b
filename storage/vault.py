"""Sealing secrets into the database, and opening them for the adapters that send them."""

import asyncio
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from connection.errors import SealBroken, SecretMissing
from connection.identities import SecretOrigin, SecretRef
from connection.ports import Vault
from connection.secrets import SecretFacts
from storage.held import HeldSecrets
from storage.keys import EncryptionKey, EncryptionKeys
from storage.readers import Readers
from storage.rows import secrets
from storage.sealing import Sealed, seal, unseal
from storage.wrapped_keys import KeyNotLoaded


@dataclass(frozen=True, slots=True, repr=False)
class Sealer:
    """The keys that sealing needs."""

    keys: EncryptionKeys
    fingerprint_key: bytes

    def seal(self, connection: Connection, facts: SecretFacts, value: str) -> None:
        """Seal with the newest key and store. Raises `EncryptionOff` when there is none."""
        key = self.keys.newest()
        secrets.remember_key(connection, key)
        secrets.keep(connection, facts, seal(key, facts.ref, value))


class SqlVault:
    """See `connection.ports.Vault`."""

    def __init__(self, readers: Readers, keys: EncryptionKeys, held: HeldSecrets) -> None:
        self._readers = readers
        self._keys = keys
        self._held = held

    async def open(self, ref: SecretRef, origin: SecretOrigin) -> str:
        """The secret, if it stands where `ref` says and was given for `origin`.

        Raises `SecretMissing`, `SealBroken`, and `NotReady` without the key that sealed it.
        """
        held = self._held.open(ref, origin)
        if held is not None:
            return held
        try:
            found = await self._readers.read(lambda database: self._find(database, ref))
        except KeyNotLoaded:
            await asyncio.to_thread(self._keys.load)
            found = await self._readers.read(lambda database: self._find(database, ref))
        stored, sealed, key = found
        if replace(stored, origin=ref.origin) != ref:
            raise SealBroken(
                f"The stored {ref.field.replace('_', ' ')} belongs to another connection.",
                "Give it again with /d365 secret.",
            )
        return unseal(key, sealed, replace(stored, origin=origin))

    def _find(
        self, database: Connection, ref: SecretRef
    ) -> tuple[SecretRef, Sealed, EncryptionKey]:
        found = secrets.sealed(database, ref.id)
        if found is None:
            raise SecretMissing(
                f"The bot does not hold the {ref.field.replace('_', ' ')} any more.",
                "Give the secret again with /d365 secret.",
            )
        facts, sealed = found
        key = self._keys.numbered(sealed.key_number)
        secrets.check_key(database, key)
        return facts.ref, sealed, key


_: type[Vault] = SqlVault
