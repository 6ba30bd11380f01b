"""The Slack client: one HTTP session, and a proxy chosen by the host of SLACK_API_URL.

slack_sdk takes HTTPS_PROXY from the environment and knows no NO_PROXY, so neither is left to it.
"""

import ssl
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined] # undocumented

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings


def proxy_for(address: str, settings: Settings) -> str | None:
    """None for plain http, without a proxy, and for hosts in NO_PROXY."""
    host = urlsplit(address)
    if host.scheme != "https" or not settings.https_proxy:
        return None
    if proxy_bypass_environment(host.netloc, {"no": settings.no_proxy}):
        return None
    return settings.https_proxy


def slack_session(settings: Settings) -> aiohttp.ClientSession:
    """For the Web API and for response URLs: both trust the same authorities."""
    trust = ssl.create_default_context()
    if settings.d365bot_ca_file:
        trust.load_verify_locations(settings.d365bot_ca_file)
    return aiohttp.ClientSession(trust_env=False, connector=aiohttp.TCPConnector(ssl=trust))


def slack_client(settings: Settings, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Calls are tried again after a broken connection only; the outbox tries the rest again."""
    client = AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url.rstrip("/") + "/",
        session=session,
        trust_env_in_session=False,
        retry_handlers=[AsyncConnectionErrorRetryHandler(max_retry_count=1)],
    )
    client.proxy = proxy_for(settings.slack_api_url, settings)
    return client
