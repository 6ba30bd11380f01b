"""Whether Slack answers the bot: asked at start, and every minute until it does.

The bot starts and does its other work while Slack is away, so this keeps nothing from starting.
"""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
PATIENCE_SECONDS = 20.0

_OF_THE_TOKEN = frozenset(
    "account_inactive invalid_auth not_authed token_expired token_revoked".split()
)
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientProxyConnectionError, "the proxy cannot be reached"),
    (aiohttp.ClientHttpProxyError, "the proxy refused the call"),
    (aiohttp.ClientConnectorCertificateError, "its certificate is not trusted"),
    (aiohttp.ClientSSLError, "no secure connection could be made"),
    (ssl.SSLError, "no secure connection could be made"),
    (aiohttp.ClientConnectorDNSError, "its name is not known"),
    (TimeoutError, "it did not answer in time"),
    (aiohttp.ClientConnectionError, "it cannot be reached"),
    (OSError, "it cannot be reached"),
    (aiohttp.ClientError, "its answer cannot be read"),
    (SlackClientError, "its answer cannot be read"),
    (ValueError, "its answer cannot be read"),
)


class SlackWatch:
    """`state` is `ok`, or in a few words why Slack cannot be used."""

    def __init__(
        self,
        client: AsyncWebClient,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.state = "not asked yet"
        self._client = client
        self._pause = pause
        self._asking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """In the background."""
        self._asking = asyncio.create_task(self.ask_until_it_answers())

    async def stop(self) -> None:
        """Leave it unanswered."""
        if self._asking is not None:
            self._asking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._asking

    async def ask_until_it_answers(self) -> None:
        """One line in the log for each new reason, and one when it works."""
        address = {"address": self._client.base_url}
        while True:
            before, self.state = self.state, await self._ask()
            if self.state == "ok":
                log.info("Slack answers", extra=address)
                return
            if self.state != before:
                reason = {**address, "reason": self.state}
                log.warning("Slack cannot be used; asked again every minute", extra=reason)
            await self._pause(EVERY_SECONDS)

    async def _ask(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._client.auth_test()
        except Exception as error:  # noqa: BLE001 - the watch outlives whatever comes
            return _reason(error)
        return "ok"


def _reason(error: Exception) -> str:
    said = _error_code(error)
    if said in _OF_THE_TOKEN:
        return f"it refuses SLACK_BOT_TOKEN ({said})"
    if said:
        return f"it refuses ({said})"
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return f"a bug: {type(error).__name__}"


def _error_code(error: Exception) -> str:
    """Slack's own word, such as `invalid_auth`; '' if there was no answer of Slack's."""
    data = getattr(getattr(error, "response", None), "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code[:60] if isinstance(code, str) else ""
