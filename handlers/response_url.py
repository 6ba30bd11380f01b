"""Answers by response URL: five times within thirty minutes, without being in the channel.

Limits: docs.slack.dev/interactivity/handling-user-interaction (message responses).
"""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers.views.blocks import Message

log = logging.getLogger(__name__)

SECONDS = 10.0
USES = 5
LIFE_SECONDS = 1800.0
MOST = 10_000
"""So many are counted at the same time."""

_ADDRESS = re.compile(
    r"(https?)://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::([0-9]{1,5}))?(?:/[!-\[\]-~]*)?",
    re.IGNORECASE | re.ASCII,
)
_USUAL_PORTS = (("https", "443"), ("http", "80"))
_REFUSES_BLOCKS = "invalid_blocks"
_SLACKS_OWN = ("slack.com", "slack-gov.com")


@dataclass(slots=True)
class _Uses:
    since: float
    used: int = 0
    owed: set[str] = field(default_factory=set)
    """Messages that were shown by it while something ran: one use each is theirs."""


class ResponseUrls:
    """Posts to addresses that came in signed requests of Slack; sends no token, follows no
    redirect, and calls nothing but Slack's own hosts and the one of `slack_api_url`.

    Uses are counted in memory: after a restart a live message may take the last one, and what
    comes last is then a direct message, as it is whenever Slack takes a URL no more.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        proxy_for: Callable[[str], str | None],
        slack_api_url: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._proxy_for = proxy_for
        self._api = _origin(slack_api_url)
        self._monotonic = monotonic
        self._uses: dict[str, _Uses] = {}

    async def post(
        self, url: str, message: Message, response_type: str, showing: str, *, final: bool
    ) -> bool:
        """False if Slack does not take it any more, or a use has to be left for what comes last.
        Raises `SlackApiError` where Slack refuses the blocks.

        `showing` is the id of what is shown; not `final` while something runs.
        """
        if not self._allowed(url) or not self._take(url, showing, final=final):
            return False
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
                refused = answer.status == 400 and _REFUSES_BLOCKS in await answer.text()
                if not refused:
                    return answer.status == 200
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("a response URL did not answer", extra={"error": type(error).__name__})
            return False
        said = {"error": _REFUSES_BLOCKS}
        raise SlackApiError("a response URL refused blocks", said)  # type: ignore[no-untyped-call]

    def _allowed(self, url: str) -> bool:
        found = _origin(url)
        if found is not None and (found == self._api or _is_slacks(found)):
            return True
        log.warning("a response URL leads elsewhere than to Slack, and was not called")
        return False

    def _take(self, url: str, showing: str, *, final: bool) -> bool:
        now = self._monotonic()
        while self._uses:
            oldest = next(iter(self._uses))
            if now - self._uses[oldest].since <= LIFE_SECONDS and len(self._uses) <= MOST:
                break
            del self._uses[oldest]
        uses = self._uses.setdefault(url, _Uses(now))
        kept = len(uses.owed - {showing}) + (0 if final else 1)
        if uses.used + 1 + kept > USES:
            return False
        uses.used += 1
        if final:
            uses.owed.discard(showing)
        else:
            uses.owed.add(showing)
        return True


def _origin(address: str) -> tuple[str, str, str] | None:
    """Scheme, host and port. Only what everybody reads alike: no user, no other alphabet."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    scheme, host, port = found[1].lower(), found[2].lower(), found[3] or ""
    return scheme, host, "" if (scheme, port) in _USUAL_PORTS else port


def _is_slacks(origin: tuple[str, str, str]) -> bool:
    scheme, host, port = origin
    own = any(host == name or host.endswith(f".{name}") for name in _SLACKS_OWN)
    return own and scheme == "https" and not port
