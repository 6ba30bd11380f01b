"""The first visit in five steps: what to do, and whether it was done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.demo.simulated import Message

CONNECTION = "adventure-prod"
OPERATOR, APPROVER = "olga", "paul"


@dataclass(frozen=True, slots=True)
class Step:
    """`types` is a command that the guide can type; `act` names something that it can do."""

    title: str
    how: str
    label: str
    types: str = ""
    act: str = ""
    sign: str = ""


STEPS: tuple[Step, ...] = (
    Step(
        "Set up a connection",
        "Press the button, then Enter. In the form: “Fill in what fits”, then Save.",
        "Type /d365 setup",
        types=f"/d365 setup {CONNECTION}",
        sign=rf"Setup of {CONNECTION} saved",
    ),
    Step(
        "Give the bot its secret",
        "Secrets do not pass through Slack: it is typed where the bot runs.",
        "Run d365bot secret set",
        act="secret",
    ),
    Step(
        "Test it",
        "Press the button, then Enter. Everybody in the channel reads along.",
        "Type /d365 test",
        types=f"/d365 test {CONNECTION}",
        sign=rf"Test of {CONNECTION}",
    ),
    Step(
        "Enable, approved by somebody else",
        "Olga asks, with a reason. Paul reads the plan and presses Approve.",
        "Type /d365 enable",
        types=f"/d365 enable {CONNECTION} defaults the quarter begins",
        act="second window",
        sign=rf"Enable {CONNECTION}: done",
    ),
    Step(
        "Break something, read the remedy",
        "A client secret ends. Test again, read what to do, then make everything healthy.",
        "Let the secret expire",
        act="break",
        types=f"/d365 test {CONNECTION}",
        sign=rf"Test of {CONNECTION}: \d+ checks? failed",
    ),
)


@dataclass(slots=True)
class Guide:
    """`done` are the numbers of the steps that were done; `shown` is false once it is closed."""

    done: set[int] = field(default_factory=set)
    shown: bool = True
    broken_at: str = ""

    def look_at(self, messages: Sequence[Message]) -> bool:
        """Finds in what somebody sees which steps were done; true if one is new."""
        known = set(self.done)
        for number, step in enumerate(STEPS):
            if step.sign and any(self._shows(step, one) for one in messages):
                self.done.add(number)
        return self.done != known

    def _shows(self, step: Step, message: Message) -> bool:
        late_enough = step is not STEPS[-1] or bool(self.broken_at < message.ts and self.broken_at)
        return late_enough and bool(re.search(step.sign, message.text))

    @property
    def next(self) -> int | None:
        """The number of the first step that is not done."""
        return next((n for n in range(len(STEPS)) if n not in self.done), None)
