"""Slack as a part of the whole simulation: its address, its clock, its end."""

from contextlib import AsyncExitStack

import aiohttp
import httpx
from slack_sdk.web.async_client import AsyncWebClient

from simulator.simulation import Simulation
from tests.simulator_slack.playing import modal
from tests.simulator_slack.shapes import section


async def test_the_whole_simulation_stops_at_once_though_a_line_is_open() -> None:
    async with AsyncExitStack() as clients:
        async with Simulation(seed=1) as simulation:
            simulation.slack.patch({"socket_mode": True})
            ready = simulation.ready
            web = AsyncWebClient(base_url=ready["slack_api_url"])
            url = (await web.apps_connections_open(app_token=ready["app_token"]))["url"]
            session = await clients.enter_async_context(aiohttp.ClientSession())
            line = await session.ws_connect(str(url))
            assert (await line.receive_json())["type"] == "hello"
        assert (await line.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


async def test_the_clock_of_the_world_is_slacks_clock() -> None:
    async with Simulation(seed=1) as simulation:
        ready = simulation.ready
        headers = {"Authorization": f"Bearer {ready['bot_token']}"}
        async with httpx.AsyncClient(base_url=ready["control_url"], headers=headers) as http:
            typed = {"person": "olga", "channel": "dm", "text": "/d365 setup"}
            said = (await http.post("/_slack/command", json=typed)).json()
            asked = {"trigger_id": said["trigger_id"], "view": modal(section())}
            await http.post("/_world/clock", json={"advance": 4})
            late = (await http.post("/api/views.open", json=asked)).json()
            assert late["error"] == "expired_trigger_id"
