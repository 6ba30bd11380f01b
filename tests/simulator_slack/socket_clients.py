"""Slack's own Socket Mode clients and Bolt, connected to the simulated Slack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulator_slack.playing import APP_TOKEN, BOT_TOKEN, House


class Listener:
    """Slack's client without Bolt; answers with the payload put in line, else with none."""

    def __init__(self, client: SocketModeClient) -> None:
        self.client = client
        self.received: list[SocketModeRequest] = []
        self.hellos: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.silent = False
        self.arrived = asyncio.Condition()
        client.socket_mode_request_listeners.append(self._hear)
        client.message_listeners.append(self._hear_message)

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.received.append(request)
        if not self.silent:
            payload = self.answers.pop(0) if self.answers else None
            response = SocketModeResponse(request.envelope_id, payload)
            await client.send_socket_mode_response(response)
        async with self.arrived:
            self.arrived.notify_all()

    async def _hear_message(
        self, client: AsyncBaseSocketModeClient, message: dict[str, Any], raw: str | None
    ) -> None:
        if message.get("type") in ("hello", "disconnect"):
            self.hellos.append(message)
            async with self.arrived:
                self.arrived.notify_all()

    async def has_received(self, number: int) -> None:
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: len(self.received) >= number)

    async def has_been_told(self, kind: str) -> dict[str, Any]:
        def told() -> list[dict[str, Any]]:
            return [each for each in self.hellos if each["type"] == kind]

        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(told)
        return told()[-1]


@asynccontextmanager
async def listening(house: House, number: int = 1) -> AsyncIterator[list[Listener]]:
    """So many connections of Slack's client that runs on aiohttp."""
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(number):
            client = SocketModeClient(APP_TOKEN, web_client=_web(house), ping_interval=1)
            stack.push_async_callback(client.close)
            found.append(Listener(client))
            await client.connect()  # type: ignore[no-untyped-call]
            await found[-1].has_been_told("hello")
        yield found


@asynccontextmanager
async def bolt(house: House, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, APP_TOKEN, web_client=_web(house), ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await connected(house, 1)
    yield handler
    await handler.close_async()  # type: ignore[no-untyped-call]


def app_of(house: House) -> AsyncApp:
    return AsyncApp(token=BOT_TOKEN, client=house.web)


async def connected(house: House, number: int) -> list[str]:
    """The ids of the open connections, as soon as there are so many."""
    sockets = house.site.app.sockets
    async with asyncio.timeout(5), sockets.changed:
        await sockets.changed.wait_for(lambda: len(sockets.open) == number)
    return [each.id for each in sockets.open]


async def replaced(house: House, before: list[str]) -> list[str]:
    """The ids of the open connections, once those before have gone and as many have come."""
    sockets = house.site.app.sockets

    def new() -> bool:
        ids = {each.id for each in sockets.open}
        return len(ids) == len(before) and not ids & set(before)

    async with asyncio.timeout(5), sockets.changed:
        await sockets.changed.wait_for(new)
    return [each.id for each in sockets.open]


def _web(house: House) -> AsyncWebClient:
    return AsyncWebClient(base_url=house.web.base_url)
