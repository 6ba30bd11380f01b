"""Everything that the parts of the simulated Slack share: of the app, and of one workspace."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.clock import Clock
from simulator.slack.grants import Grant, Grants
from simulator.slack.limits import Limits
from simulator.slack.manifest import Manifest
from simulator.slack.messages import Messages
from simulator.slack.naming import Json
from simulator.slack.news import News
from simulator.slack.oauth import Codes
from simulator.slack.people import Channel
from simulator.slack.refusals import Mistake
from simulator.slack.response_urls import ResponseUrls
from simulator.slack.sockets import Sockets
from simulator.slack.triggers import Triggers
from simulator.slack.uploads import Uploads
from simulator.slack.views import Desk
from simulator.slack.workspace import Workspace

Record = Callable[[str, str, str, int, bytes], None]
RETRY_DELAYS = (0.0, 60.0, 300.0)
ACK_SECONDS = 3.0


@dataclass
class App:
    """The app's own settings, and what does not depend on the workspace.

    `ack_seconds` is how long the app may take to acknowledge; `retry_delays` are the seconds
    before each redelivery of an event; with `socket_mode` nothing goes to `events_url`;
    `clock_ahead` is by how many seconds the Date of its answers is ahead.
    """

    record: Record
    events_url: str
    clock: Clock
    base_url: str = ""
    socket_mode: bool = False
    ack_seconds: float = ACK_SECONDS
    retry_delays: tuple[float, ...] = RETRY_DELAYS
    clock_ahead: float = 0.0
    manifest: Manifest = field(default_factory=Manifest)
    counters: Counter[str] = field(default_factory=Counter)
    states: dict[str, "State"] = field(default_factory=dict)
    announced: list[tuple["State", Json, bool]] = field(default_factory=list)
    news: News = field(default_factory=News)

    def __post_init__(self) -> None:
        self.sockets = Sockets(self.clock)
        self.grants = Grants(self.clock)
        self.codes = Codes(self.clock)

    @property
    def first(self) -> "State":
        return next(iter(self.states.values()))

    def state_of(self, wanted: object) -> "State":
        """The workspace with this key or team id; without either, the first."""
        if wanted in (None, ""):
            return self.first
        for name, state in self.states.items():
            if wanted in (name, state.workspace.identity.team_id):
                return state
        raise Mistake(f"there is no workspace {wanted!r}")

    def announce(self, state: "State", event: Json, grant: Grant | None = None) -> None:
        """Lays an event by for the app; the delivery sends it once this request is answered.

        `grant` is the installation that hears it, where it is gone by now; without any installation
        in the workspace nothing is heard.
        """
        grant = grant or self.grants.of(state.name)
        if grant is not None and event["type"] in self.manifest.subscriptions:
            event = {**event, "event_ts": state.messages.next_ts()}
            self.announced.append((state, event, grant.enterprise))


@dataclass
class State:
    """One workspace, under its key."""

    name: str
    workspace: Workspace
    app: App
    home_tab: bool = True
    file_uploads: bool = True
    newer_blocks: bool = True
    plan: str = "paid"
    suggestions: dict[tuple[str, str], list[dict[str, object]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        clock = self.app.clock
        self.messages = Messages(clock, self.app.news)
        self.desk = Desk(self.workspace.identity, self.app.news)
        self.triggers = Triggers(clock)
        self.response_urls = ResponseUrls(clock)
        self.limits = Limits(clock)
        self.uploads = Uploads()

    def members(self, channel: Channel) -> frozenset[str]:
        """Who is in it now; a message remembers the channel as it was."""
        now = self.workspace.channels.get(channel.name)
        return now.members if now else channel.members

    def fresh_id(self, letters: str) -> str:
        return letters + "0" + secrets.token_hex(5).upper()
