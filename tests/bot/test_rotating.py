"""`d365bot keys rotate` beside a running bot, in sentences; and what its start says about keys."""

import base64
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from tests.dynamics.loopback import Authority, Proxy, serving
from tests.setups import new_name, set_up
from tests.stage import Actor, BotProcess, Json, Simulators
from tests.storage.rotating import FIXED, keep_many, open_database
from tests.storage.samples import Stored, StoredInFile
from tests.storage.vault_stand_in import (
    CLIENT_SECRET,
    ENTRA,
    HOST,
    KEY,
    TENANT,
    StandIn,
    standing_in,
)


@pytest.fixture
async def fresh(tmp_path: Path, simulators: Simulators) -> AsyncIterator[BotProcess]:
    """A database without a key."""
    bot = BotProcess(tmp_path / "fresh", simulators.ready)
    bot.folder.mkdir()
    assert (await bot.run("migrate")).returncode == 0
    yield bot
    if bot.process and bot.process.returncode is None:
        await bot.stop()


def _stored(bot: BotProcess) -> Stored:
    """Where the samples look for it."""
    (bot.data / "app.sqlite").symlink_to(bot.data / "d365bot.sqlite")
    return StoredInFile(bot.folder)


async def _keep(bot: BotProcess, count: int, text: str = "") -> None:
    database = open_database(_stored(bot), text)
    try:
        await keep_many(database, count)
    finally:
        database.close()


def _numbers(bot: BotProcess) -> list[int]:
    with closing(sqlite3.connect(bot.data / "d365bot.sqlite")) as database:
        found = database.execute("SELECT DISTINCT key_number FROM secrets ORDER BY 1")
        return [row[0] for row in found]


@pytest.mark.parametrize("words", [("keys", "rotate"), ("keys", "new")])
async def test_a_key_that_is_missing_never_gets_another_under_its_number(
    fresh: BotProcess, words: tuple[str, ...]
) -> None:
    assert (await fresh.run("keys", "new")).returncode == 0
    assert (await fresh.run("keys", "rotate")).returncode == 0
    second = next(fresh.folder.rglob("encryption-2.key"))
    kept = second.rename(fresh.folder / "moved-away")
    done = await fresh.run(*words)
    assert done.returncode == 0, done.stderr
    assert not second.exists()
    assert second.with_name("encryption-3.key").exists()
    kept.rename(second)
    assert (await fresh.run("keys", "rotate")).returncode == 0


