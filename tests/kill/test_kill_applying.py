"""SIGKILL before and after every remote write of enabling and disabling, then a restart.

Whatever the moment, the world ends as that of an undisturbed run, and nothing was done twice: one
import, one assignment a role. The writes are counted in an undisturbed run, so that a step that is
added later is killed as well. Without `-m kill` a sample of the moments is taken.
"""

import re
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.bots import unlimited
from tests.journeys.changing import Sides, asked, card_says, put_package
from tests.kill.dying_in_apply import WHENS
from tests.kill.test_kill import _again, prepare
from tests.leaving_out import asked_for, leave_out
from tests.setups import INTEGRATION, PASSWORD, give_password
from tests.simulator.packing import INTEGRATION as SOLUTION
from tests.stage import Actor, BotProcess, Json, Simulators, Stage

pytestmark = pytest.mark.kill

NAME = "killed"
SAMPLE = 6
"""Of so many moments one is taken in a run of everything."""
ENABLE, DISABLE = f"enable {NAME} defaults", f"disable {NAME} remove-row"


@dataclass(frozen=True)
class Ground:
    """A bot that is stopped, and the world that its next apply finds."""

    bot: BotProcess
    stage: Stage

    @property
    def sides(self) -> Sides:
        return Sides(self.stage)

    async def begin_anew(self) -> None:
        """Every step of enabling has something to do."""
        await self.stage.scenario("healthy")
        await self.stage.change({"accounts": {INTEGRATION: {"password": PASSWORD}}})
        await self.sides.stand()
        gone = {"solutions": {SOLUTION: None}, "nav_connections": None}
        unmarked = {"integration": {"invitestatuscode": 1, "isintegrationuser": False}}
        await self.sides.change_sales(
            {"tables": {**gone, "systemusers": unmarked}, "imports": {"seconds": 1}}
        )
        await self.sides.without_roles()
        await self.sides.change_company(
            {"crm_connection_setup": {"setup": {"Server_Address": "", "User_Name": ""}}}
        )

    async def enabled(self) -> None:
        """As an undisturbed apply leaves it."""
        await self.begin_anew()
        await self.apply(ENABLE, _again(self.bot))

    async def apply(self, typed: str, bot: BotProcess) -> None:
        """From the request to its end, undisturbed."""
        await bot.start()
        try:
            await self.stage.listen_to(bot)
            number = await self.approve(typed)
            await card_says(self.stage.person("olga"), number, ": done")
        finally:
            await bot.stop()

    async def approve(self, typed: str) -> str:
        """Asked for by one, approved by another; its number."""
        olga: Actor = self.stage.person("olga")
        number = await asked(olga, f"/d365 {typed}")
        await self.stage.person("paul").types(f"/d365 approve {number}")
        return number

    async def facts(self) -> Json:
        """What an apply is to leave, without ids and times."""
        page, sides = await self.sides.page(), self.sides
        users = (await sides.sales())["tables"]["systemusers"]["integration"]
        mappings, jobs = await sides.mappings(), await sides.jobs()
        return {
            "page": {name: value for name, value in page.items() if name[0].isupper()},
            "solution": await sides.solution(),
            "roles": sorted(await sides.roles()),
            "marks": [users["invitestatuscode"], users["isintegrationuser"]],
            "orders": await sides.sales_orders(),
            "rows": [_named(row) for row in await sides.nav_rows()],
            "mappings": sorted(mappings),
            "jobs": sorted((key, job["Status"]) for key, job in jobs.items()),
        }

    async def writes(self, after: int) -> list[str]:
        """Each remote change since a call, as method and path without what differs each time."""
        calls = [*await self.stage.calls("dataverse"), *await self.stage.calls("bc")]
        return [
            _A_GUID.sub("…", f"{one['method']} {one['path'].partition('?')[0]}")
            for one in sorted(calls, key=_number)
            if one["method"] != "GET" and one["n"] > after and one["status"] in range(200, 300)
        ]

    async def last_call(self) -> int:
        """Its number."""
        calls = [*await self.stage.calls("dataverse"), *await self.stage.calls("bc")]
        return max(map(_number, calls), default=0)


