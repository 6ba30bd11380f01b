"""Keys that a vault wrapped are unwrapped once a process, and never in a transaction."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from connection.errors import NotReady
from storage.database import Database
from storage.keys import EncryptionKeys, key_numbers, key_path, new_key
from storage.wrapped_keys import KeyNotLoaded, new_wrapped_key, wrapped_key
from tests.storage.rotating import by_key, keep_many, open_database, rotate, value_of
from tests.storage.samples import ANNA, NOW, ORIGIN, Stored, a_ref

ID = "https://demo.vault.azure.net/keys/d365bot/1"


@dataclass
class FakeVault:
    """Wraps by turning bytes around; counts, and can be away."""

    calls: list[str] = field(default_factory=list)
    away: bool = False
    only_wraps: bool = False

    def wrap(self, key: bytes) -> tuple[str, bytes]:
        self._called("wrap")
        return ID, key[::-1]

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        self._called("unwrap")
        assert key_id == ID
        if self.only_wraps:
            raise NotReady("The vault does not let the bot unwrap.", "Give it the right to.")
        return wrapped[::-1]

    def _called(self, act: str) -> None:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()  # nobody else waits while the vault is called
        self.calls.append(act)
        if self.away:
            raise NotReady("The vault is away.", "Try again.")


@pytest.fixture
def vault() -> FakeVault:
    return FakeVault()


@pytest.fixture
def database(stored: Stored, vault: FakeVault) -> Iterator[Database]:
    opened = open_database(stored, wrapping=vault)
    yield opened
    opened.close()


async def _new(stored: Stored, vault: FakeVault) -> int:
    text = await asyncio.to_thread(new_wrapped_key, vault)
    vault.calls.clear()
    return new_key(stored.keys, text)


async def test_a_wrapped_key_seals_and_opens_and_its_file_does_not_hold_it(
    stored: Stored, database: Database, vault: FakeVault
) -> None:
    await _new(stored, vault)
    kept = await keep_many(database, 3)
    assert await database.vault.open(a_ref(1), ORIGIN) == kept["secret-1"]
    text = key_path(stored.keys, 1).read_text().split()
    assert text[:2] == ["keyvault", ID]
    assert key_path(stored.keys, 1).stat().st_mode & 0o777 == 0o600
    value = database.keys.numbered(1).value
    assert value.hex() not in key_path(stored.keys, 1).read_bytes().hex()


async def test_it_is_unwrapped_once_and_the_vault_may_be_away_then(
    stored: Stored, database: Database, vault: FakeVault
) -> None:
    await _new(stored, vault)
    assert await database.remember_keys() == {}
    vault.away = True
    await keep_many(database, 3)
    for number in (1, 2, 3):
        assert await database.vault.open(a_ref(number), ORIGIN) == value_of(number)
    assert vault.calls == ["unwrap"]


async def test_a_vault_that_is_away_at_the_start_is_told(
    stored: Stored, database: Database, vault: FakeVault
) -> None:
    await _new(stored, vault)
    vault.away = True
    with pytest.raises(NotReady, match=r"key 1 could not be unwrapped\. The vault") as caught:
        await database.remember_keys()
    assert caught.value.hint == "Try again."
    assert vault.calls == ["unwrap"], "it is asked once and not twice"


async def test_a_wrapped_key_that_another_process_makes_is_unwrapped_when_it_is_needed(
    stored: Stored, database: Database, vault: FakeVault
) -> None:
    await _new(stored, vault)
    await keep_many(database, 3)
    await _new(stored, vault)
    await database.ledger.run(lambda tx: tx.seal_secret(a_ref(4), "newer", ANNA, NOW))
    assert vault.calls == ["unwrap"]
    assert by_key(stored) == {1: 3, 2: 1}
    other = open_database(stored, wrapping=vault)
    try:
        await rotate(other, wrapping=vault)
        assert await database.vault.open(a_ref(1), ORIGIN) == value_of(1)
    finally:
        other.close()


async def test_while_the_vault_is_away_a_new_key_is_told_and_nothing_is_changed(
    stored: Stored, database: Database, vault: FakeVault
) -> None:
    await _new(stored, vault)
    await keep_many(database, 3)
    await _new(stored, vault)
    vault.away = True
    with pytest.raises(KeyNotLoaded, match="The vault is away"):
        await database.ledger.run(lambda tx: tx.seal_secret(a_ref(4), "newer", ANNA, NOW))
    assert by_key(stored) == {1: 3}
    assert await database.vault.open(a_ref(1), ORIGIN) == value_of(1)
    vault.away = False
    await database.ledger.run(lambda tx: tx.seal_secret(a_ref(4), "newer", ANNA, NOW))
    assert by_key(stored) == {1: 3, 2: 1}


async def test_plain_secrets_move_to_a_wrapped_key_and_back(
    stored: Stored, database: Database, vault: FakeVault
) -> None:
    new_key(stored.keys)
    kept = await keep_many(database, 3)
    assert (await rotate(database, wrapping=vault)).created == 2
    assert vault.calls == ["wrap", "unwrap", "unwrap"], "unwrapped once before it is used"
    assert wrapped_key(key_path(stored.keys, 2).read_text().strip(), "key") is not None
    assert (await rotate(database)).created == 3
    assert by_key(stored) == {3: len(kept)}
    assert await database.vault.open(a_ref(2), ORIGIN) == value_of(2)


async def test_a_key_that_cannot_be_unwrapped_again_is_not_made(
    stored: Stored, database: Database, vault: FakeVault
) -> None:
    new_key(stored.keys)
    await keep_many(database, 3)
    vault.only_wraps = True
    with pytest.raises(NotReady, match="does not let the bot unwrap"):
        await rotate(database, wrapping=vault)
    assert key_numbers(stored.keys) == [1]


async def test_the_vault_is_not_asked_for_a_key_that_is_not_needed(
    stored: Stored, database: Database, vault: FakeVault
) -> None:
    new_key(stored.keys)
    await keep_many(database, 3)
    new_key(stored.keys)
    vault.away = True
    assert (await rotate(database, wrapping=vault)).created == 0


async def test_secrets_of_a_key_that_the_vault_lost_are_named_and_the_others_moved(
    stored: Stored, vault: FakeVault, database: Database
) -> None:
    await _new(stored, vault)
    await keep_many(database, 3)
    new_key(stored.keys)
    await database.ledger.run(lambda tx: tx.seal_secret(a_ref(4), "newer", ANNA, NOW))
    vault.away = True
    other = open_database(stored, wrapping=vault)
    try:
        done = await rotate(other, new_key=True)
    finally:
        other.close()
    assert by_key(stored) == {1: 3, 3: 1}
    assert {one.key_number for one in done.progress.stuck.values()} == {1}
    assert "The vault is away" in done.progress.stuck["secret-1"].why.message


@pytest.mark.parametrize(
    "text", ["keyvault", f"keyvault {ID}", "keyvault http://x/keys/k abcd", f"keyvault {ID} a", "é"]
)
def test_a_line_that_is_no_key_is_refused(stored: Stored, vault: FakeVault, text: str) -> None:
    new_key(stored.keys)
    key_path(stored.keys, 1).write_text(text)
    keys = EncryptionKeys(stored.keys, "", vault)
    with pytest.raises(NotReady, match=r"encryption-1\.key is not a key"):
        keys.check()
    keys.load()
    with pytest.raises(NotReady, match=r"encryption-1\.key is not a key"):
        keys.newest()
    assert vault.calls == []


def test_what_is_unwrapped_has_to_be_a_key(stored: Stored, vault: FakeVault) -> None:
    new_key(stored.keys, f"keyvault {ID} abcd")
    keys = EncryptionKeys(stored.keys, "", vault)
    keys.load()
    with pytest.raises(NotReady, match="32 bytes are needed"):
        keys.newest()


def test_without_a_vault_a_wrapped_key_is_told(stored: Stored) -> None:
    new_key(stored.keys, f"keyvault {ID} abcd")
    keys = EncryptionKeys(stored.keys)
    keys.check()
    keys.load()
    with pytest.raises(NotReady, match="no access to Key Vault"):
        keys.newest()


def test_a_wrapped_key_never_shows_itself(stored: Stored) -> None:
    shown: Any = wrapped_key(f"keyvault {ID} abcd", "key")
    assert repr(shown) == f"WrappedKey(key_id='{ID}')"
