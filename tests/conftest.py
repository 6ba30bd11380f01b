"""One simulated world and one bot for all stories that do not kill it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgresql import PostgresServer
from tests.stage import Actor, BotProcess, Simulators, Stage

pytest_plugins = ("tests.sharing", "tests.leaving_out")

# A machine that is busy with other things proves nothing about the code, and one tree of files
# passes or fails alike on every machine; `make fuzz` looks for cases that nobody has met yet.
settings.register_profile(
    "same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "fuzz", deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same")


@pytest.fixture(scope="session")
async def simulation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Simulators]:
    """The simulated world, for the whole run."""
    simulators = Simulators(tmp_path_factory.mktemp("simulators"))
    await simulators.up()
    yield simulators
    await simulators.stop()


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> None:
    """Where the bots that are made from now on have theirs. Journeys ask for either kind."""
    on_server = getattr(request, "param", "sqlite") == "postgresql"
    BotProcess.anywhere = request.getfixturevalue("postgresql") if on_server else None


@pytest.fixture(scope="session")
def simulators(simulation: Simulators, databases: None) -> Simulators:
    """The simulated world, for bots; who makes a bot of it makes another one on another kind."""
    return simulation


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A server of PostgreSQL, for the whole run."""
    server = PostgresServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
async def stage(simulation: Simulators) -> AsyncIterator[Stage]:
    """How people act in it."""
    stage = Stage(simulation.ready)
    yield stage
    await stage.aclose()


@asynccontextmanager
async def _nobody_kills(bot: BotProcess) -> AsyncIterator[BotProcess]:
    """Started as an operator starts it, since most stories are played with it."""
    await bot.start()
    yield bot
    assert await bot.stop() == 0


@pytest.fixture(scope="session")
async def bot_on_file(
    simulation: Simulators, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    folder = tmp_path_factory.mktemp("bot")
    bot = BotProcess(folder, simulation.ready, server=None, fresh=True)
    async with _nobody_kills(bot):
        yield bot


@pytest.fixture(scope="session")
async def bot_on_server(
    simulation: Simulators, postgresql: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    bot = BotProcess(
        tmp_path_factory.mktemp("bot"), simulation.ready, server=postgresql, fresh=True
    )
    async with _nobody_kills(bot):
        yield bot


@pytest.fixture(scope="session")
def shared_bot(request: pytest.FixtureRequest, simulators: Simulators) -> BotProcess:
    """A bot that nobody kills, with an encryption key, where olga is operator and vera viewer."""
    name = "bot_on_server" if BotProcess.anywhere else "bot_on_file"
    found = request.getfixturevalue(name)
    assert isinstance(found, BotProcess)
    return found


@pytest.fixture
async def bot(shared_bot: BotProcess, stage: Stage) -> BotProcess:
    """The shared bot in a healthy world, with its people."""
    await stage.listen_to(shared_bot)
    await stage.scenario("healthy")
    await stage.mend()
    return shared_bot


@pytest.fixture(scope="session")
async def roles(shared_bot: BotProcess, stage: Stage) -> None:
    """Who may do what, and a key for secrets; it may have them from before the other bot's turn."""
    if any((shared_bot.folder / "keys").glob("encryption-*")):
        return
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
