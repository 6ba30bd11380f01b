"""A running bot, as the web server needs it."""

import logging
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

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
        door: Door | None,
        ledger: Ledger,
        metrics: Metrics,
        slack: SlackWatch,
        messenger: Callable[[], str],
        form: SecretForm,
        sockets: Callable[[], str] | None = None,
    ) -> None:
        self._door = door
        self._ledger = ledger
        self._metrics = metrics
        self._messenger = messenger
        self._slack = slack
        self._form = form
        self._sockets = sockets

    async def knock(self, request: Request) -> Response:
        """Slack is at the door. With Socket Mode there is none: Slack never comes this way."""
        if self._door is None:
            return PlainTextResponse("this bot is reached over Socket Mode only", 404)
        with self._metrics.request():
            return await self._door.knock(request)

    async def secret_form(self, request: Request) -> Response:
        """Somebody follows a one-time link."""
        return await self._form.answer(request)

    async def ready(self) -> Mapping[str, str]:
        """The database answers a read; the engine was launched before anybody could ask."""
        database = "ok"
        try:
            await self._ledger.read(lambda reading: reading.audit_head())
        except Exception:
            log.exception("the database does not answer")
            database = "does not answer"
        parts = {"database": database, "engine": "ok", "messenger": self._messenger()}
        if self._sockets is not None:
            parts["socket"] = self._sockets()
        return {**parts, "slack": self._slack.state}
