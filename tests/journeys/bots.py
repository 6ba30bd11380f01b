"""Bots of their own for stories, beside the shared one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from simulator.slack.limits import LIMITS
from tests.conftest import give_roles
from tests.stage import BotProcess, Simulators, Stage


@asynccontextmanager
async def a_bot(
    simulators: Simulators,
    stage: Stage,
    folder: Path,
    *,
    key: bool,
    fresh: bool = False,
    **settings: str,
) -> AsyncIterator[BotProcess]:
    """With its people in their roles, and an encryption key if wanted."""
    bot = BotProcess(folder, simulators.ready, settings=settings, fresh=fresh)
    await bot.start()
    await stage.listen_to(bot)
    await stage.scenario("healthy")
    await give_roles(stage)
    if key:
        assert (await bot.run("keys", "new")).returncode == 0
    yield bot
    assert await bot.stop() == 0


@asynccontextmanager
async def unlimited(stage: Stage) -> AsyncIterator[None]:
    """Slack lets messages be changed 50 times a minute, and two hundred tests wait for that."""
    methods = ("chat.postMessage", "chat.postEphemeral", "chat.update")
    await stage.change({"slack": {"limits": dict.fromkeys(methods)}})
    try:
        yield
    finally:
        usual = {method: asdict(LIMITS[method]) for method in methods}
        await stage.change({"slack": {"limits": usual}})
