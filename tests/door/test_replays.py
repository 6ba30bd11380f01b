"""The same signed request again: at once, side by side, later, changed, or for somebody else."""

import asyncio
import json
import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import closing

import httpx
import pytest

from tests.door.own_slack import OwnSlack
from tests.door.proof import stored
from tests.setups import new_name, save_setup
from tests.stage import Actor, BotProcess

AT_ONCE = 12


@pytest.fixture
async def slack(bot: BotProcess) -> AsyncIterator[OwnSlack]:
    slack = OwnSlack(bot.ready["signing_secret"])
    yield slack
    await slack._client.aclose()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        yield client


def _command(bot: BotProcess, trigger: str, text: str = "list", team: str = "") -> bytes:
    form = {
        "command": "/d365",
        "text": text,
        "team_id": team or bot.ready["team_id"],
        "user_id": bot.ready["people"]["olga"],
        "channel_id": bot.ready["channels"]["crm-admins"],
        "trigger_id": trigger,
    }
    return str(httpx.QueryParams(form)).encode()


def _press(bot: BotProcess, trigger: str, connection: str) -> bytes:
    payload = {
        "type": "block_actions",
        "team": {"id": bot.ready["team_id"]},
        "user": {"id": bot.ready["people"]["olga"], "team_id": bot.ready["team_id"]},
        "channel": {"id": bot.ready["channels"]["crm-admins"]},
        "trigger_id": trigger,
        "actions": [{"type": "button", "action_id": "names", "value": connection}],
    }
    return str(httpx.QueryParams({"payload": json.dumps(payload)})).encode()


def _new() -> str:
    return f"replayed.{uuid.uuid4()}"


def _connection(bot: BotProcess, name: str) -> str:
    with closing(sqlite3.connect(bot.data / "d365bot.sqlite")) as database:
        query = "SELECT id FROM connections WHERE name = ?"
        return str(database.execute(query, (name,)).fetchone()[0])


def _asks(bot: BotProcess, trigger: str) -> int:
    with closing(sqlite3.connect(bot.data / "d365bot.sqlite")) as database:
        query = "SELECT count(*) FROM inbox WHERE dedupe_key = ?"
        return int(database.execute(query, (trigger,)).fetchone()[0])


async def _send(
    client: httpx.AsyncClient, bot: BotProcess, body: bytes, headers: dict[str, str]
) -> int:
    answer = await client.post(f"{bot.address}/slack/events", content=body, headers=headers)
    return answer.status_code


async def _copies_are_one_ask(
    client: httpx.AsyncClient, bot: BotProcess, slack: OwnSlack, body: bytes, trigger: str
) -> None:
    headers = slack.signed(body)
    sent = await asyncio.gather(*(_send(client, bot, body, headers) for _ in range(AT_ONCE)))
    assert set(sent) == {200}
    assert _asks(bot, trigger) == 1


async def test_many_copies_of_a_command_at_once_are_one_ask(
    bot: BotProcess, olga: Actor, slack: OwnSlack, client: httpx.AsyncClient
) -> None:
    trigger = _new()
    await _copies_are_one_ask(client, bot, slack, _command(bot, trigger), trigger)


async def test_many_copies_of_a_press_at_once_are_one_ask(
    bot: BotProcess, olga: Actor, slack: OwnSlack, client: httpx.AsyncClient
) -> None:
    name, trigger = new_name(), _new()
    await save_setup(olga, name)
    body = _press(bot, trigger, _connection(bot, name))
    await _copies_are_one_ask(client, bot, slack, body, trigger)


async def test_a_copy_after_the_answer_does_nothing(
    bot: BotProcess, olga: Actor, slack: OwnSlack, client: httpx.AsyncClient
) -> None:
    trigger = _new()
    body = _command(bot, trigger, "help")
    headers = slack.signed(body)
    await olga.types("/d365 help")
    await olga.sees("/d365 list")
    assert await _send(client, bot, body, headers) == 200
    before = stored(bot).rows
    assert await _send(client, bot, body, headers) == 200
    assert stored(bot).rows["inbox"] == before["inbox"]
    assert _asks(bot, trigger) == 1


async def test_the_same_trigger_with_other_words_is_the_first_ask_alone(
    bot: BotProcess, olga: Actor, slack: OwnSlack, client: httpx.AsyncClient
) -> None:
    trigger = _new()
    for text in ("list", "help", "audit"):
        body = _command(bot, trigger, text)
        assert await _send(client, bot, body, slack.signed(body)) == 200
    assert _asks(bot, trigger) == 1


@pytest.mark.parametrize("change", ["text", "user", "team", "order", "blank"])
async def test_a_signature_is_of_no_other_body(
    change: str, bot: BotProcess, olga: Actor, slack: OwnSlack, client: httpx.AsyncClient
) -> None:
    trigger = _new()
    body = _command(bot, trigger)
    headers = slack.signed(body)
    person = bot.ready["people"]
    forged = {
        "text": body.replace(b"text=list", b"text=help"),
        "user": body.replace(person["olga"].encode(), person["ada"].encode()),
        "team": body.replace(bot.ready["team_id"].encode(), b"T0ELSEWHERE1"),
        "order": b"&".join(reversed(body.split(b"&"))),
        "blank": body + b"\n",
    }[change]
    assert forged != body
    assert await _send(client, bot, forged, headers) == 401
    assert _asks(bot, trigger) == 0


async def test_a_signature_of_another_app_opens_nothing(
    bot: BotProcess, olga: Actor, client: httpx.AsyncClient
) -> None:
    other = OwnSlack("the signing secret of another app")
    trigger = _new()
    body = _command(bot, trigger)
    assert await _send(client, bot, body, other.signed(body)) == 401
    assert _asks(bot, trigger) == 0
    await other._client.aclose()


async def test_a_trigger_that_was_used_elsewhere_keeps_nobody_out(
    bot: BotProcess, olga: Actor, slack: OwnSlack, client: httpx.AsyncClient
) -> None:
    """Whoever is refused in another workspace uses up nothing of this one."""
    trigger = _new()
    theirs = _command(bot, trigger, team="T0ELSEWHERE1")
    assert await _send(client, bot, theirs, slack.signed(theirs)) == 200
    assert _asks(bot, trigger) == 0
    own = _command(bot, trigger)
    assert await _send(client, bot, own, slack.signed(own)) == 200
    assert _asks(bot, trigger) == 1
