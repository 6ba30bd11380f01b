"""The stories of setup, test, status, list, record, access and help once more, over Socket Mode.

Every connection of the bot is cut right after each act: while its answer is being made, while a
form is open, between a form and the question that follows it.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import give_roles
from tests.journeys import test_commands, test_setup, test_testing
from tests.stage import Actor, BotProcess, Json, Simulators, Stage

ACTS = frozenset({"/_slack/command", "/_slack/press", "/_slack/submit"})
LEFT_OUT = frozenset(
    {
        # what differs there is said by Microsoft, whichever way Slack is spoken to
        "test_each_scenario_has_its_red_check_with_a_remedy_and_the_report_goes_on",
        # a request that Slack would not send, over HTTP
        "test_a_button_of_a_connection_that_is_gone_says_so",
    }
)

STORIES = {
    name: story
    for stories in (test_commands, test_setup, test_testing)
    for name, story in vars(stories).items()
    if name.startswith("test_") and name not in LEFT_OUT
}
globals().update(STORIES)


class CuttingStage(Stage):
    """Waits until Slack reaches the bot, lets somebody act, and cuts everything."""

    cuts = 0

    async def post(self, path: str, body: object) -> Json:
        """An act of somebody; everything else as it is."""
        if path not in ACTS:
            return await super().post(path, body)
        await self.reached()
        found = await super().post(path, body)
        self.cuts += 1
        await super().post("/_slack/socket", {"do": "cut"})
        return found

    async def reached(self) -> None:
        """The bot has opened a connection."""
        found = await super().post("/_slack/socket", {"do": "wait"})
        assert found["connections"]


@pytest.fixture(scope="module")
async def cutting(simulators: Simulators) -> AsyncIterator[CuttingStage]:
    """The world in which nothing stays connected."""
    stage = CuttingStage(simulators.ready)
    yield stage
    assert stage.cuts
    await stage.change({"slack": {"socket_mode": False}})
    await stage.aclose()


@pytest.fixture(scope="module")
async def socket_bot(
    simulators: Simulators,
    cutting: CuttingStage,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[BotProcess]:
    """A bot that Slack reaches over Socket Mode only, with its people and a key."""
    settings = {
        "SLACK_APP_TOKEN": simulators.ready["app_token"],
        "SLACK_SIGNING_SECRET": "",
    }
    folder: Path = tmp_path_factory.mktemp("sockets")
    await cutting.change({"slack": {"socket_mode": True}})  # else it is asked again in a minute
    bot = await BotProcess(folder, simulators.ready, settings=settings).start()
    await cutting.listen_to(bot)
    await cutting.scenario("healthy")
    await give_roles(cutting)
    assert (await bot.run("keys", "new")).returncode == 0
    yield bot
    assert await bot.stop() == 0


@pytest.fixture
async def bot(socket_bot: BotProcess, cutting: CuttingStage) -> BotProcess:
    """In a healthy world."""
    await cutting.listen_to(socket_bot)
    await cutting.scenario("healthy")
    await cutting.mend()
    return socket_bot


@pytest.fixture
def olga(bot: BotProcess, cutting: CuttingStage) -> Actor:
    return cutting.person("olga")


@pytest.fixture
def vera(bot: BotProcess, cutting: CuttingStage) -> Actor:
    return cutting.person("vera")


@pytest.fixture
def ada(bot: BotProcess, cutting: CuttingStage) -> Actor:
    return cutting.person("ada")


@pytest.fixture
def sam(bot: BotProcess, cutting: CuttingStage) -> Actor:
    return cutting.person("sam", "general")


@pytest.fixture
def stage(cutting: CuttingStage) -> CuttingStage:
    """For stories that ask for it."""
    return cutting
