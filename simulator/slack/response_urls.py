"""Response URLs: five uses within thirty minutes, to answer where the person acted.

Rules: docs.slack.dev/interactivity/handling-user-interaction (message responses).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from simulator.slack.messages import Message
from simulator.slack.people import Channel
from simulator.slack.refusals import Refusal

USES = 5
SECONDS = 30 * 60.0


@dataclass
class ResponseUrl:
    user_id: str
    channel: Channel
    issued: float
    original: Message | None = None
    uses: int = 0


class ResponseUrls:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, user_id: str, channel: Channel, original: Message | None = None) -> str:
        """The path below the site's address."""
        key = secrets.token_urlsafe(18)
        self._issued[key] = ResponseUrl(user_id, channel, self._clock(), original)
        return f"/_hooks/response/{key}"

    def knows(self, key: str) -> bool:
        return key in self._issued

    def find(self, key: str) -> ResponseUrl:
        found = self._issued.get(key)
        if found is None:
            raise Refusal("no_service", status=404)
        if found.uses >= USES:
            raise Refusal("used_url", status=404)
        if self._clock() - found.issued > SECONDS:
            raise Refusal("expired_url", status=404)
        return found
