"""Stored secrets open in their place and for their origin, and nowhere else."""

import asyncio
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connection.errors import EncryptionOff, NotReady, SealBroken, SecretMissing
from connection.identities import SecretOrigin, SecretRef
from connection.ports import Transaction
from connection.secrets import SecretFacts
from storage.database import Database
from storage.keys import EncryptionKey, key_path, new_key
from storage.sealing import fingerprint_end, seal, unseal
from tests.storage.samples import ANNA, NOW, ORIGIN, Stored, a_connection, a_ref, throwaway

SECRET = "wherefore-art-thou~Q8"
KEY = EncryptionKey(1, b"k" * 32)

words = st.text(max_size=6)
origins = st.builds(SecretOrigin, words, words, words, words)
refs = st.builds(SecretRef, words, words, words, words, origins)


@pytest.fixture
def encrypting(stored: Stored) -> Stored:
    new_key(stored.keys)
    return stored


def keep(*refs_: SecretRef) -> Any:
    """A unit that stores `SECRET` under each, and their connections."""

    def work(tx: Transaction) -> list[SecretFacts]:
        for name in {ref.connection_id for ref in refs_}:
            tx.create_connection(replace(a_connection(), id=name, name=name))
        return [tx.seal_secret(ref, SECRET, ANNA, NOW) for ref in refs_]

    return work


@given(refs, st.text())
def test_what_was_sealed_opens_in_its_place(ref: SecretRef, value: str) -> None:
    assert unseal(KEY, seal(KEY, ref, value), ref) == value


@given(refs, refs)
def test_no_other_place_or_origin_opens_it(ref: SecretRef, other: SecretRef) -> None:
    sealed = seal(KEY, ref, SECRET)
    if other == ref:
        assert unseal(KEY, sealed, other) == SECRET
        return
    with pytest.raises(SealBroken):
        unseal(KEY, sealed, other)


@given(refs, st.sampled_from([f.name for f in fields(SecretRef)[:4]]), words)
def test_each_part_of_the_place_counts(ref: SecretRef, part: str, new: str) -> None:
    changes: dict[str, Any] = {part: f"{getattr(ref, part)}{new}x"}
    moved = replace(ref, **changes)
    with pytest.raises(SealBroken):
        unseal(KEY, seal(KEY, ref, SECRET), moved)


@given(refs, st.sampled_from([f.name for f in fields(SecretOrigin)]), words)
def test_each_part_of_the_origin_counts(ref: SecretRef, part: str, new: str) -> None:
    origin = replace(ref.origin, **{part: f"{getattr(ref.origin, part)}{new}x"})
    with pytest.raises(SealBroken):
        unseal(KEY, seal(KEY, ref, SECRET), replace(ref, origin=origin))


@given(refs, st.data())
def test_any_changed_byte_is_found(ref: SecretRef, data: st.DataObject) -> None:
    sealed = seal(KEY, ref, SECRET)
    layer = data.draw(st.sampled_from(["wrapped_key", "body"]))
    stored = bytearray(getattr(sealed, layer))
    stored[data.draw(st.integers(0, len(stored) - 1))] ^= data.draw(st.integers(1, 255))
    for damaged in (bytes(stored), bytes(stored[:8])):
        changes: dict[str, Any] = {layer: damaged}
        with pytest.raises(SealBroken):
            unseal(KEY, replace(sealed, **changes), ref)


def test_two_seals_of_one_secret_share_nothing() -> None:
    one, other = seal(KEY, a_ref(), SECRET), seal(KEY, a_ref(), SECRET)
    assert one.body != other.body
    with pytest.raises(SealBroken):
        unseal(KEY, replace(one, wrapped_key=other.wrapped_key), a_ref())


def test_a_fingerprint_needs_its_key() -> None:
    keys = [bytes([n]) * 32 for n in range(8)]
    assert len({fingerprint_end(key, SECRET) for key in keys}) > 1
    assert fingerprint_end(keys[0], SECRET) == fingerprint_end(keys[0], SECRET)
    assert len(fingerprint_end(keys[0], SECRET)) == 4


async def test_a_stored_secret_opens_for_the_origin_it_was_given_for(
    encrypting: Stored, database: Database
) -> None:
    (facts,) = await database.ledger.run(keep(a_ref()))
    assert await database.ledger.read(lambda r: r.secret("secret-1")) == facts
    assert (facts.ref, facts.set_by, facts.set_at) == (a_ref(), ANNA, NOW)
    assert await database.vault.open(a_ref(), ORIGIN) == SECRET


@pytest.mark.parametrize("part", ["host", "tenant", "kind", "login"])
async def test_a_stored_secret_does_not_open_for_another_origin(
    encrypting: Stored, database: Database, part: str
) -> None:
    await database.ledger.run(keep(a_ref()))
    with pytest.raises(SealBroken) as caught:
        await database.vault.open(a_ref(), replace(ORIGIN, **{part: "other"}))
    assert SECRET not in repr(caught.value) + caught.value.hint


