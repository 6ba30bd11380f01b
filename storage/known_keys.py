"""Which encryption keys a process has at its start, and which are missing that seal something."""

from collections.abc import Mapping

from sqlalchemy import Connection

from connection.errors import NotReady, SealBroken
from storage.keys import EncryptionKeys
from storage.rows import secrets


def remember_all(database: Connection, keys: EncryptionKeys) -> Mapping[int, int]:
    """Remember the check values of all keys: a rotation sees that a bot was started with them.

    Number → how many secrets it seals, of keys that are nowhere. Raises `NotReady` for a key that
    is not the one that its number stands for.
    """
    numbers = keys.numbers()
    for number in numbers:
        try:
            secrets.remember_key(database, keys.numbered(number))
        except SealBroken as error:
            raise NotReady(
                error.message,
                f"Put back the right key {number} from your backup, or take this one out of "
                f"{keys.where}: then the secrets that key {number} sealed have to be given again.",
            ) from error
    sealing = secrets.count_by_key(database)
    return {number: count for number, count in sealing.items() if number not in numbers}
