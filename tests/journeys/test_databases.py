"""The stories are played where their names say: each bot has its database there, and uses it."""

import pytest

from tests.setups import new_name, save_setup
from tests.stage import Actor, BotProcess, Simulators


def _on_file(bot: BotProcess) -> bool:
    return (bot.data / "d365bot.sqlite").exists()


@pytest.fixture
def named_for_a_file(request: pytest.FixtureRequest) -> bool:
    """What the id of the running story says."""
    return "[sqlite" in request.node.name


async def test_the_shared_bot_remembers_where_the_story_says(
    olga: Actor, bot: BotProcess, *, named_for_a_file: bool
) -> None:
    name = new_name()
    await save_setup(olga, name)
    assert name in (await bot.run("connections")).stdout
    assert _on_file(bot) == named_for_a_file
    assert (bot.server is None) == named_for_a_file


async def test_a_bot_of_its_own_does_too(
    simulators: Simulators, tmp_path_factory: pytest.TempPathFactory, *, named_for_a_file: bool
) -> None:
    bot = BotProcess(tmp_path_factory.mktemp("own"), simulators.ready)
    done = await bot.run("migrate")
    assert done.returncode == 0, done.stderr
    assert _on_file(bot) == named_for_a_file
