"""The simulated Slack as one site: routes to mount, facts to read, a patch to change them."""

import time
from collections.abc import Callable, Mapping

from starlette.routing import BaseRoute, Route, WebSocketRoute

from simulator.slack import facts
from simulator.slack.delivery import Delivery
from simulator.slack.driver import Driver
from simulator.slack.hooks import Hooks
from simulator.slack.people import Channel, Person
from simulator.slack.socket_line import PATH, SocketLine
from simulator.slack.state import App, Record, State
from simulator.slack.uploading import Uploading
from simulator.slack.web_api import WebApi
from simulator.slack.workspace import Identity, Workspace


class SlackSite:
    """Set `base_url` once the address is known; response URLs begin with it."""

    def __init__(
        self,
        *,
        record: Record,
        signing_secret: str,
        bot_token: str,
        app_token: str,
        team_id: str,
        people: Mapping[str, Person],
        channels: Mapping[str, Channel],
        events_url: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        identity = Identity(team_id, signing_secret, bot_token, app_token)
        self.app = App(record, events_url, clock)
        self._state = State(Workspace(identity, people, channels), self.app)
        self._delivery = Delivery(self._state)

    @property
    def base_url(self) -> str:
        return self.app.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.app.base_url = url.rstrip("/")

    def routes(self) -> list[BaseRoute]:
        web_api, hooks = WebApi(self._state), Hooks(self._state)
        line = SocketLine(self.app, self._state.workspace.identity.app_id)
        return [
            Route("/api/{method}", web_api.answer, methods=["GET", "POST"]),
            Route("/_hooks/upload/{key}", Uploading(self._state).answer, methods=["POST"]),
            Route("/_hooks/response/{key}", hooks.answer, methods=["POST"]),
            WebSocketRoute(PATH, line.serve),
            *Driver(self._state, self._delivery, line).routes(),
        ]

    def facts(self) -> dict[str, object]:
        return facts.shown(self._state)

    def patch(self, change: Mapping[str, object]) -> None:
        """A JSON merge patch of `facts()`; ValueError for what is not a changeable fact."""
        facts.changed(self._state, change)

    async def aclose(self) -> None:
        await self.app.news.close()
        await self._delivery.close()
