"""The encryption key is rotated under load, cut off, and twice at once, and no secret is lost."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from connection.audit import AuditTag
from connection.errors import EncryptionOff, Mistake, NotReady, SealBroken
from storage.database import Database
from storage.keys import key_numbers, key_path, new_key
from storage.rewrapping import BATCH, Progress
from tests.storage.dying_rotation import STAGES
from tests.storage.replacing import FURTHER
from tests.storage.rotating import (
    FIXED,
    by_key,
    keep_many,
    open_database,
    opened,
    rotate,
    value_of,
)
from tests.storage.samples import ANNA, NOW, ORIGIN, Stored, a_connection, a_ref

ROOT = Path(__file__).parents[2]


@pytest.fixture
def encrypting(stored: Stored) -> Stored:
    new_key(stored.keys)
    return stored


@pytest.fixture
def settings_keys(stored: Stored) -> Iterator[Database]:
    """Keys of the settings; number 1 is in front."""
    database = open_database(stored, FIXED[1])
    yield database
    database.close()


async def _told(database: Database, tag: AuditTag) -> list[Any]:
    entries = await database.ledger.read(lambda r: r.audit_entries("", limit=1000))
    return [entry.details for entry in reversed(entries) if entry.tag is tag]


async def test_every_secret_is_moved_to_a_new_key_and_still_opens(
    encrypting: Stored, database: Database
) -> None:
    kept = await keep_many(database, 2 * BATCH + 5)
    before = _bodies(encrypting)
    done = await rotate(database)
    assert (done.created, done.unused, dict(done.progress.moved)) == (2, [1], {1: len(kept)})
    assert by_key(encrypting) == {2: len(kept)}
    assert opened(encrypting) == kept
    assert _bodies(encrypting) == before, "only the wrapping changes"
    assert await database.ledger.read(lambda r: r.secrets_by_key()) == {2: len(kept)}


def _bodies(stored: Stored) -> dict[str, bytes]:
    with stored.looked_into() as database:
        return {row.id: row.body for row in database.exec_driver_sql("SELECT * FROM secrets")}


async def test_a_rotation_is_recorded_as_a_new_key_and_what_it_took_over(
    encrypting: Stored, database: Database
) -> None:
    await keep_many(database, 3)
    await rotate(database)
    assert (await _told(database, AuditTag.ENCRYPTION_KEY_CREATED))[-1] == {"number": 2}
    (told,) = await _told(database, AuditTag.ENCRYPTION_KEY_ROTATED)
    assert told == {"to": 2, "from": [1], "count": 3}


async def test_a_key_that_has_not_got_everything_is_used_before_another_is_made(
    encrypting: Stored, database: Database
) -> None:
    await keep_many(database, 3)
    new_key(encrypting.keys)
    done = await rotate(database)
    assert (done.created, done.progress.newest) == (0, 2)
    assert key_numbers(encrypting.keys) == [2, 1]
    assert by_key(encrypting) == {2: 3}
    assert (await rotate(database)).created == 3


async def test_a_new_key_can_be_demanded(encrypting: Stored, database: Database) -> None:
    await keep_many(database, 3)
    new_key(encrypting.keys)
    done = await rotate(database, new_key=True)
    assert (done.created, done.unused) == (3, [1, 2])
    assert by_key(encrypting) == {3: 3}


async def test_without_a_key_there_is_nothing_to_rotate(database: Database) -> None:
    with pytest.raises(EncryptionOff, match="No encryption key exists"):
        await rotate(database)


async def test_secrets_of_several_older_keys_are_moved_together(
    encrypting: Stored, database: Database
) -> None:
    kept = await keep_many(database, 3)
    new_key(encrypting.keys)
    await database.ledger.run(lambda tx: tx.seal_secret(a_ref(4), "newer", ANNA, NOW))
    done = await rotate(database, new_key=True)
    assert dict(done.progress.moved) == {1: 3, 2: 1}
    assert opened(encrypting) == kept | {"secret-4": "newer"}


async def test_no_secret_is_lost_while_others_are_sealed_opened_and_replaced(
    encrypting: Stored, database: Database
) -> None:
    replaced = 150
    kept = await keep_many(database, 10_000)
    writer = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.storage.replacing", encrypting.url, str(encrypting.keys), str(replaced)),
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert writer.stdout is not None
    lines = [await writer.stdout.readline()]
    first = await rotate(database)
    assert first.created == 2
    lines += (await writer.stdout.read()).splitlines()
    assert await writer.wait() == 0, "the running bot never had to wait too long, or saw nonsense"
    assert len(lines) == replaced
    for line in lines:
        old, new = line.decode().split()
        del kept[old]
        kept[new] = value_of(int(new.removeprefix("secret-")))
    assert len(kept) == 10_000
    assert min(int(one.removeprefix("secret-")) for one in kept) <= FURTHER
    assert by_key(encrypting) == {2: 10_000}
    assert opened(encrypting) == kept


async def _rotate_in_a_process(stored: Stored, stage: str) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.storage.dying_rotation", stored.url, str(stored.keys), stage),
        cwd=ROOT,
    )
    return await process.wait()


async def _finishes_after_a_kill(stored: Stored, stage: str) -> None:
    database = open_database(stored)
    try:
        kept = await keep_many(database, 4 * BATCH)
        assert await _rotate_in_a_process(stored, stage) == -signal.SIGKILL
        assert opened(stored) == kept, "nothing is lost in between"
        assert await _rotate_in_a_process(stored, "") == 0
        assert key_numbers(stored.keys) == [2, 1], "no key is made needlessly"
        assert by_key(stored) == {2: len(kept)}
        assert opened(stored) == kept
        assert (await _told(database, AuditTag.ENCRYPTION_KEY_CREATED))[-1] == {"number": 2}
        assert len(await _told(database, AuditTag.ENCRYPTION_KEY_ROTATED)) == 1
        assert await database.vault.open(a_ref(1), ORIGIN) == value_of(1)
    finally:
        database.close()


async def test_a_rotation_that_was_killed_is_finished_by_the_next(encrypting: Stored) -> None:
    await _finishes_after_a_kill(encrypting, "in the third batch")


@pytest.mark.kill
@pytest.mark.parametrize("stage", STAGES)
async def test_a_rotation_may_be_killed_at_any_stage(encrypting: Stored, stage: str) -> None:
    await _finishes_after_a_kill(encrypting, stage)


async def test_two_rotations_at_once_are_harmless_and_each_records_what_it_moved(
    encrypting: Stored, database: Database
) -> None:
    kept = await keep_many(database, 4 * BATCH)
    other = open_database(encrypting)
    try:
        done = await asyncio.gather(rotate(database), rotate(other))
    finally:
        other.close()
    assert opened(encrypting) == kept
    moved = sum((Counter(one.progress.moved) for one in done), Counter())
    assert by_key(encrypting) == {max(key_numbers(encrypting.keys)): len(kept)}
    told = await _told(database, AuditTag.ENCRYPTION_KEY_ROTATED)
    assert sum(one["count"] for one in told) == moved.total() >= len(kept)


async def _next_batch(database: Database, so_far: Progress) -> Progress:
    return await database.ledger.run(lambda tx: tx.rewrap_some(so_far))


async def test_a_key_that_appears_in_the_middle_takes_everything(
    encrypting: Stored, database: Database
) -> None:
    """Also what was moved to the one before it."""
    kept = await keep_many(database, 2 * BATCH)
    new_key(encrypting.keys)
    progress = await _next_batch(database, Progress())
    assert by_key(encrypting) == {1: BATCH, 2: BATCH}
    new_key(encrypting.keys)
    done = await rotate(database)
    assert (progress.newest, done.progress.newest) == (2, 3)
    assert opened(encrypting) == kept
    assert by_key(encrypting) == {3: len(kept)}


async def test_a_rotation_begins_again_when_the_newest_key_is_another(
    encrypting: Stored, database: Database
) -> None:
    await keep_many(database, 2 * BATCH)
    new_key(encrypting.keys)
    progress = await _next_batch(database, Progress())
    new_key(encrypting.keys)
    while not progress.done:
        progress = await _next_batch(database, progress)
    assert by_key(encrypting) == {3: 2 * BATCH}
    assert dict(progress.moved) == {1: 2 * BATCH, 2: BATCH}


async def test_a_damaged_secret_is_named_and_the_others_are_moved(
    encrypting: Stored, database: Database
) -> None:
    kept = await keep_many(database, BATCH + 5)
    _damage(encrypting, "secret-7")
    done = await rotate(database)
    (stuck,) = done.progress.stuck.values()
    assert (stuck.ref, stuck.key_number) == (a_ref(7), 1)
    assert isinstance(stuck.why, SealBroken)
    assert value_of(7) not in f"{stuck} {stuck.why}"
    assert by_key(encrypting) == {1: 1, 2: len(kept) - 1}
    assert done.unused == [], "key 1 is still needed"
    (told,) = await _told(database, AuditTag.ENCRYPTION_KEY_ROTATED)
    assert told == {"to": 2, "from": [1], "count": len(kept) - 1, "left": 1}
    assert (await rotate(database)).created == 0


def _damage(stored: Stored, which: str) -> None:
    with stored.behind_the_bots_back() as driver:
        driver.execute(
            text("UPDATE secrets SET wrapped_key = :zeros WHERE id = :which"),
            {"zeros": bytes(60), "which": which},
        )


async def test_a_missing_key_is_told_with_its_number_and_where_it_was_looked_for(
    encrypting: Stored, database: Database
) -> None:
    await keep_many(database, 3)
    await rotate(database)
    await database.ledger.run(lambda tx: tx.create_connection(a_connection("other")))
    key_path(encrypting.keys, 2).unlink()
    new_key(encrypting.keys)
    key_path(encrypting.keys, 2).rename(key_path(encrypting.keys, 3))
    other = open_database(encrypting)
    try:
        assert await other.remember_keys() == {2: 3}
        done = await rotate(other)
        with pytest.raises(NotReady, match="Encryption key 2 is not in") as caught:
            await other.vault.open(a_ref(1), ORIGIN)
    finally:
        other.close()
    assert str(encrypting.keys) in caught.value.message
    assert {one.key_number for one in done.progress.stuck.values()} == {2}
    (why, *_) = {one.why.message for one in done.progress.stuck.values()}
    assert why == f"Encryption key 2 is not in {encrypting.keys}."
    assert by_key(encrypting) == {2: 3}


async def test_a_wrong_key_under_a_known_number_is_refused_at_start(
    encrypting: Stored, database: Database
) -> None:
    assert await database.remember_keys() == {}
    key_path(encrypting.keys, 1).unlink()
    new_key(encrypting.keys)
    other = open_database(encrypting)
    try:
        with pytest.raises(NotReady, match="key 1 is not the one") as caught:
            await other.remember_keys()
    finally:
        other.close()
    assert "Put back the right key 1" in caught.value.hint


async def test_a_key_of_the_settings_has_to_be_known_to_a_bot_first(
    stored: Stored, settings_keys: Database
) -> None:
    kept = await keep_many(settings_keys, 3)
    newer = open_database(stored, f"2:{FIXED[2][2:]},{FIXED[1]}")
    try:
        with pytest.raises(NotReady, match="No bot was started with encryption key 2") as caught:
            await rotate(newer)
        assert "Restart the bot with the new key in front" in caught.value.hint
        assert by_key(stored) == {1: 3}
        await newer.remember_keys()
        done = await rotate(newer)
        assert (done.created, done.unused) == (0, [1])
        assert by_key(stored) == {2: 3}
        assert opened(stored, newer.keys) == kept
        assert not key_numbers(stored.keys)
    finally:
        newer.close()


async def test_a_key_of_the_settings_can_be_forced(stored: Stored, settings_keys: Database) -> None:
    await keep_many(settings_keys, 3)
    newer = open_database(stored, f"{FIXED[3]},{FIXED[1]}")
    try:
        await rotate(newer, force=True)
    finally:
        newer.close()
    assert by_key(stored) == {3: 3}


async def test_keys_of_the_settings_are_moved_to_the_first_whatever_its_number(
    stored: Stored, settings_keys: Database
) -> None:
    text = f"{FIXED[1]},{FIXED[3]}"
    later = open_database(stored, f"{FIXED[3]},{FIXED[1]}")
    try:
        await keep_many(later, 3)
    finally:
        later.close()
    assert by_key(stored) == {3: 3}
    back = open_database(stored, text)
    try:
        await back.remember_keys()
        await rotate(back)
    finally:
        back.close()
    assert by_key(stored) == {1: 3}


async def test_no_key_file_is_made_beside_keys_of_the_settings(settings_keys: Database) -> None:
    with pytest.raises(Mistake, match="come from D365BOT_ENCRYPTION_KEYS"):
        await rotate(settings_keys, new_key=True)
