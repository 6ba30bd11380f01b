"""The one-time form as a browser would use it, in front of a bot without a proxy."""

import re
from dataclasses import dataclass, field
from html import unescape

import httpx

from tests.stage import BotProcess, Json, words_of

PUBLIC = "https://bot.example.com"
HTTPS = {"X-Forwarded-Proto": "https"}
FROM_THE_PAGE = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}


def link_in(message: Json) -> str:
    """The path of the link that somebody sees."""
    found = re.search(rf"{re.escape(PUBLIC)}(/secret/[\w-]+)", words_of(message))
    assert found, words_of(message)
    return found[1]


@dataclass
class Browser:
    """Somebody with a link."""

    bot: BotProcess
    headers: dict[str, str] = field(default_factory=lambda: dict(HTTPS))

    async def opens(self, path: str, method: str = "GET") -> httpx.Response:
        """Looks at the page."""
        async with self._client() as client:
            return await client.request(method, path, headers=self.headers)

    async def gives(self, path: str, value: str, **more: str) -> httpx.Response:
        """Opens the page, fills it in, and sends it."""
        page = await self.opens(path)
        return await self.sends(path, {**hidden_in(page.text), "value": value, **more})

    async def sends(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """Sends a form as it is."""
        async with self._client() as client:
            sent = {**self.headers, **FROM_THE_PAGE, **headers}
            return await client.post(path, data=fields, headers=sent)

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.bot.address, trust_env=False)


def hidden_in(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def words_in(page: httpx.Response) -> str:
    """What a person reads."""
    return unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.text))
