"""Every button: which command it equals. A button carries an opaque id and decides nothing."""

from handlers.commands import BY_WORD, Command

BUTTONS: dict[str, Command] = {
    # action id: the command that it equals; its value is a connection's or a draft's id
    "setup": BY_WORD["setup"],
    "test": BY_WORD["test"],
}
