"""The simulated Slack as one site: routes to mount, facts to read, a patch to change them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from starlette.routing import BaseRoute, Route, WebSocketRoute

from simulator.clock import Clock
from simulator.slack import facts
from simulator.slack.authorizing import PATH as AUTHORIZE
from simulator.slack.authorizing import Authorizing
from simulator.slack.delivery import Delivery
from simulator.slack.driver import Driver
from simulator.slack.grants import Grant
from simulator.slack.hooks import Hooks
from simulator.slack.neighbours import FIRST, other_workspaces
from simulator.slack.people import Channel, Person
from simulator.slack.scopes import APP_LEVEL_SCOPE
from simulator.slack.scopes import FIRST as FIRST_SCOPES
from simulator.slack.socket_line import PATH, SocketLine
from simulator.slack.state import App, Record, State
from simulator.slack.undoing import all_or_nothing
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
        client_id: str = "",
        client_secret: str = "",
        clock: Clock | None = None,
    ) -> None:
        identity = Identity(
            team_id,
            signing_secret,
            bot_token,
            app_token,
            client_id=client_id,
            client_secret=client_secret,
        )
        self.app = App(record, events_url, clock or Clock())
        first = Workspace(identity, people, channels)
        for name, space in {FIRST: first, **other_workspaces(identity)}.items():
            self.app.states[name] = State(name, space, self.app)
        self.app.grants.add(Grant(bot_token, (FIRST,), FIRST_SCOPES))
        self.app.grants.add(Grant(app_token, (), frozenset({APP_LEVEL_SCOPE})))
        self._delivery = Delivery(self.app)

    @property
    def base_url(self) -> str:
        return self.app.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.app.base_url = url.rstrip("/")

    def routes(self) -> list[BaseRoute]:
        web_api, hooks = WebApi(self.app, self._delivery), Hooks(self.app)
        line = SocketLine(self.app, self.app.first.workspace.identity.app_id)
        authorizing = Authorizing(self.app)
        return [
            Route("/api/{method}", web_api.answer, methods=["GET", "POST"]),
            Route("/_hooks/upload/{key}", Uploading(self.app).answer, methods=["POST"]),
            Route("/_hooks/response/{key}", hooks.answer, methods=["POST"]),
            Route(AUTHORIZE, authorizing.page, methods=["GET", "POST"]),
            WebSocketRoute(PATH, line.serve),
            *Driver(self.app, self._delivery, line, authorizing).routes(),
        ]

    def facts(self) -> dict[str, object]:
        return facts.shown(self.app)

    def patch(self, change: Mapping[str, object]) -> None:
        """A JSON merge patch of `facts()`; ValueError for what is not a changeable fact."""
        with self.patching(change):
            pass

    @contextmanager
    def patching(self, change: object) -> Iterator[None]:
        """The same, taken back when what is done meanwhile fails."""
        with all_or_nothing(self.app):
            if not isinstance(change, dict):
                raise ValueError("the facts of Slack are an object")  # noqa: TRY004 - its word
            facts.changed(self.app.first, change)
            yield
        if not self.app.socket_mode:
            self.app.sockets.disable()
        self._delivery.send_announced()

    async def aclose(self) -> None:
        await self.app.news.close()
        await self._delivery.close()
