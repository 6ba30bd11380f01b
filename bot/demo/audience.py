"""Who sees which message: waits for answers, and notices those that reach somebody else."""

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.demo.screen import is_under_way
from bot.demo.simulated import Json, Message, Sight, SimulatedSlack

ANSWER_SECONDS = 30.0
T = TypeVar("T")


class NoAnswer(Exception):
    """What was waited for did not come; the message says what and for whom."""


class Audience:
    """Everybody's eyes. A message is new to a person until it was taken note of."""

    def __init__(self, slack: SimulatedSlack, people: Iterable[str]) -> None:
        self._slack = slack
        self._noted: dict[str, set[tuple[str, str]]] = {person: set() for person in people}

    def next_message(self, person: str, on_progress: Callable[[Message], None]) -> Message:
        """The newest message that is new to this person, when nothing in it runs any more.

        `on_progress` gets each earlier state of it that was seen.
        """
        shown = -1

        def settled(sight: Sight) -> Message | None:
            nonlocal shown
            new = self._new(person, sight)
            if not new or not is_under_way(new[-1]):
                return new[-1] if new else None
            if new[-1].edits > shown:
                shown = new[-1].edits
                on_progress(new[-1])
            return None

        return self._wait(person, settled, "an answer")

    def form_of(self, person: str, is_it: Callable[[Json], bool]) -> Json:
        """The modal on top, as soon as it is the one."""

        def found(sight: Sight) -> Json | None:
            return sight.form if sight.form and is_it(sight.form) else None

        return self._wait(person, found, "a form")

    def take_note(self) -> dict[str, list[Message]]:
        """What is new to each person, who has then seen it."""
        new = {person: self._new(person, self._slack.sees(person)) for person in self._noted}
        for person, messages in new.items():
            self._noted[person].update(message.key for message in messages)
        return new

    def _new(self, person: str, sight: Sight) -> list[Message]:
        return [one for one in sight.messages if one.key not in self._noted[person]]

    def _wait(self, person: str, found: Callable[[Sight], T | None], what: str) -> T:
        end = time.monotonic() + ANSWER_SECONDS
        sight = self._slack.sees(person)
        while (it := found(sight)) is None:
            left = end - time.monotonic()
            if left <= 0:
                raise NoAnswer(f"{person} waited {ANSWER_SECONDS:.0f} seconds for {what}.")
            sight = self._slack.sees(person, after=sight.event, wait=left)
        return it
