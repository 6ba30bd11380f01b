"""Trigger ids: good for three seconds and for one view.

Rules: docs.slack.dev/interactivity/handling-user-interaction, errors of views.open.
"""

import secrets
from collections.abc import Callable

from simulator.slack.refusals import Refusal

TRIGGER_SECONDS = 3.0


class Triggers:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._issued: dict[str, tuple[str, float]] = {}
        self._spent: set[str] = set()

    def issue(self, user_id: str) -> str:
        trigger_id = (
            f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        )
        self._issued[trigger_id] = (user_id, self._clock())
        return trigger_id

    def knows(self, trigger_id: str) -> bool:
        return trigger_id in self._issued

    def spend(self, trigger_id: str) -> str:
        """The user it was issued for; refuses an unknown, a late or a used one."""
        if trigger_id not in self._issued:
            raise Refusal("invalid_trigger_id")
        if trigger_id in self._spent:
            raise Refusal("exchanged_trigger_id")
        user_id, issued = self._issued[trigger_id]
        if self._clock() - issued > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        self._spent.add(trigger_id)
        return user_id
