"""One person floods the door: they are told, others are answered, and little is stored of it."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing

import httpx
import pytest

from handlers.fair_share import BURST, TELL_EVERY
from tests.door.own_slack import TEAM, Json, OwnSlack
from tests.stage import PATIENCE, BotProcess, Simulators

SECRET = "a signing secret of nobody"
OTHER = "U0OTHER"
TOO_MUCH = "You sent more than I can take at once. Nothing of this was stored."


@pytest.fixture
async def slack() -> AsyncIterator[OwnSlack]:
    slack = await OwnSlack(SECRET).start()
    slack._client.timeout = httpx.Timeout(PATIENCE)  # a flood is slow on a busy machine
    yield slack
    await slack.aclose()


@pytest.fixture
async def own_bot(
    slack: OwnSlack,
    simulators: Simulators,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[BotProcess]:
    bot = BotProcess(
        tmp_path_factory.mktemp("flooded"),
        simulators.ready,
        settings={
            "SLACK_API_URL": slack.api_url,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_BOT_TOKEN": "xoxb-of-nobody",
            "D365BOT_ADMINS": OTHER,
        },
    )
    await bot.start()
    yield bot
    assert await bot.stop() == 0


def _events(bot: BotProcess) -> str:
    return f"{bot.address}/slack/events"


def _command(user: str, number: int) -> dict[str, str]:
    return {
        "team_id": TEAM,
        "channel_id": f"C{user}",
        "user_id": user,
        "command": "/d365",
        "text": "help",
        "trigger_id": f"{user}.{number}",
    }


def _button(user: str, number: int) -> Json:
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "channel": {"id": f"C{user}"},
        "trigger_id": f"{user}.{number}",
        "actions": [{"type": "button", "action_id": "test", "block_id": "b", "value": "none"}],
    }


def _form(user: str) -> Json:
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "trigger_id": "form",
        "view": {
            "type": "modal",
            "callback_id": "setup",
            "private_metadata": "no draft",
            "blocks": [{"type": "input", "block_id": "name"}],
            "state": {"values": {"name": {"value": {"type": "plain_text_input", "value": "x"}}}},
        },
    }


def _asked_by(bot: BotProcess, user: str) -> list[str]:
    with closing(sqlite3.connect(bot.data / "d365bot.sqlite")) as database:
        found = database.execute("select act from inbox where user_id = ?", (user,))
        return [act for (act,) in found]


async def _limited(bot: BotProcess) -> list[Json]:
    exported = await bot.run("audit", "export", "--format", "jsonl")
    rows = [json.loads(line) for line in exported.stdout.splitlines()]
    return [row for row in rows if row["tag"] == "command:limited"]


async def test_a_flood_of_commands_is_told_to_its_sender_and_others_are_answered(
    slack: OwnSlack, own_bot: BotProcess
) -> None:
    flood = [slack.send(_events(own_bot), _command("U0FLOOD", n)) for n in range(4 * BURST)]
    *flooded, other = await asyncio.gather(*flood, slack.send(_events(own_bot), _command(OTHER, 1)))
    refused = [answer.json() for answer in flooded if answer.text]
    assert all(answer.status_code == 200 for answer in flooded)
    assert all(TOO_MUCH in one["text"] and "then try again" in one["text"] for one in refused)
    assert all(one["response_type"] == "ephemeral" for one in refused)
    assert len(flooded) - len(refused) == len(_asked_by(own_bot, "U0FLOOD"))
    assert refused
    assert not other.text
    await slack.call("chat.postEphemeral", lambda said: said["user"] == OTHER)
    (row,) = await _limited(own_bot)
    assert row["actor"] == f"{TEAM}/U0FLOOD"
    assert row["details"] == {"with": "commands"}


async def test_a_flood_of_presses_is_told_once_and_keeps_no_form_out(
    slack: OwnSlack, own_bot: BotProcess
) -> None:
    began = time.monotonic()
    presses = [
        slack.interact(_events(own_bot), _button(OTHER, number)) for number in range(4 * BURST)
    ]
    answers: list[httpx.Response] = list(await asyncio.gather(*presses))
    assert {answer.status_code for answer in answers} == {200}
    await slack.call("chat.postEphemeral", lambda said: TOO_MUCH in said["text"])
    told = [said for _, said in slack.calls if TOO_MUCH in str(said.get("text"))]
    assert len(told) <= 1 + (time.monotonic() - began) / TELL_EVERY
    assert len(await _limited(own_bot)) == 1
    form = (await slack.interact(_events(own_bot), _form(OTHER))).json()
    assert TOO_MUCH not in json.dumps(form)


async def test_a_flood_of_forms_stands_at_the_first_field(
    slack: OwnSlack, own_bot: BotProcess
) -> None:
    flood = [slack.interact(_events(own_bot), _form(OTHER)) for _ in range(4 * BURST)]
    replies = [answer.json() for answer in await asyncio.gather(*flood)]
    assert all(reply["response_action"] == "errors" for reply in replies)
    said = [reply["errors"]["name"] for reply in replies]
    assert any(TOO_MUCH in one for one in said)
    assert not (await slack.send(_events(own_bot), _command(OTHER, 1))).text


async def test_a_flood_that_slack_did_not_sign_is_not_logged_line_by_line(
    own_bot: BotProcess,
) -> None:
    before = own_bot.log.stat().st_size
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        flood = [client.post(_events(own_bot), content=b"text=list") for _ in range(200)]
        assert {answer.status_code for answer in await asyncio.gather(*flood)} == {401}
    assert own_bot.log.stat().st_size == before
    assert _asked_by(own_bot, "") == []