@settings(max_examples=15, deadline=None)
@given(change=st.sampled_from(
    ["workspace", "connection_id", "field", "id", "wrapped_key", "body"]
    + [f"given for {part.name}" for part in fields(SecretOrigin)]
))  # fmt: skip
def test_what_was_moved_in_the_table_does_not_open(original: Stored, change: str) -> None:
    with throwaway(original) as stored:
        new_key(stored.keys)
        ref, other = a_ref(), replace(a_ref(2), connection_id="T1-other", workspace="T2")
        other = replace(other, field="integration_password")
        _run(stored, keep(ref, other))
        moved, origin = _move(stored, change, ref, other)
        with pytest.raises(SealBroken):
            _open(stored, moved, origin)


def _move(
    stored: Stored, change: str, ref: SecretRef, other: SecretRef
) -> tuple[SecretRef, SecretOrigin]:
    """Change one column of `ref`'s row to what `other` has; how it would be asked for then."""
    with stored.behind_the_bots_back() as driver:
        if change.startswith("given for "):
            part = change.removeprefix("given for ")
            driver.exec_driver_sql(f"UPDATE secrets SET {part} = 'evil' WHERE id = 'secret-1'")  # noqa: S608
            return ref, replace(ORIGIN, **{part: "evil"})
        if change == "id":
            driver.exec_driver_sql("DELETE FROM secrets WHERE id = 'secret-2'")
            driver.exec_driver_sql("UPDATE secrets SET id = 'secret-2'")
            return replace(ref, id="secret-2"), ORIGIN
        driver.exec_driver_sql(
            f"UPDATE secrets SET {change} = (SELECT {change} FROM secrets WHERE id = 'secret-2') "  # noqa: S608
            "WHERE id = 'secret-1'"
        )
    if change in ("wrapped_key", "body"):
        return ref, ORIGIN
    return replace(ref, **{change: getattr(other, change)}), ORIGIN


async def test_a_reference_to_another_place_is_refused(
    encrypting: Stored, database: Database
) -> None:
    await database.ledger.run(keep(a_ref()))
    with pytest.raises(SealBroken, match="another connection"):
        await database.vault.open(replace(a_ref(), connection_id="T1-other"), ORIGIN)


async def test_an_erased_secret_is_missing(encrypting: Stored, database: Database) -> None:
    await database.ledger.run(keep(a_ref()))
    await database.ledger.run(lambda tx: tx.erase_secret("secret-1"))
    with pytest.raises(SecretMissing):
        await database.vault.open(a_ref(), ORIGIN)
    assert await database.ledger.read(lambda r: r.secret("secret-1")) is None


async def test_without_a_key_nothing_is_sealed(database: Database) -> None:
    assert not database.keys.exist()
    with pytest.raises(EncryptionOff):
        await database.ledger.run(keep(a_ref()))
    assert await database.ledger.read(lambda r: r.connections("T1")) == []


async def test_a_key_made_by_another_process_is_used_at_once(
    database: Database, stored: Stored
) -> None:
    assert not database.keys.exist()
    new_key(stored.keys)
    assert database.keys.exist()
    await database.ledger.run(keep(a_ref()))
    assert await database.vault.open(a_ref(), ORIGIN) == SECRET


async def test_secrets_of_an_older_key_stay_open(encrypting: Stored, database: Database) -> None:
    await database.ledger.run(keep(a_ref(1)))
    new_key(encrypting.keys)
    await database.ledger.run(lambda tx: tx.seal_secret(a_ref(2), "newer", ANNA, NOW))
    assert await database.vault.open(a_ref(1), ORIGIN) == SECRET
    assert await database.vault.open(a_ref(2), ORIGIN) == "newer"


def test_a_wrong_key_is_told_apart_from_a_changed_row(encrypting: Stored) -> None:
    _run(encrypting, keep(a_ref()))
    path = key_path(encrypting.keys, 1)
    path.unlink()
    with pytest.raises(NotReady, match="key 1 is not in"):
        _open(encrypting, a_ref(), ORIGIN)
    new_key(encrypting.keys)
    with pytest.raises(SealBroken, match="key 1 is not the one"):
        _open(encrypting, a_ref(), ORIGIN)
    with pytest.raises(SealBroken, match="key 1 is not the one"):
        _run(encrypting, lambda tx: tx.seal_secret(a_ref(2), SECRET, ANNA, NOW))


def test_the_secret_is_in_no_file(encrypting: Stored) -> None:
    _run(encrypting, keep(a_ref()))
    files = [path for path in encrypting.folder.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def _run(stored: Stored, work: Any) -> None:
    database = Database.open(stored.url, stored.keys)
    try:
        asyncio.run(database.ledger.run(work))
    finally:
        database.close()


def _open(stored: Stored, ref: SecretRef, origin: SecretOrigin) -> str:
    database = Database.open(stored.url, stored.keys)
    try:
        return asyncio.run(database.vault.open(ref, origin))
    finally:
        database.close()
