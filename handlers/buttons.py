"""Every button: which command it equals. A button carries an opaque id and decides nothing."""

from dataclasses import dataclass

from connection.accepting import About
from handlers.commands import BY_WORD, Command


@dataclass(frozen=True, slots=True)
class Button:
    """A row of `BUTTONS`: the equal command, and what the button's value is the id of."""

    action_id: str
    command: Command
    about: About


BUTTONS: tuple[Button, ...] = (
    Button("open_form", BY_WORD["setup"], About.DRAFT),
    Button("setup", BY_WORD["setup"], About.CONNECTION),
    Button("test", BY_WORD["test"], About.CONNECTION),
)

BY_ACTION = {button.action_id: button for button in BUTTONS}
