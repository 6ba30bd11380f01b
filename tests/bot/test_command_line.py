"""The command line, as an operator runs it."""

import json
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.manifest import manifest, public_address
from tests.setups import new_name, save_setup
from tests.stage import Actor, BotProcess, Simulators


def _copy_audit_key(keys: Path, other: Path) -> None:
    copy = other / "audit.key"
    copy.write_bytes((keys / "audit.key").read_bytes())
    copy.chmod(0o600)
    other.chmod(0o700)


@pytest.fixture
def fresh(tmp_path: Path, simulators: Simulators) -> BotProcess:
    """Folders that nobody has used."""
    bot = BotProcess(tmp_path / "fresh", simulators.ready)
    bot.folder.mkdir()
    return bot


async def test_serve_without_settings_says_what_is_missing(fresh: BotProcess) -> None:
    fresh.settings = {"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}
    done = await fresh.run_afresh("serve")
    assert done.returncode == 1
    assert "SLACK_BOT_TOKEN is not set" in done.stderr
    assert "SLACK_SIGNING_SECRET is not set" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_database_that_is_no_database_is_told_in_a_sentence(fresh: BotProcess) -> None:
    fresh.settings = {"D365BOT_DATABASE_URL": "mysql://nowhere/x"}
    done = await fresh.run("migrate")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "sqlite:///" in done.stderr


async def test_migrate_makes_private_files_and_can_be_repeated(fresh: BotProcess) -> None:
    for _ in range(2):
        done = await fresh.run_afresh("migrate")
        assert done.returncode == 0, done.stderr
    key, database = fresh.folder / "keys/audit.key", fresh.data / "d365bot.sqlite"
    assert key.stat().st_mode & 0o777 == 0o600
    assert database.stat().st_mode & 0o777 == 0o600
    assert (await fresh.run_afresh("audit", "verify")).returncode == 0


async def test_a_secret_without_a_key_is_refused_with_what_to_do(
    olga: Actor, bot: BotProcess, tmp_path: Path
) -> None:
    name = new_name()
    await save_setup(olga, name)
    other = BotProcess(bot.folder, bot.ready, settings={"D365BOT_KEY_DIR": str(tmp_path)})
    _copy_audit_key(bot.folder / "keys", tmp_path)
    done = await other.run_afresh("secret", "set", name, "bot_client_secret", stdin="something")
    assert done.returncode == 1
    assert "d365bot keys new" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "bot_client_secret"), "no connection"),
        (("{name}", "bot_client_secrt"), "Did you mean bot_client_secret?"),
        (("{name}", "tenant"), "not a secret"),
    ],
)
async def test_a_mistyped_secret_is_told_what_was_meant(
    olga: Actor, bot: BotProcess, words: tuple[str, str], said: str
) -> None:
    name = new_name()
    await save_setup(olga, name)
    typed = [word.format(name=name) for word in words]
    done = await bot.run("secret", "set", *typed, stdin="something")
    assert done.returncode == 1
    assert said in done.stderr
    empty = await bot.run("secret", "set", name, "bot_client_secret", stdin="\n")
    assert "empty" in empty.stderr


async def test_connections_are_listed_without_secrets(olga: Actor, bot: BotProcess) -> None:
    name = new_name()
    await save_setup(olga, name)
    plain = await bot.run("connections")
    assert name in plain.stdout
    rows = [
        json.loads(line) for line in (await bot.run("connections", "--json")).stdout.splitlines()
    ]
    mine = next(row for row in rows if row["name"] == name)
    assert mine["secrets"] == {"integration_password": False, "bot_client_secret": False}


