"""Rotating the encryption key: a newer key, and every secret under it, while the bot runs."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from connection.audit import AuditTag
from connection.errors import Mistake, NotReady
from connection.people import Person
from connection.ports import Reading, Transaction
from storage.keys import EncryptionKeys, new_key
from storage.ledger import SqlLedger
from storage.rewrapping import Progress
from storage.transaction import SqlTransaction
from storage.wrapped_keys import KeyWrapping, new_wrapped_key

MOST_PASSES = 100
"""Each but the first means that somebody sealed with another key meanwhile."""

_ALL_ROWS = 1_000_000


GIVE_WAY_SECONDS = 0.005
"""At least so long, and as long as the batch took, the write lock is free for the running bot:
SQLite lets nobody queue for it, and who finds it taken sleeps for longer each time."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of it.

    `created` is the number of the key that was made for it, or 0; `unused` are older ones that
    seal nothing now.
    """

    created: int
    progress: Progress
    unused: list[int]


class Rotation:
    """One run of it. Any number may run at once, and any may be cut off and run again."""

    def __init__(
        self,
        ledger: SqlLedger,
        keys: EncryptionKeys,
        wrapping: KeyWrapping | None,
        actor: Person,
        now: Callable[[], datetime],
    ) -> None:
        """`wrapping` is what wraps a new key, or None for a plain one."""
        self._ledger = ledger
        self._keys = keys
        self._wrapping = wrapping
        self._actor = actor
        self._now = now

    async def run(self, *, new_key: bool = False, force: bool = False) -> Rotated:
        """Until the newest key seals everything that opens.

        A key is made if the newest one seals everything already, or if `new_key` asks for it.
        `force` is for keys of the settings, which no bot was started with yet. Raises `NotReady`.
        """
        await asyncio.to_thread(self._keys.load)
        if self._keys.folder is None:
            await self._check_fixed(new_key=new_key, force=force)
            created = 0
        else:
            created = await self._newer_key(wanted=new_key)
        progress = Progress()
        while not progress.done:
            began = time.monotonic()
            progress = await self._ledger.run(self._step(progress, created))
            if progress.passes > MOST_PASSES:
                raise NotReady(
                    "Secrets are being sealed with another key all the time.",
                    "Start the bot again, so that it seals with the newest key, then run d365bot "
                    "keys rotate again.",
                )
            if not progress.done:
                await asyncio.sleep(max(GIVE_WAY_SECONDS, time.monotonic() - began))
        return Rotated(created, progress, self._unused(progress))

    def _unused(self, progress: Progress) -> list[int]:
        still = {one.key_number for one in progress.stuck.values()} | {progress.newest}
        return sorted({*self._keys.numbers(), *progress.moved} - still)

    async def _check_fixed(self, *, new_key: bool, force: bool) -> None:
        if new_key:
            raise Mistake(
                "The keys come from D365BOT_ENCRYPTION_KEYS, so no key file is made.",
                "Add the new key there, in front, start the bot again, and leave out --new-key.",
            )
        known = await self._ledger.run(lambda tx: tx.knows_newest_key())
        if not known and not force:
            number = self._keys.newest().number
            raise NotReady(
                f"No bot was started with encryption key {number} yet, so a running one could not "
                "open what is sealed with it.",
                "Restart the bot with the new key in front of D365BOT_ENCRYPTION_KEYS first. "
                "--force does without.",
            )

    async def _newer_key(self, *, wanted: bool) -> int:
        """Its number, or 0 if the newest one has not got everything yet."""
        before = self._keys.newest().number
        needed = wanted or await self._ledger.read(lambda reading: _has_all(reading, before))
        text = ""
        if needed and self._wrapping:
            text = await asyncio.to_thread(new_wrapped_key, self._wrapping)
        return await self._ledger.run(lambda tx: self._create(tx, before, text, needed, wanted))

    def _create(
        self, tx: SqlTransaction, before: int, text: str, needed: bool, wanted: bool
    ) -> int:
        """Under the write lock, so of two rotations the second one sees what the first one made."""
        folder = self._keys.folder
        newest = self._keys.numbers()[0]
        created = 0
        if folder and needed and (wanted or (newest == before and _has_all(tx, before))):
            newest = created = new_key(folder, text, tx.newest_known_key())
        if not _recorded(tx, newest):
            self._record(tx, AuditTag.ENCRYPTION_KEY_CREATED, {"number": newest})
        return created

    def _step(self, so_far: Progress, created: int) -> Callable[[SqlTransaction], Progress]:
        def work(tx: SqlTransaction) -> Progress:
            progress = tx.rewrap_some(so_far)
            if progress.done and (created or progress.moved):
                details = {
                    "to": progress.newest,
                    "from": sorted(progress.moved),
                    "count": sum(progress.moved.values()),
                }
                left = {"left": len(progress.stuck)} if progress.stuck else {}
                self._record(tx, AuditTag.ENCRYPTION_KEY_ROTATED, {**details, **left})
            return progress

        return work

    def _record(self, tx: Transaction, tag: AuditTag, details: dict[str, object]) -> None:
        tx.record(at=self._now(), workspace="", actor=self._actor, tag=tag, details=details)


def _has_all(reading: Reading, number: int) -> bool:
    return set(reading.secrets_by_key()) <= {number}


def _recorded(tx: Transaction, number: int) -> bool:
    """Not if a run was killed after it had made the key and before it could say so."""
    return any(
        entry.tag is AuditTag.ENCRYPTION_KEY_CREATED and entry.details.get("number") == number
        for entry in tx.audit_entries("", limit=_ALL_ROWS)
    )