_A_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _number(call: Json) -> int:
    return int(call["n"])


def _named(row: Json) -> Json:
    return {name: value for name, value in row.items() if name.startswith("nav_dynamics")}


@pytest.fixture(scope="module")
async def ground(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Ground]:
    """With a database in a file."""
    async with standing(tmp_path_factory.mktemp("killed-applying"), simulators, stage, {}) as one:
        yield one


def standing(
    folder: Path, simulators: Simulators, stage: Stage, settings: dict[str, str]
) -> "Standing":
    """A prepared bot with all its secrets and a package."""
    return Standing(folder, simulators, stage, settings)


class Standing:
    """Entered, it is a `Ground`."""

    def __init__(
        self, folder: Path, simulators: Simulators, stage: Stage, settings: dict[str, str]
    ) -> None:
        put_package(folder / "packages")
        more = {**settings, "D365BOT_SOLUTION_DIR": str(folder / "packages")}
        self._bot = BotProcess(folder / "bot", simulators.ready, settings=more)
        self._stage = stage
        self._around = AsyncExitStack()

    async def __aenter__(self) -> Ground:
        """Each apply edits its three copies dozens of times, and where Slack lets nobody edit any
        more, a card waits for a minute."""
        await self._around.enter_async_context(unlimited(self._stage))
        await self._around.enter_async_context(prepare(self._bot, self._stage))
        await give_password(self._stage.person("olga"), self._bot, NAME)
        return Ground(self._bot, self._stage)

    async def __aexit__(self, *why: Any) -> None:
        await self._around.__aexit__(*why)


def moments(request: pytest.FixtureRequest, writes: Sequence[str]) -> list[Any]:
    """Before and after each write; a sample of them unless the kill matrix was asked for."""
    found = [(when, number) for number in range(1, len(writes) + 1) for when in WHENS]
    if asked_for(request, "kill"):
        return found
    some = found[:: SAMPLE + 1]
    left = len(found) - len(some)
    leave_out(request, f"{left} of {len(found)} moments of a kill are left to -m kill")
    return some


def once(done: Counter[str]) -> dict[str, int]:
    """What must not happen twice: imports, assignments, new rows. A password that nobody can read
    is written once more."""
    return {write: number for write, number in done.items() if not write.startswith("PATCH")}


async def killed_at_each(
    ground: Ground,
    request: pytest.FixtureRequest,
    typed: str,
    begin: Callable[[], Awaitable[None]],
) -> None:
    """The story of every moment."""
    await begin()
    since = await ground.last_call()
    await ground.apply(typed, _again(ground.bot))
    wanted, writes = await ground.facts(), await ground.writes(since)
    assert writes
    for when, number in moments(request, writes):
        moment = f"{when} write {number}, {writes[number - 1]}"
        await begin()
        since = await ground.last_call()
        await killed(ground, typed, when, number)
        assert await ground.facts() == wanted, moment
        done = Counter(await ground.writes(since))
        assert set(done) == set(writes), moment
        assert once(done) == once(Counter(writes)), moment


async def killed(ground: Ground, typed: str, when: str, number: int) -> None:
    """Asked, approved, killed, started again, and done."""
    bot, stage = ground.bot, ground.stage
    program = ("tests.kill.dying_in_apply", when, str(number))
    dying = BotProcess(bot.folder, bot.ready, program, settings=bot.settings, port=bot.port)
    await dying.start()
    await stage.listen_to(dying)
    name = await ground.approve(typed)
    assert await dying.died() == -signal.SIGKILL
    living = _again(bot)
    await living.start()
    try:
        await card_says(stage.person("olga"), name, ": done")
        verified = await living.run("audit", "verify")
        assert verified.returncode == 0, verified.stderr
    finally:
        assert await living.stop() == 0


async def test_enabling_survives_a_kill_at_every_write(
    ground: Ground, request: pytest.FixtureRequest
) -> None:
    await killed_at_each(ground, request, ENABLE, ground.begin_anew)


async def test_disabling_survives_a_kill_at_every_write(
    ground: Ground, request: pytest.FixtureRequest
) -> None:
    await killed_at_each(ground, request, DISABLE, ground.enabled)
