"""One server for the simulated Slack and one for the tiny bot; a fresh site for each test."""

import random
from collections.abc import AsyncIterator

import aiohttp
import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from simulator.slack import SlackSite
from simulator.slack.people import default_channels, default_people
from tests.simulator_slack.playing import (
    APP_TOKEN,
    BOT_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    SECRET,
    TEAM,
    Clock,
    House,
    Switch,
    TinyBot,
    served,
)


@pytest.fixture(scope="session")
async def slack_server() -> AsyncIterator[tuple[Switch, str]]:
    switch = Switch()
    async with served(switch) as url:
        yield switch, url


@pytest.fixture(scope="session")
async def bot_server() -> AsyncIterator[tuple[Switch, str]]:
    switch = Switch()
    async with served(switch) as url:
        yield switch, url


@pytest.fixture
async def house(
    slack_server: tuple[Switch, str], bot_server: tuple[Switch, str]
) -> AsyncIterator[House]:
    (slack, slack_url), (bot_switch, bot_url) = slack_server, bot_server
    bot, clock, rng = TinyBot(), Clock(), random.Random(7)
    bot_switch.app = bot
    people = default_people(rng)
    calls: list[tuple[str, str, str, int, bytes]] = []
    site = SlackSite(
        record=lambda *call: calls.append(call),
        signing_secret=SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        team_id=TEAM,
        people=people,
        channels=default_channels(rng, people),
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        events_url=f"{bot_url}/slack/events",
        clock=clock,
    )
    site.base_url = slack_url
    slack.app = Starlette(routes=site.routes())
    async with aiohttp.ClientSession() as session:
        http = httpx.AsyncClient(base_url=slack_url, verify=False)  # noqa: S501
        web = AsyncWebClient(BOT_TOKEN, base_url=f"{slack_url}/api/", session=session)
        yield House(site, bot, clock, web, http, calls)
        await http.aclose()
    await site.aclose()
