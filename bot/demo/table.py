"""A table of a message as lines: each row with the heads of its columns."""

from collections.abc import Mapping

from bot.demo.mrkdwn import with_signs
from bot.demo.paper import folded
from bot.demo.simulated import Json


def table_lines(block: Json, names: Mapping[str, str], width: int) -> list[str]:
    """In columns where they fit the width, else a row below the other."""
    rows = [[_cell(cell, names) for cell in row] for row in block["rows"]]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    if sum(widths) + 2 * (len(widths) - 1) <= width:
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return [lines[0], "─" * min(width, max(map(len, lines))), *lines[1:]]
    heads, *others = rows
    said = (
        "; ".join(f"{head}: {text}" for head, text in zip(heads, row, strict=True))
        for row in others
    )
    return [line for row in said for line in folded(row, width=width)]


def _cell(cell: Json, names: Mapping[str, str]) -> str:
    if cell["type"] != "rich_text":
        return with_signs(str(cell.get("text", "")))
    lines = cell["elements"]
    return " ".join("".join(_part(part, names) for part in line["elements"]) for line in lines)


def _part(part: Json, names: Mapping[str, str]) -> str:
    match part["type"]:
        case "user":
            return "@" + names.get(part["user_id"], part["user_id"])
        case "date":
            return str(part["fallback"])
        case other:
            return str(part.get("text", other))
