"""Who one is in the demo's prompt, where, and what one does there."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.filling import Filling
from bot.demo.form import is_complete
from bot.demo.screen import Button, buttons, is_under_way, message_lines
from bot.demo.simulated import CannotDo, Message, Sight
from bot.demo.stage import Stage
from bot.demo.terminal import Terminal
from bot.demo.watch import Watch

ANSWER_SECONDS = 20.0
_LATEST = 6


@dataclass(slots=True)
class Session:
    """The state of the prompt."""

    stage: Stage
    terminal: Terminal
    watch: Watch
    person: str
    channel: str

    def types(self, command: str) -> None:
        """Types a slash command and waits for what comes of it."""
        self._act(lambda: self.stage.slack.command(self.person, self.channel, command))

    def presses(self, number: int) -> None:
        """Presses a numbered button of the latest message that has buttons."""
        message, found = self._latest_buttons()
        if message is None or not 1 <= number <= len(found):
            self.terminal.show([f"There is no button [{number}] in #{self.channel}."])
            return
        button = found[number - 1]
        self.terminal.show([f"{self.person} presses [{number}] {button.label}"])
        self._act(
            lambda: self.stage.slack.press(self.person, message, button.block_id, button.action_id)
        )

    def becomes(self, person: str) -> None:
        """Acts as somebody else."""
        members = self.stage.world.channels()
        self.watch.look_as(person)
        self.person = person
        if person not in members.get(self.channel, ()):
            self.channel = next((one for one in members if person in members[one]), "dm")

    def looks(self) -> None:
        """Shows the channel again, as this person sees it."""
        for message in self._here()[-_LATEST:]:
            self.terminal.show(["", *message_lines(message, self.stage.ready.names)])
        if not self._here():
            self.terminal.show([f"{self.person} sees no message in #{self.channel}."])

    def _act(self, act: Callable[[], None]) -> None:
        """Does it, and follows what comes of it: a form is filled in, a message waited for."""
        before = self.stage.slack.sees(self.person)
        try:
            act()
        except CannotDo as error:
            self.terminal.show([f"Slack does not let {self.person} do that: {error}"])
            return
        if self._comes_after(before).form is None:
            return
        before = self.stage.slack.sees(self.person)
        if Filling(self.stage, self.terminal, self.person).fill_in():
            self._comes_after(before)

    def _comes_after(self, before: Sight) -> Sight:
        """What this person sees once a message was added and is finished, or a form opened."""
        known = {message.key for message in before.messages}

        def settled(sight: Sight) -> bool:
            if sight.form is not None:
                return is_complete(sight.form)
            new = [message for message in sight.messages if message.key not in known]
            return bool(new) and not is_under_way(new[-1])

        sight = self.watch.wait_until(settled, ANSWER_SECONDS)
        if not settled(sight):
            self.terminal.show(["Nothing came back yet; it will appear here when it does."])
        return sight

    def _latest_buttons(self) -> tuple[Message | None, list[Button]]:
        for message in reversed(self._here()):
            if found := buttons(message):
                return message, found
        return None, []

    def _here(self) -> list[Message]:
        seen = self.stage.slack.sees(self.person).messages
        return [one for one in seen if one.channel in (self.channel, f"dm-{self.person}")]
