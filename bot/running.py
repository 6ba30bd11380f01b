"""A running bot, as the web server needs it."""

import logging
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from bot.door import Door
from bot.metrics import Metrics
from bot.secret_form import SecretForm
from bot.slack_watch import SlackWatch
from connection.ports import Ledger

log = logging.getLogger(__name__)


class Bot:
    """Slack's door, and whether the bot can do its work."""

    def __init__(
        self,
        door: Door,
        ledger: Ledger,
        metrics: Metrics,
        slack: SlackWatch,
        messenger: Callable[[], str],
        form: SecretForm,
    ) -> None:
        self._door = door
        self._ledger = ledger
        self._metrics = metrics
        self._messenger = messenger
        self._slack = slack
        self._form = form

    async def knock(self, request: Request) -> Response:
        """Slack is at the door."""
        with self._metrics.request():
            return await self._door.knock(request)

    async def secret_form(self, request: Request) -> Response:
        """Somebody follows a one-time link."""
        return await self._form.answer(request)

    async def ready(self) -> Mapping[str, str]:
        """The database answers a read; the engine was launched before anybody could ask."""
        try:
            await self._ledger.read(lambda reading: reading.audit_head())
        except Exception:
            log.exception("the database does not answer")
            return {
                "database": "does not answer",
                "engine": "ok",
                "messenger": self._messenger(),
                "slack": self._slack.state,
            }
        return {
            "database": "ok",
            "engine": "ok",
            "messenger": self._messenger(),
            "slack": self._slack.state,
        }
