"""What can stand next in the box for messages: commands, connections, people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.commands import COMMANDS
from handlers.ids import COMMAND

MOST = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` is the whole line after taking it."""

    text: str
    label: str
    about: str


def suggestions(
    typed: str, connections: Sequence[str], people: Mapping[str, str]
) -> list[Suggestion]:
    """Nothing for what is no command. Names of people stand behind an @."""
    line = typed.lstrip()
    if not line.startswith("/"):
        return []
    if COMMAND.startswith(line) or not line.startswith(f"{COMMAND} "):
        return _commands("") if COMMAND.startswith(line) else []
    *before, last = line.removeprefix(f"{COMMAND} ").split(" ")
    if not before:
        return _commands(last)
    head = " ".join([COMMAND, *before])
    if last.startswith("@"):
        found = [(f"@{name}", full) for name, full in people.items() if name.startswith(last[1:])]
    elif len(before) == 1 and last != "":
        found = [(name, "a connection") for name in connections if name.startswith(last)]
    elif len(before) == 1:
        found = [(name, "a connection") for name in connections]
    else:
        found = []
    return [Suggestion(f"{head} {word} ", word, about) for word, about in found[:MOST]]


def _commands(typed: str) -> list[Suggestion]:
    """Those that begin so; else those that hold it."""
    rows = [one for one in COMMANDS if one.word.startswith(typed)]
    rows = rows or [one for one in COMMANDS if typed in one.word]
    return [
        Suggestion(f"{COMMAND} {one.word} ", f"{COMMAND} {one.word} {one.usage}", one.summary)
        for one in rows
    ]
