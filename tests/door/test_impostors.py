"""What somebody inside Slack tries with other people's forms, buttons and roles."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests.door.impostors import IMPOSTORS, Impostor, Loot
from tests.door.own_slack import OwnSlack
from tests.door.proof import REFUSALS, Eyes, pings, stored, told_since
from tests.journeys.bots import a_bot
from tests.setups import save_setup
from tests.stage import PATIENCE, BotProcess, Simulators, Stage, words_of

NAME = "adventure-robbed"
PUBLIC = "https://bot.example.com"


@pytest.fixture(scope="module")
async def robbed(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot where olga has a form, a link for a secret and a sign-in open, and a role waits."""
    folder = tmp_path_factory.mktemp("robbed")
    async with a_bot(simulators, stage, folder, key=True, D365BOT_PUBLIC_URL=PUBLIC) as bot:
        ada, olga = stage.person("ada"), stage.person("olga")
        await save_setup(olga, NAME)
        await olga.types(f"/d365 secret {NAME} bot_client_secret")
        await olga.sees(f"{PUBLIC}/secret/")
        await olga.types(f"/d365 sign-in {NAME}")
        await olga.sees("enter the code")
        await olga.types(f"/d365 setup {NAME}")
        await olga.sees_form()
        await ada.types("/d365 access add @paul admin")
        await ada.sees("now has the role admin")
        await ada.types("/d365 access add @sam approver")
        await ada.sees("Another admin decides")
        yield bot


@pytest.fixture
async def slack(robbed: BotProcess, stage: Stage) -> AsyncIterator[OwnSlack]:
    await stage.listen_to(robbed)
    slack = OwnSlack(robbed.ready["signing_secret"])
    yield slack
    await slack._client.aclose()


@pytest.mark.parametrize("attack", IMPOSTORS, ids=lambda attack: attack.name)
async def test_an_impostor_gets_nothing(
    attack: Impostor, robbed: BotProcess, slack: OwnSlack, stage: Stage
) -> None:
    loot = Loot.found(robbed)
    eyes = Eyes(stage)
    await eyes.new()
    before = stored(robbed)
    answer = await slack.send(f"{robbed.address}/slack/events", dict(attack.sends(loot)))
    assert answer.status_code == 200, answer.text
    said = json.dumps(answer.json(), ensure_ascii=False) if answer.text else ""
    if attack.says and not any(one in said for one in attack.says):
        said = await _told_later(stage, attack)
    assert "more than I can take" not in said
    after = stored(robbed)
    assert _settled(after.rows) == _settled(before.rows)
    assert told_since(robbed, before) <= REFUSALS
    assert [ping for message in await eyes.new() for ping in pings(message)] == []
    vera = stage.person("vera")
    await vera.types(f"/d365 status {NAME}")
    await vera.sees(f"{NAME}: ")


def _settled(rows: object) -> dict[str, int]:
    """But for asks that were accepted unsettled, and refused by their job."""
    assert isinstance(rows, dict)
    return {name: number for name, number in rows.items() if name not in ("inbox", "outbox")}


async def _told_later(stage: Stage, attack: Impostor) -> str:
    """In a message to somebody of the workspace; whoever is not there cannot be told."""
    eyes = Eyes(stage)
    async with asyncio.timeout(PATIENCE):
        while True:
            for message in await eyes.new():
                words = words_of(message)
                if any(one in words for one in attack.says):
                    return words


def test_there_are_enough_of_them_and_each_has_a_name() -> None:
    assert len({attack.name for attack in IMPOSTORS}) == len(IMPOSTORS) >= 60
