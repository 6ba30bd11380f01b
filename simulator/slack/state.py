"""Everything that the parts of the simulated Slack share."""

import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.slack.limits import Limits
from simulator.slack.messages import Messages
from simulator.slack.news import News
from simulator.slack.people import Channel
from simulator.slack.response_urls import ResponseUrls
from simulator.slack.triggers import Triggers
from simulator.slack.uploads import Uploads
from simulator.slack.views import Desk
from simulator.slack.workspace import Workspace

Record = Callable[[str, str, str, int, bytes], None]
RETRY_DELAYS = (0.0, 60.0, 300.0)


@dataclass
class State:
    workspace: Workspace
    record: Record
    events_url: str
    clock: Callable[[], float] = time.time
    base_url: str = ""
    home_tab: bool = True
    file_uploads: bool = True
    retry_delays: tuple[float, ...] = RETRY_DELAYS
    counters: Counter[str] = field(default_factory=Counter)
    suggestions: dict[tuple[str, str], list[dict[str, object]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.news = News()
        self.messages = Messages(self.clock, self.news)
        self.desk = Desk(self.workspace.identity, self.news)
        self.triggers = Triggers(self.clock)
        self.response_urls = ResponseUrls(self.clock)
        self.limits = Limits(self.clock)
        self.uploads = Uploads()

    def members(self, channel: Channel) -> frozenset[str]:
        """Who is in it now; a message remembers the channel as it was."""
        now = self.workspace.channels.get(channel.name)
        return now.members if now else channel.members

    def fresh_id(self, letters: str) -> str:
        return letters + "0" + secrets.token_hex(5).upper()
