"""Watches Slack through one person's eyes and shows each message as it comes or changes."""

import threading
import time
from collections.abc import Callable

import httpx

from bot.demo.screen import Names, is_under_way, message_lines, progress_line
from bot.demo.simulated import CannotDo, Message, Sight, SimulatedSlack
from bot.demo.terminal import Terminal


class Watch:
    """A thread of its own, so that messages appear while somebody types."""

    def __init__(
        self, slack: SimulatedSlack, terminal: Terminal, names: Names, person: str
    ) -> None:
        self._slack = slack
        self._terminal = terminal
        self._names = names
        self._changed = threading.Condition()
        self._shown: dict[tuple[str, str], int] = {}
        self._stopped = False
        self._person = person
        self._sight = slack.sees(person)
        self.look_as(person)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def look_as(self, person: str) -> Sight:
        """Through the eyes of `person` from now on; what stands there already is not shown."""
        sight = self._slack.sees(person)
        with self._changed:
            self._person = person
            self._sight = sight
            self._shown |= {message.key: message.edits for message in sight.messages}
        return sight

    def wait_until(self, found: Callable[[Sight], bool], seconds: float) -> Sight:
        """The sight in which it was found, or the last one; everything in it was shown."""
        end = time.monotonic() + seconds
        with self._changed:
            while not found(self._sight) and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)
            return self._sight

    def stop(self) -> None:
        """Show nothing any more."""
        self._stopped = True

    def _run(self) -> None:
        while not self._stopped:
            person, event = self._person, self._sight.event
            try:
                sight = self._slack.sees(person, after=event)
            except (httpx.HTTPError, CannotDo, RuntimeError):
                if not self._stopped:
                    self._terminal.show(["The simulated Slack does not answer any more."])
                return
            with self._changed:
                if person == self._person and not self._stopped:
                    self._take(sight)

    def _take(self, sight: Sight) -> None:
        for message in sight.messages:
            if self._shown.get(message.key, -1) < message.edits:
                self._terminal.show(self._lines(message))
                self._shown[message.key] = message.edits
        self._sight = sight
        self._changed.notify_all()

    def _lines(self, message: Message) -> list[str]:
        if is_under_way(message) and message.key in self._shown:
            return [progress_line(message, self._names)]
        return ["", *message_lines(message, self._names), ""]