async def test_a_running_bot_uses_the_new_key_at_once(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    done = await bot.run("keys", "rotate")
    assert done.returncode == 0, done.stderr
    assert "was created in" in done.stdout
    assert "no secret is sealed with another key than" in done.stdout
    assert "seals nothing any more" in done.stdout or "seal nothing any more" in done.stdout
    assert "as long as you keep backups of the database from before" in done.stdout
    await olga.types(f"/d365 test {name}")
    await olga.sees(f"Test of {name}: every check passed")
    later = await set_up(olga, bot, new_name())
    await olga.types(f"/d365 test {later}")
    await olga.sees(f"Test of {later}: every check passed")
    assert len(_numbers(bot)) == 1
    assert (await bot.run("audit", "verify")).returncode == 0


async def test_a_key_that_was_made_before_is_used_first(fresh: BotProcess) -> None:
    for _ in range(2):
        assert (await fresh.run("keys", "new")).returncode == 0
        if not (fresh.data / "app.sqlite").exists():
            await _keep(fresh, 3)
    done = await fresh.run("keys", "rotate")
    assert done.stdout.startswith("3 secrets were wrapped anew; no secret is sealed with another")
    assert "Key 1 seals nothing any more." in done.stdout
    demanded = await fresh.run("keys", "rotate", "--new-key")
    assert "Encryption key 3 was created" in demanded.stdout
    assert _numbers(fresh) == [3]


async def test_without_a_key_the_way_to_get_one_is_told(fresh: BotProcess) -> None:
    done = await fresh.run("keys", "rotate")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "On the bot's machine run d365bot keys new."


async def test_a_damaged_secret_is_named_with_exit_code_1(fresh: BotProcess) -> None:
    assert (await fresh.run("keys", "new")).returncode == 0
    await _keep(fresh, 30)
    with closing(sqlite3.connect(fresh.data / "d365bot.sqlite")) as database:
        database.execute("UPDATE secrets SET wrapped_key = zeroblob(60) WHERE id = 'secret-7'")
        database.commit()
    done = await fresh.run("keys", "rotate")
    assert done.returncode == 1
    assert "29 secrets were wrapped anew with key 2." in done.stdout
    assert "seals nothing" not in done.stdout
    assert "1 secret does not open" in done.stderr
    assert "contoso: bot_client_secret, id secret-7, key 1." in done.stderr
    assert "Give it again with /d365 secret." in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_missing_key_is_told_at_rotation_and_at_the_start(fresh: BotProcess) -> None:
    assert (await fresh.run("keys", "new")).returncode == 0
    await _keep(fresh, 30)
    keys = fresh.folder / "keys"
    assert (await fresh.run("keys", "new")).returncode == 0
    (keys / "encryption-1.key").rename(fresh.folder / "backup.key")
    done = await fresh.run("keys", "rotate")
    assert done.returncode == 1
    assert "30 secrets do not open" in done.stderr
    assert f"Encryption key 1 is not in {keys}." in done.stderr
    assert "… and 10 more." in done.stderr
    assert "Put it back from your backup." in done.stderr
    await fresh.start()
    assert await fresh.stop() == 0
    lines: list[Json] = [json.loads(line) for line in fresh.log.read_text().splitlines()]
    [warning] = [line for line in lines if line["level"] == "warning"]
    assert "30 with encryption key 1" in warning["event"]
    assert str(keys) in warning["event"]
    (fresh.folder / "backup.key").rename(keys / "encryption-1.key")
    again = await fresh.run("keys", "rotate")
    assert again.returncode == 0, again.stderr
    assert _numbers(fresh) == [2]


async def test_a_wrong_key_under_a_known_number_is_refused_at_start(fresh: BotProcess) -> None:
    assert (await fresh.run("keys", "new")).returncode == 0
    await _keep(fresh, 1)
    key = base64.b64encode(bytes(32)).decode()
    (fresh.folder / "keys/encryption-1.key").write_text(key)
    done = await fresh.run("serve")
    assert done.returncode == 1
    assert "Encryption key 1 is not the one that sealed the stored secrets." in done.stderr
    assert "Traceback" not in done.stderr
    assert key not in done.stderr


async def test_keys_of_the_settings_need_a_bot_that_was_started_with_them(
    fresh: BotProcess,
) -> None:
    await _keep(fresh, 3, FIXED[1])
    fresh.settings = {"D365BOT_ENCRYPTION_KEYS": f"{FIXED[2]},{FIXED[1]}"}
    refused = await fresh.run("keys", "rotate")
    assert refused.returncode == 1
    assert "No bot was started with encryption key 2 yet" in refused.stderr
    assert "Restart the bot with the new key in front" in refused.stderr
    await fresh.start()
    done = await fresh.run("keys", "rotate")
    assert done.returncode == 0, done.stderr
    assert _numbers(fresh) == [2]
    assert await fresh.stop() == 0


async def test_keys_of_the_settings_can_be_forced(fresh: BotProcess) -> None:
    await _keep(fresh, 3, FIXED[1])
    fresh.settings = {"D365BOT_ENCRYPTION_KEYS": f"{FIXED[2]},{FIXED[1]}"}
    made = await fresh.run("keys", "rotate", "--new-key")
    assert "come from D365BOT_ENCRYPTION_KEYS" in made.stderr
    assert (await fresh.run("keys", "rotate", "--force")).returncode == 0
    assert _numbers(fresh) == [2]


@pytest.fixture
async def vault(fresh: BotProcess, tmp_path: Path) -> AsyncIterator[StandIn]:
    """Key Vault and Entra ID behind a proxy, as the settings name them."""
    authority = Authority(tmp_path / "vault.pem")
    with standing_in(authority.context(HOST, ENTRA)) as (stand_in, port):
        async with serving(Proxy(behind=port)) as at:
            fresh.settings = {
                "D365BOT_KEY_VAULT_KEY": KEY,
                "D365BOT_CA_FILE": str(authority.pem),
                "HTTPS_PROXY": f"http://127.0.0.1:{at}",
                "AZURE_TENANT_ID": TENANT,
                "AZURE_CLIENT_ID": "d365bot",
                "AZURE_CLIENT_SECRET": CLIENT_SECRET,
            }
            yield stand_in


async def test_key_vault_wraps_the_keys_of_a_bot(fresh: BotProcess, vault: StandIn) -> None:
    made = await fresh.run("keys", "new")
    assert made.returncode == 0, made.stderr
    file = fresh.folder / "keys/encryption-1.key"
    assert file.read_text().startswith(f"keyvault {KEY}/{1:032x} ")
    await fresh.start()
    assert vault.calls.count("unwrapkey") == 2, "to see that it can be, and at the start"
    vault.add_version()
    done = await fresh.run("keys", "rotate")
    assert done.returncode == 0, done.stderr
    newer = (fresh.folder / "keys/encryption-2.key").read_text()
    assert newer.startswith(f"keyvault {KEY}/{2:032x} ")
    assert await fresh.stop() == 0
    for text in (made.stderr, done.stderr, fresh.log.read_text()):
        assert CLIENT_SECRET not in text
        assert newer.split()[2] not in text


@pytest.mark.parametrize("words", [("keys", "new"), ("serve",)])
async def test_a_vault_that_refuses_is_told_in_sentences(
    fresh: BotProcess, vault: StandIn, words: tuple[str, ...]
) -> None:
    if words == ("serve",):
        assert (await fresh.run("keys", "new")).returncode == 0
    vault.refusals = {"wrapkey": 403, "unwrapkey": 403}
    done = await fresh.run(*words)
    assert done.returncode == 1
    assert f"Key Vault {HOST} does not let the bot use the key d365bot" in done.stderr
    assert "Key Vault Crypto User" in done.stderr
    assert "Traceback" not in done.stderr
    assert CLIENT_SECRET not in done.stderr


def test_the_help_says_when_a_key_is_made() -> None:
    shown = CliRunner().invoke(main, ["keys", "rotate", "--help"]).output
    assert "A key is made if the newest one seals every secret already" in shown