async def test_the_record_is_verified_against_a_head_kept_elsewhere(
    olga: Actor, bot: BotProcess
) -> None:
    await save_setup(olga, new_name())
    good = await bot.run("audit", "verify")
    assert good.returncode == 0
    head = good.stdout.split("Head: ")[1].strip()
    assert (await bot.run("audit", "verify", "--head", head)).returncode == 0
    number, _, _ = head.partition(":")
    wrong = await bot.run("audit", "verify", "--head", f"{number}:{'0' * 64}")
    assert wrong.returncode == 1
    nonsense = await bot.run("audit", "verify", "--head", "yesterday")
    assert nonsense.returncode == 1
    assert "is not a head" in nonsense.stderr


async def test_the_export_can_begin_later(bot: BotProcess, roles: None) -> None:
    everything = (await bot.run("audit", "export", "--format", "csv")).stdout.splitlines()
    nothing = await bot.run("audit", "export", "--format", "csv", "--since", "2999-01-01")
    assert len(everything) > 2
    assert len(nothing.stdout.splitlines()) == 1


async def test_a_second_bot_on_the_same_folder_is_refused(bot: BotProcess, roles: None) -> None:
    second = BotProcess(bot.folder, bot.ready)
    done = await second.run("serve")
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert said[-2].startswith("Another d365bot is running")
    assert said[-1].startswith("Stop it first")


async def test_the_manifest_leads_to_the_given_address(bot: BotProcess) -> None:
    shown = await bot.run("manifest", "--url", "https://bot.example.org/")
    assert "https://bot.example.org/slack/events" in shown.stdout


@pytest.mark.parametrize("given", ["", "/", "/slack/events", "/slack/events/"])
def test_the_public_address_may_be_the_whole_one(given: str) -> None:
    assert public_address(f"https://bot.example.org:8443{given}") == "https://bot.example.org:8443"


@pytest.mark.parametrize(
    "given",
    [
        "http://bot.example.org",
        "bot.example.org",
        "https://",
        "https://me:pass@bot.example.org",
        "https://bot.example.org:99999",
        "https://bot.example.org/bot",
        "https://bot.example.org?x",
    ],
)
async def test_an_address_that_slack_cannot_call_is_refused(fresh: BotProcess, given: str) -> None:
    done = await fresh.run("manifest", "--url", given)
    assert done.returncode == 1
    assert not done.stdout
    assert "Write it such as https://" in done.stderr


async def test_a_manifest_without_an_address_is_for_socket_mode(fresh: BotProcess) -> None:
    done = await fresh.run_afresh("manifest")
    assert done.stdout == manifest()
    assert "SLACK_APP_TOKEN" in done.stderr


def test_no_help_is_cut_short() -> None:
    for words in ([], ["keys"], ["secret"], ["certificate"], ["audit"]):
        shown = CliRunner().invoke(main, [*words, "--help"], terminal_width=80)
        assert shown.exit_code == 0
        assert "..." not in shown.output.replace("[ARGS]...", "")


def test_the_help_of_secrets_names_the_fields() -> None:
    shown = CliRunner().invoke(main, ["secret", "set", "--help"])
    assert "bot_client_secret" in shown.output


def test_the_version_is_told() -> None:
    assert version("d365bot") in CliRunner().invoke(main, ["--version"]).output


async def test_the_second_key_says_what_becomes_of_the_first(fresh: BotProcess) -> None:
    assert (await fresh.run("migrate")).returncode == 0
    first, second = [await fresh.run_afresh("keys", "new") for _ in range(2)]
    assert "stay sealed" not in first.stdout
    assert "sealed with key 2" in second.stdout
    assert "stay sealed with key 1" in second.stdout


async def test_a_missing_head_file_is_told_and_the_record_still_verified(fresh: BotProcess) -> None:
    assert (await fresh.run("migrate")).returncode == 0
    head = (fresh.folder / "keys/audit.head").read_text().strip()
    (fresh.folder / "keys/audit.head").unlink()
    done = await fresh.run("audit", "verify")
    assert done.returncode == 0
    assert "audit.head is missing: rows cut off at the end would not be noticed" in done.stdout
    compared = await fresh.run("audit", "verify", "--head", head)
    assert "missing" not in compared.stdout
