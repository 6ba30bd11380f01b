"""Bolt's AsyncApp: which payload goes to which handler, and an answer to what nobody expects.

Bolt turns an exception after an ack into a 404 and waits three seconds for an ack that never
comes, so every listener here acks as its last act and nothing is left without a listener.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from handlers.entrance import Entrance
from handlers.ids import COMMAND
from handlers.modals import Modals

_ANY = re.compile(".*", re.DOTALL)


def _errors_only() -> logging.Logger:
    """Bolt warns of SLACK_BOT_TOKEN, which it looks for in the environment and then ignores."""
    logger = logging.getLogger("slack_bolt.errors")
    logger.setLevel(logging.ERROR)
    return logger


def slack_app(bot_token: str, entrance: Entrance, modals: Modals) -> AsyncApp:
    """Signatures are checked before Bolt, at the door; authorising costs no call."""

    async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=context.enterprise_id, team_id=context.team_id, bot_token=bot_token
        )

    app = AsyncApp(authorize=authorize, request_verification_enabled=False, logger=_errors_only())

    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await entrance.command(ack, body)

    async def on_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await entrance.button(ack, body)

    async def on_view(ack: AsyncAck, body: dict[str, Any]) -> None:
        await modals.submitted(ack, body)

    async def on_options(ack: AsyncAck) -> None:
        await ack(options=[])

    async def on_anything(ack: AsyncAck) -> None:
        await ack()

    app.middleware(_events_first(entrance))
    app.command(COMMAND)(on_command)
    app.command(_ANY)(on_command)
    app.action({"type": "block_actions", "action_id": _ANY})(on_button)
    app.view(_ANY)(on_view)
    app.view_closed(_ANY)(on_anything)
    app.options(_ANY)(on_options)
    app.shortcut(_ANY)(on_anything)
    return app


def _events_first(entrance: Entrance) -> Callable[..., Awaitable[BoltResponse]]:
    """Bolt acknowledges an event before its listener runs, which may then fail unseen; here the
    ack comes last, and Slack tells again what failed."""

    async def on_news(
        body: dict[str, Any],
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's
    ) -> BoltResponse:
        if body.get("type") != "event_callback":
            return await next()
        await entrance.event(body)
        return BoltResponse(status=200)

    return on_news
