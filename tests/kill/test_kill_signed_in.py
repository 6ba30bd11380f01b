"""SIGKILL while an administrator's sign-in is in memory: it is gone, and is waited for again."""

import re
import signal
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from storage.engine import reader_engine
from tests.journeys.changing import asked, card_says
from tests.kill.dying_in_apply import WHENS
from tests.kill.test_kill import _again
from tests.kill.test_kill_applying import ENABLE, Ground, once, standing
from tests.setups import INTEGRATION, PASSWORD
from tests.stage import Actor, BotProcess, Json, Simulators, Stage, words_of

pytestmark = pytest.mark.kill


@pytest.fixture(scope="module")
async def ground(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Ground]:
    """With a database in a file."""
    folder = tmp_path_factory.mktemp("killed-signed-in")
    async with standing(folder, simulators, stage, {}) as one:
        yield one


async def begin_without_rights(ground: Ground) -> None:
    """The solution is there, and its connection may be written by an administrator only."""
    await ground.stage.scenario("healthy")
    await ground.sides.without_roles()
    await ground.stage.change({"accounts": {INTEGRATION: {"password": PASSWORD}}})
    await ground.stage.change({"tenants": {"adventure": {"device_interval": 1}}})


async def waits_and_signs_in(ground: Ground, olga: Actor, number: str, times: int) -> None:
    """The request has waited so often for an administrator, who signs in now."""

    def found(seen: Json) -> Json | None:
        cards = [one for one in seen["messages"] if words_of(one).startswith(f"{number} ")]
        waits = cards and "waits for an administrator" in words_of(cards[-1])
        return cards[-1] if waits and _waited(ground.bot, number) == times else None

    await olga.until(found, f"{number} waits once more")
    await olga.presses("Sign in and apply")
    shown = words_of(await olga.sees("enter the code"))
    code = re.search(r"code \*?([A-Z0-9-]{6,})", shown)
    assert code
    accounts = (await ground.stage.world())["accounts"]
    await ground.stage.enters_code(code[1], next(one for one in accounts if one.startswith("ada")))


def _waited(bot: BotProcess, number: str) -> int:
    """How often it was interrupted, by the record."""
    engine = reader_engine(f"sqlite:///{bot.data / 'd365bot.sqlite'}")
    with engine.begin() as database:
        rows = database.exec_driver_sql(
            "select details from audit where tag = 'apply:interrupted'"
        ).scalars()
        times = sum(f'"{number}"' in one for one in rows)
    engine.dispose()
    return times


async def signed_in(ground: Ground, bot: BotProcess) -> tuple[Actor, str]:
    """Asked for, approved, waited, and an administrator has entered the code."""
    await bot.start()
    await ground.stage.listen_to(bot)
    olga = ground.stage.person("olga")
    number = await asked(olga, f"/d365 {ENABLE}")
    await ground.stage.person("paul").types(f"/d365 approve {number}")
    await waits_and_signs_in(ground, olga, number, 1)
    return olga, number


@pytest.mark.parametrize("when", WHENS)
async def test_what_was_done_with_a_sign_in_waits_for_another_one(
    ground: Ground, when: str
) -> None:
    await begin_without_rights(ground)
    since = await ground.last_call()
    undisturbed = _again(ground.bot)
    olga, number = await signed_in(ground, undisturbed)
    await card_says(olga, number, ": done")
    assert await undisturbed.stop() == 0
    wanted, writes = await ground.facts(), await ground.writes(since)

    await begin_without_rights(ground)
    since = await ground.last_call()
    bot = ground.bot
    program = ("tests.kill.dying_in_apply", when, "1")
    dying = BotProcess(bot.folder, bot.ready, program, settings=bot.settings, port=bot.port)
    olga, number = await signed_in(ground, dying)
    assert await dying.died() == -signal.SIGKILL
    assert await ground.facts() != wanted
    living = _again(bot)
    await living.start()
    try:
        await waits_and_signs_in(ground, olga, number, 2)
        await card_says(olga, number, ": done")
        assert (await living.run("audit", "verify")).returncode == 0
        exported = await living.run("audit", "export", "--format", "jsonl")
        assert exported.stdout.count("request:resumed") >= len(WHENS), exported.stderr
    finally:
        assert await living.stop() == 0
    assert await ground.facts() == wanted
    done = Counter(await ground.writes(since))
    assert once(done) == once(Counter(writes))
