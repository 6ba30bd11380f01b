"""Answers by response URL: five times within thirty minutes, without being in the channel."""

import logging
from collections.abc import Callable

import aiohttp

from handlers.views.blocks import Message

log = logging.getLogger(__name__)

SECONDS = 10.0


class ResponseUrls:
    """Posts to addresses that came in signed requests of Slack; sends no token."""

    def __init__(
        self, session: aiohttp.ClientSession, proxy_for: Callable[[str], str | None]
    ) -> None:
        self._session = session
        self._proxy_for = proxy_for

    async def post(self, url: str, message: Message, response_type: str) -> bool:
        """False if Slack does not take it any more."""
        body = {
            "response_type": response_type,
            "replace_original": False,
            "text": message.text,
            "blocks": message.as_dicts(),
        }
        try:
            async with self._session.post(
                url,
                json=body,
                proxy=self._proxy_for(url),
                timeout=aiohttp.ClientTimeout(total=SECONDS),
                allow_redirects=False,
            ) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("a response URL did not answer", extra={"error": type(error).__name__})
            return False
