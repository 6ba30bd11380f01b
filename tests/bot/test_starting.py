"""`d365bot serve` refuses what it cannot use in a sentence, and says where everything lies."""

import asyncio
import json
import os
import pwd
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.giving import at_the_command_line
from tests.stage import PATIENCE, BotProcess, Json, Simulators, free_port


@pytest.fixture
async def fresh(tmp_path: Path, simulators: Simulators) -> AsyncIterator[BotProcess]:
    """Folders that nobody has used."""
    bot = BotProcess(tmp_path / "fresh", simulators.ready, fresh=True)
    bot.folder.mkdir()
    yield bot
    if bot.process and bot.process.returncode is None:
        await bot.stop()


async def _refused(bot: BotProcess, **settings: str) -> str:
    """Only sentences: no traceback, and nothing of the server's own."""
    bot.settings = settings
    done = await bot.run("serve")
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "Application startup failed" not in done.stderr
    return done.stderr


async def test_a_taken_port_is_told_with_its_setting(fresh: BotProcess) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = await _refused(fresh, D365BOT_PORT=port)
    assert f"Port {port} on 127.0.0.1 is taken." in said
    assert "D365BOT_PORT" in said


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
async def test_a_host_that_is_not_this_machines_is_told(fresh: BotProcess, host: str) -> None:
    assert f"D365BOT_HOST {host} is not" in await _refused(fresh, D365BOT_HOST=host)


@pytest.mark.parametrize("setting", ["D365BOT_DATA_DIR", "D365BOT_KEY_DIR"])
async def test_a_folder_that_cannot_be_used_is_told_with_its_setting(
    fresh: BotProcess, setting: str
) -> None:
    file = fresh.folder / "file"
    file.write_text("")
    said = await _refused(fresh, **{setting: str(file)})
    assert f"The folder {file} of {setting} cannot be used: it is not a folder." in said
    assert setting in await _refused(fresh, **{setting: "/proc/d365bot"})


async def test_a_key_folder_that_others_may_read_is_refused(fresh: BotProcess) -> None:
    keys = fresh.folder / "keys"
    keys.mkdir()
    keys.chmod(0o755)
    assert f"chmod 700 {keys}" in await _refused(fresh)


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [("rubbish", 0o600, "is not a key"), ("rubbish", 0o644, "may be read by others")],
)
async def test_an_older_key_that_cannot_be_used_is_refused_at_start(
    fresh: BotProcess, content: str, mode: int, said: str
) -> None:
    assert (await fresh.run("migrate")).returncode == 0
    key = fresh.folder / "keys/encryption-1.key"
    key.write_text(content)
    key.chmod(mode)
    assert said in await _refused(fresh)


async def test_an_error_of_the_running_bots_parts_is_told_once(fresh: BotProcess) -> None:
    assert (await fresh.run("migrate")).returncode == 0
    (fresh.folder / "keys/audit.key").unlink()
    said = await _refused(fresh)
    assert said.count("audit.key is missing") == 1


async def test_two_bots_with_folders_of_their_own_do_not_share_a_database(
    bot: BotProcess, fresh: BotProcess
) -> None:
    database = bot.data / "d365bot.sqlite"
    said = await _refused(fresh, D365BOT_DATABASE_URL=f"sqlite:///{database}")
    assert f"Another d365bot is running on the database {database.resolve()}." in said


async def test_the_start_says_where_everything_lies_and_that_nobody_is_admin(
    fresh: BotProcess,
) -> None:
    fresh.settings = {"D365BOT_ADMINS": ""}
    await fresh.start()
    lines = [json.loads(line) for line in fresh.log.read_text().splitlines()]
    told = next(line for line in lines if line["event"] == "d365bot starts")
    assert told["data_folder"] == str(fresh.data)
    assert told["key_folder"] == str(fresh.folder / "keys")
    assert told["database_file"] == str(fresh.data / "d365bot.sqlite")
    assert told["address"] == fresh.address
    [warning] = [line for line in lines if line["level"] == "warning"]
    assert "D365BOT_ADMINS is empty" in warning["event"]
    assert "U012AB3CD" in warning["event"]


async def test_the_bot_starts_while_slack_is_away_and_says_so(
    fresh: BotProcess,
) -> None:
    address = f"http://127.0.0.1:{free_port()}/api/"
    fresh.settings = {"SLACK_API_URL": address}
    await fresh.start()
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(PATIENCE):
        told: Json = {"slack": "not asked yet"}
        while told["slack"] == "not asked yet":
            told = (await client.get(f"{fresh.address}/readyz")).json()
    assert told["slack"] == "it cannot be reached"
    assert told["ready"] is True
    assert await fresh.stop() == 0
    text = fresh.log.read_text()
    assert "Traceback" not in text
    [line] = [line for line in map(json.loads, text.splitlines()) if "reason" in line]
    assert (line["address"], line["reason"]) == (address, "it cannot be reached")


@pytest.mark.parametrize(
    "words",
    [
        ("connections",),
        ("keys", "new"),
        ("keys", "rotate"),
        ("secret", "set", "x", "bot_client_secret"),
        ("audit", "export"),
        ("audit", "verify"),
    ],
)
async def test_only_serve_and_migrate_create_a_database(
    fresh: BotProcess, words: tuple[str, ...]
) -> None:
    done = await fresh.run(*words, stdin="something")
    assert done.returncode == 1
    assert f"There is no database at {fresh.data / 'd365bot.sqlite'}." in done.stderr
    assert "Run d365bot migrate" in done.stderr
    assert not fresh.data.exists()
    assert not (fresh.folder / "keys").exists()


def test_who_acts_is_the_systems_account_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert at_the_command_line().user == pwd.getpwuid(os.getuid()).pw_name


def test_an_account_without_a_name_is_told_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patched, because a test cannot change into such an account."""
    monkeypatch.setattr(os, "getuid", lambda: 987654)
    assert at_the_command_line().user == "987654"
