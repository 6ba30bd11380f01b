"""What all browser windows share: the stage, the names, the commands, how far the guide is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from bot.demo.playground.guide import Guide
from bot.demo.playground.reader import Reader
from bot.demo.simulated import Json
from bot.demo.stage import Stage


@dataclass(slots=True)
class Playground:
    """`before` are the world's facts that changes are told against; `http` reaches the control
    address without waiting in a thread; `looked` is how far each person has read in each place."""

    stage: Stage
    http: httpx.AsyncClient
    people: Mapping[str, str]
    channels: Mapping[str, Sequence[str]]
    scenarios: Sequence[tuple[str, str]]
    before: Json
    scenario: str = "healthy"
    guide: Guide = field(default_factory=Guide)
    looked: dict[str, dict[str, str]] = field(default_factory=dict)

    def reader(self, person: str) -> Reader:
        """What this person knows by name."""
        ready = self.stage.ready
        return Reader(ready.names, ready.people[person])

    def places_of(self, person: str) -> list[str]:
        """The channels that the person is in."""
        return [name for name, members in self.channels.items() if person in members]
