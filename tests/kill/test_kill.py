"""SIGKILL at each stage of a command's life, then a restart that answers it."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from storage.engine import reader_engine
from tests.conftest import give_roles
from tests.kill.dying import STAGES
from tests.setups import give_secret, save_setup
from tests.stage import Actor, BotProcess, Json, Simulators, Stage, words_of

DYING = [*STAGES, "after the result"]

pytestmark = pytest.mark.kill


@pytest.fixture(scope="module")
async def prepared(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot with a connection, stopped; each test starts it as it likes."""
    bot = BotProcess(tmp_path_factory.mktemp("killed"), simulators.ready)
    async with prepare(bot, stage):
        yield bot


@asynccontextmanager
async def prepare(bot: BotProcess, stage: Stage) -> AsyncIterator[None]:
    """With its people, a key and a connection, then stopped."""
    await bot.start()
    await stage.listen_to(bot)
    await stage.scenario("healthy")
    await give_roles(stage)
    assert (await bot.run("keys", "new")).returncode == 0
    olga = stage.person("olga")
    await save_setup(olga, "killed")
    await give_secret(olga, bot, "killed")
    await bot.stop()
    yield
    if bot.process and bot.process.returncode is None:
        await bot.stop()


def _again(bot: BotProcess) -> BotProcess:
    return BotProcess(bot.folder, bot.ready, settings=bot.settings, port=bot.port)


def _dying(bot: BotProcess, stage: str) -> BotProcess:
    return BotProcess(
        bot.folder,
        bot.ready,
        program=("tests.kill.dying", stage),
        settings=bot.settings,
        port=bot.port,
    )


async def _answered_after_restart(bot: BotProcess, olga: Actor, text: str) -> None:
    living = _again(bot)
    await living.start()
    try:
        await olga.sees(text)
        same = [one for one in await olga.new_messages() if text in words_of(one)]
        assert len(same) == 1
        done = await living.run("audit", "verify")
        assert done.returncode == 0, done.stderr
    finally:
        assert await living.stop() == 0


@pytest.mark.parametrize("when", DYING)
@pytest.mark.parametrize(
    ("typed", "text"),
    [("list", "1 connection"), ("test killed", "Test of killed: every check passed")],
)
async def test_a_command_is_answered_after_a_kill(
    prepared: BotProcess, stage: Stage, when: str, typed: str, text: str
) -> None:
    if when == "after the result" and typed != "list":
        typed, text = "status killed", "killed: "
    if when == "between two checks":
        typed, text = "test killed", "Test of killed: every check passed"
    dying = await _dying(prepared, when).start()
    await stage.listen_to(dying)
    olga = stage.person("olga")
    answer = await olga.types(f"/d365 {typed}")
    assert await dying.died() == -signal.SIGKILL
    if when == "between two checks":
        assert answer["status"] == 200, "it was acknowledged long before"
    await _answered_after_restart(prepared, olga, text)


async def test_a_form_that_was_not_opened_is_offered_after_a_kill(
    prepared: BotProcess, stage: Stage
) -> None:
    await stage.fault(site="slack", path="/api/views.open", times=1, delay=30)
    bot = _again(prepared)
    await bot.start()
    await stage.listen_to(bot)
    olga = stage.person("olga")
    answer = await olga.types("/d365 setup killed")
    assert answer["status"] == 200
    await bot.stop(signal.SIGKILL)
    await stage.mend()
    await bot.start()
    try:
        await olga.sees("The setup form of killed is ready")
        await olga.presses("Open the form")
        form = await olga.sees_form()
        assert form["title"]["text"] == "Setup killed"
        await olga.closes()
    finally:
        await bot.stop()


async def test_no_acknowledged_command_is_lost_under_load(
    prepared: BotProcess, stage: Stage
) -> None:
    """Commands keep coming while the bot is killed three times at any moment."""
    bot = _again(prepared)
    await bot.start()
    await stage.listen_to(bot)
    drawn = random.Random(7)
    seen = await stage.seen("olga", "crm-admins")
    before = len([one for one in seen["messages"] if one["text"].startswith("1 connection\n")])
    acknowledged = 0
    for _ in range(3):
        olga = stage.person("olga")
        sending = [
            asyncio.create_task(
                stage.post(
                    "/_slack/command",
                    {"person": "olga", "channel": olga.channel, "text": "/d365 list"},
                )
            )
            for _ in range(30)
        ]
        await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED, timeout=drawn.random())
        await bot.stop(signal.SIGKILL)
        acknowledged += sum([(await task)["status"] == 200 for task in sending])
        await bot.start()
    try:
        assert acknowledged

        def all_answered(seen: Json) -> Json | None:
            answers = [one for one in seen["messages"] if one["text"].startswith("1 connection\n")]
            enough = len(answers) - before >= acknowledged
            return seen if enough and _left(bot) == (0, 0) else None

        await stage.person("olga").until(all_answered, f"{acknowledged} answers")
    finally:
        await bot.stop()


def _left(bot: BotProcess) -> tuple[int, int]:
    """Open asks, and messages not shown; also of commands that nobody saw acknowledged."""
    url = bot.settings.get("D365BOT_DATABASE_URL", f"sqlite:///{bot.data / 'd365bot.sqlite'}")
    engine = reader_engine(url)
    with engine.begin() as database:
        counts = database.exec_driver_sql(
            "select (select count(*) from inbox where finished_at is null),"
            " (select count(*) from outbox where wanted != shown)"
        ).one()
    engine.dispose()
    return int(counts[0]), int(counts[1])
