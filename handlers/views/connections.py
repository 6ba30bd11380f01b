"""Every connection that the reader may see: a table, and beyond a screen their names."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from connection.connection import state_word
from connection.pictures import ListPicture, StatusPicture
from handlers.views.blocks import Message, Part, clip, context, escape, header, plain, section
from handlers.views.newer import Cell, cell, folded, table
from handlers.views.words import HEALTH_WORDS, counted

_ROWS, _CLASSIC_ROWS, _CLASSIC_ROWS_A_SECTION = 20, 12, 6
_NAMES_A_SECTION, _MOST_NAMES, _MOST_CLASSIC_NAMES = 60, 300, 40
_ADDRESS = 60
_MORE = (
    "`/d365 status NAME` shows one in full; `d365bot connections` lists all of them where the bot "
    "runs."
)
_HEADS = ("Connection", "Last test", "Enabled in Business Central", "Sales")


def list_message(picture: ListPicture) -> Message:
    """`/d365 status NAME` has the rest of each."""
    if not picture.statuses:
        text = "No connection is set up yet, or none that you may see. Start with /d365 setup."
        return Message(text, (section(text),))
    title = counted(len(picture.statuses), "connection")
    shown, more = picture.statuses[:_ROWS], picture.statuses[_ROWS:]
    rows = table(_HEADS, [_cells(one) for one in shown], _classic(shown))
    blocks: list[Part] = [header(title), rows]
    if more:
        title = f"{len(more)} more, by name"
        blocks.append(folded(title, _names(more, _MOST_NAMES), _names(more, _MOST_CLASSIC_NAMES)))
    blocks.append(context(_MORE))
    return Message(plain([title, *(_plain_row(one) for one in picture.statuses)]), tuple(blocks))


def _cells(status: StatusPicture) -> list[Cell]:
    one = status.connection
    return [
        cell(f"{one.name} (default)" if one.is_default else one.name),
        cell(HEALTH_WORDS[one.health]),
        cell(state_word(one)),
        cell(clip(status.saved.setup.sales_url, _ADDRESS)),
    ]


def _classic(shown: Sequence[StatusPicture]) -> list[Block]:
    lines = [_row(status) for status in shown[:_CLASSIC_ROWS]]
    at_a_time = range(0, len(lines), _CLASSIC_ROWS_A_SECTION)
    blocks = [section("\n".join(lines[n : n + _CLASSIC_ROWS_A_SECTION])) for n in at_a_time]
    return blocks + _names(shown[_CLASSIC_ROWS:], _ROWS)


def _names(some: Sequence[StatusPicture], most: int) -> list[Block]:
    names = [status.connection.name for status in some]
    parts = [
        ", ".join(names[:most][n : n + _NAMES_A_SECTION])
        for n in range(0, len(names[:most]), _NAMES_A_SECTION)
    ]
    left = len(names) - most
    return [section(part) for part in [*parts, *([f"and {left} more"] if left > 0 else [])]]


def _row(status: StatusPicture) -> str:
    one = status.connection
    default = " (default)" if one.is_default else ""
    address = escape(clip(status.saved.setup.sales_url, _ADDRESS))
    return (
        f"*{one.name}*{default}: {HEALTH_WORDS[one.health]}\n"
        f"{address}; enabled in Business Central: {state_word(one)}"
    )


def _plain_row(status: StatusPicture) -> str:
    one = status.connection
    return f"{one.name}: {HEALTH_WORDS[one.health]}"
