"""What the simulation needs of the Slack site, and how it is made."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.routing import BaseRoute

from simulator.calls import CallLog
from simulator.identifiers import Draw


class SlackPart(Protocol):
    base_url: str

    def routes(self) -> list[BaseRoute]: ...

    def facts(self) -> dict[str, Any]: ...

    def patch(self, patch: dict[str, Any]) -> None: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True)
class SlackIdentity:
    """What the bot is given to speak with the simulated workspace."""

    signing_secret: str
    bot_token: str
    app_token: str
    team_id: str
    people: Mapping[str, Any] = field(default_factory=dict)
    channels: Mapping[str, Any] = field(default_factory=dict)


class NoSlack:
    base_url = ""

    def routes(self) -> list[BaseRoute]:
        return []

    def facts(self) -> dict[str, Any]:
        return {}

    def patch(self, patch: dict[str, Any]) -> None:
        pass

    async def aclose(self) -> None:
        pass


def slack_identity(draw: Draw) -> SlackIdentity:
    people_module = importlib.import_module("simulator.slack.people")
    people = people_module.default_people(draw.random)
    channels = people_module.default_channels(draw.random, people)
    hexadecimal, digits = "0123456789abcdef", "0123456789"
    app = f"A0{draw.text(9).upper()}-{draw.text(13, digits)}"
    return SlackIdentity(
        signing_secret=draw.text(32, hexadecimal),
        bot_token=f"xoxb-{draw.text(12, digits)}-{draw.text(13, digits)}-{draw.text(24)}",
        app_token=f"xapp-1-{app}-{draw.text(64, hexadecimal)}",
        team_id=f"T0{draw.text(9).upper()}",
        people=people,
        channels=channels,
    )


def slack_part(identity: SlackIdentity, log: CallLog, events_url: str) -> SlackPart:
    made = getattr(importlib.import_module("simulator.slack"), "SlackSite", None)
    if made is None:
        return NoSlack()
    part: SlackPart = made(record=log.record, events_url=events_url, **vars(identity))
    return part
