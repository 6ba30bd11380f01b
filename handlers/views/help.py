"""The commands, with the role that each needs and whether the reader has it."""

from collections.abc import Sequence
from dataclasses import dataclass

from connection.people import Role
from connection.pictures import HelpPicture
from handlers.ids import COMMAND
from handlers.views.blocks import Message, context, header, plain, sections

_LINES_A_SECTION = 12


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One command as help shows it."""

    word: str
    usage: str
    summary: str
    role: Role | None
    note: str = ""
    more: str = ""


def help_message(picture: HelpPicture, rows: Sequence[HelpRow]) -> Message:
    """All commands, or the one that was asked about."""
    shown = [row for row in rows if row.word == picture.word] or list(rows)
    lines = [_line(row, picture) for row in shown]
    notes = [row.note for row in shown if row.note]
    if len(shown) == 1:
        notes += [row.more for row in shown if row.more]
    roles = ", ".join(sorted(picture.roles)) or "none yet; ask an admin for one"
    title = "The connection between Business Central and Dynamics 365 Sales"
    return Message(
        plain(
            [
                title,
                *(_usage(row) + ": " + row.summary for row in shown),
                *notes,
                f"Your roles: {roles}",
            ]
        ),
        (
            header(title),
            *sections(lines, _LINES_A_SECTION),
            *(context(note) for note in notes),
            context(f"Your roles: {roles}."),
        ),
    )


def _usage(row: HelpRow) -> str:
    return f"{COMMAND} {row.word} {row.usage}".strip()


def _line(row: HelpRow, picture: HelpPicture) -> str:
    held = row.role is None or any(role.covers(row.role) for role in picture.roles)
    needs = "" if held or row.role is None else f" _(needs the role {row.role})_"
    return f"`{_usage(row)}` {row.summary}{needs}"
