"""Which workspaces get classic blocks: all of them by a setting, or those that refused newer ones.

Slack tells no app which blocks a workspace takes, and takes new ones up step by step.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from slack_sdk.errors import SlackApiError

from handlers.refusals import refuses_blocks, word_of
from handlers.views.blocks import Message

log = logging.getLogger(__name__)

REMEMBERED_SECONDS = 6 * 3600.0

T = TypeVar("T")


class ClassicLooks:
    """In memory: after a restart the next message with a newer block is refused once more."""

    def __init__(
        self, *, always: bool = False, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._monotonic = monotonic
        self._always = always
        self._since: dict[str, float] = {}

    async def sent(
        self, workspace: str, message: Message, send: Callable[[Message], Awaitable[T]]
    ) -> T:
        """With newer blocks where the workspace takes them, else without."""
        if not message.has_newer:
            return await send(message)
        if self._wanted(workspace):
            return await send(message.in_classic())
        try:
            return await send(message)
        except SlackApiError as error:
            if not refuses_blocks(error):
                raise
            log.info("Slack refused newer blocks", extra={"error": word_of(error)})
        answer = await send(message.in_classic())
        self._since[workspace] = self._monotonic()
        return answer

    def _wanted(self, workspace: str) -> bool:
        since = self._since.get(workspace)
        fresh = since is not None and self._monotonic() - since < REMEMBERED_SECONDS
        return self._always or fresh
