"""Asking Slack for the address of a socket, and connecting to it as the bot calls Slack at all:
the same trust, and a proxy chosen by the host."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.slack_client import proxy_for
from bot.socket_line import LARGEST_FRAME
from bot.socket_mode import OpenSocket

OPEN_SECONDS = 20.0
CLOSE_SECONDS = 1.0


class WrongAddress(Exception):
    """Slack named an address that is none of a secure socket."""


def socket_opener(
    settings: Settings, client: AsyncWebClient, session: aiohttp.ClientSession
) -> OpenSocket:
    """`apps.connections.open`, then the WebSocket. Pings and pongs are left to the reader."""

    @asynccontextmanager
    async def open_socket() -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        token = settings.slack_app_token.get_secret_value()
        async with asyncio.timeout(OPEN_SECONDS):
            told = await client.apps_connections_open(app_token=token)
            address = _checked(str(told.get("url") or ""), settings.slack_api_url)
            websocket = await session.ws_connect(
                address,
                proxy=proxy_for(address.replace("ws", "http", 1), settings),
                autoping=False,
                max_msg_size=LARGEST_FRAME,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
            )
        try:
            yield websocket
        finally:
            await websocket.close()

    return open_socket


def _checked(address: str, api: str) -> str:
    """wss; ws only where Slack itself is called without TLS, which is on loopback."""
    parts = urlsplit(address)
    plain = parts.scheme == "ws" and urlsplit(api).scheme == "http"
    if not parts.hostname or not (plain or parts.scheme == "wss"):
        raise WrongAddress(f"an address with {parts.scheme[:10] or 'no scheme'}")
    return address
