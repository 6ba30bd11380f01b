"""Acting in the tour: type, fill in, press, and see who reads the answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from bot.demo.audience import Audience, NoAnswer
from bot.demo.form import fields_of, form_lines, is_complete
from bot.demo.screen import (
    body_lines,
    buttons,
    message_lines,
    opening_lines,
    progress_line,
)
from bot.demo.simulated import Json, Message
from bot.demo.stage import Stage
from bot.demo.transcript import Transcript

CHANNEL = "crm-admins"


class Shown(Enum):
    """How much of a message is printed."""

    WHILE_IT_RUNS = "each state that was seen"
    AT_LAST = "its last state"
    OPENING = "the opening of its last state"


@dataclass(frozen=True, slots=True)
class Play:
    """A tour that is being played. `pasted` is a made-up secret for the paste that goes wrong."""

    stage: Stage
    script: Transcript
    audience: Audience
    members: Mapping[str, Sequence[str]]
    pasted: str = field(repr=False)

    def says(
        self,
        person: str,
        text: str,
        *,
        channel: str = CHANNEL,
        alone: bool = True,
        shown: Shown = Shown.AT_LAST,
    ) -> Message:
        """Types a command; the answer is for the one who asks alone, or for the channel."""
        self.script.typed(person, channel, text)
        self.stage.slack.command(person, channel, text)
        return self.answered(person, alone=alone, shown=shown)

    def presses(self, person: str, message: Message, label: str, *, alone: bool = False) -> Message:
        """Presses a button; the answer is for the channel, or for that person alone."""
        found = [n for n, one in enumerate(buttons(message), start=1) if one.label == label]
        if not found:
            raise NoAnswer(f"The message has no button {label}.")
        number, button = found[0], buttons(message)[found[0] - 1]
        self.script.narrate(f"{person} presses [{number}] {label}")
        self.stage.slack.press(person, message, button.block_id, button.action_id)
        return self.answered(person, alone=alone)

    def answered(self, person: str, *, alone: bool, shown: Shown = Shown.AT_LAST) -> Message:
        """The next message for this person, and nobody is told what is not for them."""
        progress = self._progress() if shown is Shown.WHILE_IT_RUNS else _ignore
        message = self.audience.next_message(person, progress)
        lines = opening_lines if shown is Shown.OPENING else message_lines
        self.script.seen(lines(message, self.names))
        self.expect_audience(person, message, alone=alone)
        return message

    def expect_audience(self, person: str, message: Message, *, alone: bool) -> None:
        """Everybody who shall see it sees the same, and nobody sees anything else."""
        readers = [person] if alone else list(self.members[message.channel])
        new = self.audience.take_note()
        strayed = {
            reader: [body_lines(one, self.names)[:1] for one in messages]
            for reader, messages in new.items()
            if messages != ([message] if reader in readers else [])
        }
        whom = f"only {person}" if alone else f"everybody in #{message.channel}"
        self.script.expect(
            f"{whom} sees this, and nobody was told anything else", not strayed, strayed
        )

    def expect_silence(self) -> None:
        """Nobody was told anything."""
        new = {
            person: messages for person, messages in self.audience.take_note().items() if messages
        }
        self.script.expect("nobody was told anything", not new, new)

    def opens_form(self, person: str, text: str) -> Json:
        """Types a command that opens a modal."""
        self.script.typed(person, CHANNEL, text)
        self.stage.slack.command(person, CHANNEL, text)
        view = self.audience.form_of(person, is_complete)
        self.script.seen(form_lines(view, self.names))
        return view

    def contains(self, message: Message, sentence: str, *words: str) -> None:
        """Expects all words in the message as people read it."""
        text = " ".join(" ".join(body_lines(message, self.names)).split())
        missing = [word for word in words if word not in text]
        self.script.expect(sentence, not missing, f"{text!r}, without {missing}")

    @property
    def names(self) -> Mapping[str, str]:
        """Slack's ids → names."""
        return self.stage.ready.names

    def _progress(self) -> Callable[[Message], None]:
        """The first state of a running message in full, later ones in a line."""
        states = 0

        def show(message: Message) -> None:
            nonlocal states
            states += 1
            if states == 1:
                self.script.seen(message_lines(message, self.names))
            else:
                self.script.show([progress_line(message, self.names)])

        return show


def _ignore(_message: Message) -> None:
    return


def typed_values(view: Json) -> dict[str, str]:
    """What stands in each field of a modal."""
    return {field.name: field.value for field in fields_of(view)}
