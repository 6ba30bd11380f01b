"""The command line and the start of the bot on PostgreSQL, with two roles and with one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import OWNER, PostgresServer
from tests.stage import BotProcess, Simulators

pytestmark = pytest.mark.postgres


@pytest.fixture
def name(postgresql: PostgresServer) -> Iterator[str]:
    """A database without anything in it."""
    name = postgresql.new_database()
    yield name
    postgresql.drop(name)


@pytest.fixture
def fresh(
    tmp_path: Path, simulators: Simulators, postgresql: PostgresServer, name: str
) -> BotProcess:
    """With its own role only, as a bot should run."""
    settings = {"D365BOT_DATABASE_URL": postgresql.url(name)}
    bot = BotProcess(tmp_path / "fresh", simulators.ready, settings=settings)
    bot.folder.mkdir()
    return bot


async def test_the_owner_migrates_and_the_bot_runs_with_its_own_role(
    fresh: BotProcess, postgresql: PostgresServer, name: str
) -> None:
    own = fresh.settings
    for words in (("serve",), ("connections",), ("audit", "verify"), ("keys", "new")):
        refused = await fresh.run(*words)
        assert refused.returncode == 1, words
        assert "Run d365bot migrate" in refused.stderr
        assert "Traceback" not in refused.stderr
    fresh.settings = {**own, "D365BOT_MIGRATION_DATABASE_URL": postgresql.url(name, OWNER)}
    for _ in range(2):
        done = await fresh.run("migrate")
        assert (done.returncode, done.stdout) == (0, "The database is up to date.\n"), done.stderr
        assert done.stderr == ""
    fresh.settings = own
    assert (await fresh.run("keys", "new")).returncode == 0
    await fresh.start()
    assert "owns the tables" not in fresh.log.read_text()
    second = BotProcess(fresh.folder / "second", fresh.ready, settings=own)
    second.folder.mkdir()
    assert (
        f"Another d365bot is running on the database {name} on"
        in (await second.run("serve")).stderr
    )
    for words in (("keys", "rotate"), ("audit", "verify"), ("connections",)):
        done = await fresh.run(*words)
        assert done.returncode == 0, done.stderr
    lines = (await fresh.run("audit", "export")).stdout.splitlines()
    assert await fresh.stop() == 0
    assert (
        f"The record is unbroken: {len(lines)} rows." in (await fresh.run("audit", "verify")).stdout
    )
    assert not list(fresh.data.iterdir()), "nothing stands in files but the keys"


async def test_one_role_for_both_works_and_says_so(
    fresh: BotProcess, postgresql: PostgresServer, name: str
) -> None:
    fresh.settings = {"D365BOT_DATABASE_URL": postgresql.url(name, OWNER)}
    done = await fresh.run("migrate")
    assert done.returncode == 0, done.stderr
    assert f"The role {OWNER} of D365BOT_DATABASE_URL owns the tables" in done.stderr
    await fresh.start()
    assert await fresh.stop() == 0
    assert f"The role {OWNER} of D365BOT_DATABASE_URL owns the tables" in fresh.log.read_text()


async def test_two_addresses_of_two_databases_are_told(
    fresh: BotProcess, postgresql: PostgresServer
) -> None:
    other = postgresql.new_database()
    fresh.settings = {
        **fresh.settings,
        "D365BOT_MIGRATION_DATABASE_URL": postgresql.url(other, OWNER),
    }
    done = await fresh.run("migrate")
    assert done.returncode == 1
    assert f"D365BOT_MIGRATION_DATABASE_URL leads to {other} on" in done.stderr
    postgresql.drop(other)


async def test_a_server_that_is_away_is_told(fresh: BotProcess) -> None:
    fresh.settings = {"D365BOT_DATABASE_URL": "postgresql+psycopg://me:hunter2@127.0.0.1:1/d365bot"}
    for words in (("serve",), ("migrate",), ("audit", "export")):
        done = await fresh.run(*words)
        assert done.returncode == 1
        assert "d365bot on 127.0.0.1:1 cannot be reached" in done.stderr
        assert "Traceback" not in done.stderr
        assert "hunter2" not in done.stderr
