"""Wrapping the data keys of secrets with the newest key, some secrets in each transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from connection.errors import AdminError, SealBroken
from connection.identities import SecretRef
from storage.keys import EncryptionKey, EncryptionKeys
from storage.rows import secrets
from storage.sealing import Sealed, rewrap

BATCH = 256
"""Few enough that the running bot waits for milliseconds only."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A secret that its key does not open, or whose key is missing."""

    ref: SecretRef
    key_number: int
    why: AdminError


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rotation has come. It goes through all ids, and begins again until none is left.

    `moved` is key number → how many secrets were wrapped anew that it had sealed.
    """

    newest: int = 0
    after: str = ""
    passes: int = 0
    moved: Mapping[int, int] = field(default_factory=dict)
    stuck: Mapping[str, Stuck] = field(default_factory=dict)
    done: bool = False

    def again(self, newest: int) -> "Progress":
        """From the first id on."""
        return replace(self, newest=newest, after="", passes=self.passes + 1, stuck={})


def rewrap_some(database: Connection, keys: EncryptionKeys, so_far: Progress) -> Progress:
    """The next `BATCH` secrets. Bodies stay; a secret that does not open stays as it is.

    It is done when this very transaction sees no other secret than those.
    """
    newest = keys.newest()
    secrets.remember_key(database, newest)
    if newest.number != so_far.newest:
        so_far = so_far.again(newest.number)
    found = secrets.sealed_otherwise(database, newest.number, so_far.after, BATCH)
    so_far = _rewrapped(database, _Openers(database, keys), newest, found, so_far)
    left = secrets.ids_sealed_otherwise(database, newest.number, len(so_far.stuck) + 1)
    if set(left) <= so_far.stuck.keys():
        return replace(so_far, stuck={which: so_far.stuck[which] for which in left}, done=True)
    if len(found) == BATCH:
        return replace(so_far, after=found[-1][0].id)
    return so_far.again(newest.number)


class _Openers:
    """The older keys, or why there is none."""

    def __init__(self, database: Connection, keys: EncryptionKeys) -> None:
        self._database = database
        self._keys = keys
        self._found: dict[int, EncryptionKey | AdminError] = {}

    def numbered(self, number: int) -> EncryptionKey | AdminError:
        """Looked for once, whatever comes of it."""
        if number not in self._found:
            self._found[number] = self._look(number)
        return self._found[number]

    def _look(self, number: int) -> EncryptionKey | AdminError:
        try:
            key = self._keys.numbered(number)
            secrets.check_key(self._database, key)
        except AdminError as error:
            return error
        return key


def _rewrapped(
    database: Connection,
    openers: _Openers,
    newest: EncryptionKey,
    found: Sequence[tuple[SecretRef, Sealed]],
    so_far: Progress,
) -> Progress:
    changes: dict[int, list[tuple[str, Sealed, Sealed]]] = {}
    stuck = dict(so_far.stuck)
    for ref, sealed in found:
        number = sealed.key_number
        anew = _anew(openers.numbered(number), newest, sealed, ref)
        if isinstance(anew, AdminError):
            stuck[ref.id] = Stuck(ref, number, anew)
        else:
            changes.setdefault(number, []).append((ref.id, sealed, anew))
    moved = Counter(so_far.moved)
    for number, of_one_key in changes.items():
        moved[number] += secrets.rewrap(database, of_one_key)
    return replace(so_far, moved=dict(moved), stuck=stuck)


def _anew(
    key: EncryptionKey | AdminError, newest: EncryptionKey, sealed: Sealed, ref: SecretRef
) -> Sealed | AdminError:
    if isinstance(key, AdminError):
        return key
    try:
        return rewrap(key, newest, sealed, ref)
    except SealBroken as error:
        return error
