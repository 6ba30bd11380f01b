"""How often the bot may call: a bucket a method, refilled steadily; 429 with Retry-After beyond it.

Tiers: docs.slack.dev/apis/web-api/rate-limits.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from simulator.slack.refusals import rate_limited


@dataclass(frozen=True)
class Limit:
    calls: int
    seconds: float = 60.0
    per_channel: bool = False


TIER_1, TIER_2, TIER_3, TIER_4 = Limit(1), Limit(20), Limit(50), Limit(100)
LIMITS: dict[str, Limit] = {
    "apps.connections.open": TIER_3,
    "apps.uninstall": TIER_1,
    "auth.revoke": TIER_3,
    "auth.test": Limit(600),
    "bots.info": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": Limit(60, per_channel=True),
    "chat.update": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "team.info": TIER_3,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
# "several hundred a minute" is how Slack puts what a workspace takes of an app's messages
POSTING, WHOLE_WORKSPACE = "chat.postMessage", "chat.postMessage in the workspace"
LIMITS[WHOLE_WORKSPACE] = Limit(300)


class Limits:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._level: dict[tuple[str, str], tuple[float, float]] = {}
        self.table: dict[str, Limit] = dict(LIMITS)

    def spend(self, method: str, channel: str) -> None:
        if method == POSTING:
            self._spend(WHOLE_WORKSPACE, "")
        self._spend(method, channel)

    def _spend(self, method: str, channel: str) -> None:
        limit = self.table.get(method)
        if limit is None:
            return
        key = (method, channel if limit.per_channel else "")
        now, rate = self._clock(), limit.calls / limit.seconds
        left, since = self._level.get(key, (float(limit.calls), now))
        left = min(float(limit.calls), left + (now - since) * rate)
        if left < 1:
            self._level[key] = (left, now)
            raise rate_limited(max(1, math.ceil((1 - left) / rate)))
        self._level[key] = (left - 1, now)

    def change(self, method: str, limit: Limit | None) -> None:
        """None lifts the limit."""
        self._level = {key: level for key, level in self._level.items() if key[0] != method}
        if limit is None:
            self.table.pop(method, None)
        else:
            self.table[method] = limit
