"""How messages look: with parts that fold, and the same without where Slack does not take them."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.bots import a_bot
from tests.reports import passed_in
from tests.setups import set_up
from tests.stage import Actor, BotProcess, Json, Simulators, Stage, words_of


@pytest.fixture
async def old_slack(bot: BotProcess, stage: Stage) -> AsyncIterator[None]:
    """A workspace that has no newer blocks yet, and a bot that was told nothing of it."""
    await stage.change({"slack": {"newer_blocks": False}})
    yield
    await stage.change({"slack": {"newer_blocks": True}})


@pytest.fixture(scope="module")
async def classic_bot(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot whose operator wants no newer blocks."""
    folder = tmp_path_factory.mktemp("classic")
    async with a_bot(simulators, stage, folder, key=True, D365BOT_CLASSIC_BLOCKS="true") as classic:
        yield classic


async def _report(actor: Actor, name: str) -> Json:
    await actor.types(f"/d365 test {name}")
    return await actor.sees(f"Test of {name}", final=lambda one: "Test of" in words_of(one))


async def _refused(stage: Stage) -> int:
    counters: dict[str, int] = (await stage.world())["slack"]["counters"]
    return counters.get("refused:invalid_blocks", 0)


def _kinds(message: Json) -> set[str]:
    return {str(block["type"]) for block in message["blocks"]}


async def test_what_passed_is_folded_and_what_failed_stands_open(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    await stage.scenario("wrong-secret")
    report = await _report(olga, name)
    folded = [block for block in report["blocks"] if block["type"] == "container"]
    assert all(block["default_collapsed"] for block in folded)
    assert any("passed" in block["title"]["text"] for block in folded)
    shown = [block for block in report["blocks"] if block["type"] != "container"]
    assert "*Sign-in* failed" in words_of({"blocks": shown})
    assert "skipped: because" not in words_of({"blocks": shown})


async def test_where_slack_refuses_newer_blocks_the_same_is_said_without_them(
    olga: Actor, bot: BotProcess, old_slack: None, stage: Stage
) -> None:
    name = await set_up(olga, bot)
    report = await _report(olga, name)
    assert _kinds(report) <= {"header", "context", "section", "divider", "actions"}
    assert "Sign-in" in passed_in(words_of(report))
    refused = await _refused(stage)
    assert refused
    await olga.types(f"/d365 history {name}")
    await olga.sees(f"History of {name}")
    assert await _refused(stage) == refused


async def test_an_operator_may_want_classic_blocks_alone(
    classic_bot: BotProcess, stage: Stage
) -> None:
    await stage.listen_to(classic_bot)
    olga = stage.person("olga")
    name = await set_up(olga, classic_bot)
    report = await _report(olga, name)
    assert _kinds(report) <= {"header", "context", "section", "divider", "actions"}
    assert "Sign-in" in passed_in(words_of(report))
