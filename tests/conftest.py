"""One simulated world and one bot for all stories that do not kill it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgresql import PostgresServer
from tests.stage import Actor, BotProcess, Simulators, Stage

# A machine that is busy with other things proves nothing about the code, and one tree of files
# passes or fails alike on every machine; `make fuzz` looks for cases that nobody has met yet.
settings.register_profile(
    "same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "fuzz", deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    """For the journeys: `make test ARGS='tests/journeys --on-postgresql'`."""
    parser.addoption(
        "--on-postgresql", action="store_true", help="every bot has its database there"
    )


@pytest.fixture(scope="session")
async def simulators(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Simulators]:
    """The simulated world, for the whole run."""
    if request.config.getoption("--on-postgresql"):
        BotProcess.server = request.getfixturevalue("postgresql")
    simulators = Simulators(tmp_path_factory.mktemp("simulators"))
    await simulators.up()
    yield simulators
    await simulators.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A server of PostgreSQL, for the whole run."""
    server = PostgresServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
async def stage(simulators: Simulators) -> AsyncIterator[Stage]:
    """How people act in it."""
    stage = Stage(simulators.ready)
    yield stage
    await stage.aclose()


@pytest.fixture(scope="session")
async def shared_bot(
    simulators: Simulators, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot that nobody kills, with an encryption key, where olga is operator and vera viewer."""
    bot = BotProcess(tmp_path_factory.mktemp("bot"), simulators.ready)
    await bot.start()
    yield bot
    assert await bot.stop() == 0


@pytest.fixture
async def bot(shared_bot: BotProcess, stage: Stage) -> BotProcess:
    """The shared bot in a healthy world, with its people."""
    await stage.listen_to(shared_bot)
    await stage.scenario("healthy")
    await stage.mend()
    return shared_bot


@pytest.fixture(scope="session")
async def roles(shared_bot: BotProcess, stage: Stage) -> None:
    """Who may do what, and a key for secrets."""
    await stage.listen_to(shared_bot)
    await give_roles(stage)
    assert (await shared_bot.run("keys", "new")).returncode == 0


async def give_roles(stage: Stage) -> None:
    """By the admin, as in life."""
    ada = stage.person("ada")
    for name, role in (("olga", "operator"), ("vera", "viewer"), ("paul", "approver")):
        await ada.types(f"/d365 access add @{name} {role}")
        await ada.sees(f"now has the role {role}")


@pytest.fixture
def olga(bot: BotProcess, roles: None, stage: Stage) -> Actor:
    """Olga Operator."""
    return stage.person("olga")


@pytest.fixture
def vera(bot: BotProcess, roles: None, stage: Stage) -> Actor:
    """Vera Viewer."""
    return stage.person("vera")


@pytest.fixture
def ada(bot: BotProcess, roles: None, stage: Stage) -> Actor:
    """Ada Admin."""
    return stage.person("ada")


@pytest.fixture
def sam(bot: BotProcess, roles: None, stage: Stage) -> Actor:
    """Sam Stranger, who is not in the administrators' channel."""
    return stage.person("sam", "general")


def folder_text(folder: Path) -> bytes:
    """Every byte of every file below a folder."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
