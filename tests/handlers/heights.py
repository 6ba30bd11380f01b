"""About how many lines a message takes on a screen: what is folded takes one.

Measured by nobody: Slack's clients differ. A line of a channel has about 80 letters on a laptop, a
screen about 45 lines; wide letters of Chinese, Japanese and Korean count twice.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

LINE, SCREEN = 80, 45
_SHOWN = (
    (re.compile(r"<!date\^[^<>]*>"), "Nov 26, 2026 12:00 PM"),
    (re.compile(r"<@[^<>]*>"), "@a.long.name"),
    (re.compile(r"<[^<>|]*\|([^<>]*)>"), r"\1"),
    (re.compile(r":[a-z_]+:"), "xx"),
    (re.compile(r"&(?:amp|lt|gt);"), "&"),
    (re.compile(r"```"), "\n"),
)


def height(blocks: Sequence[Mapping[str, Any]]) -> int:
    """Of a whole message."""
    return sum(_block(block) for block in blocks)


def _block(block: Mapping[str, Any]) -> int:
    match block["type"]:
        case "header":
            return 1 + _lines(block["text"]["text"], LINE * 3 // 4)
        case "section":
            return 1 + _lines(block["text"]["text"])
        case "context":
            return sum(_lines(one["text"], LINE * 5 // 4) for one in block["elements"])
        case "actions":
            labels = sum(len(one["text"]["text"]) + 5 for one in block["elements"])
            return 2 * (1 + labels // LINE)
        case "container":
            return 2
        case "table":
            return _table([[_cell(cell) for cell in row] for row in block["rows"]])
        case _:
            return 1


def _table(rows: Sequence[Sequence[str]]) -> int:
    """A column is as wide as it needs, up to half a line, and all of them together a line."""
    needed = [min(LINE // 2, max(map(_width, column))) for column in zip(*rows, strict=True)]
    scale = min(1.0, LINE / sum(needed))
    widths = [max(8, int(each * scale)) for each in needed]
    return sum(max(map(_lines, row, widths)) for row in rows)


def _cell(cell: Mapping[str, Any]) -> str:
    if cell["type"] != "rich_text":
        return str(cell.get("text", ""))
    parts = [part for line in cell["elements"] for part in line["elements"]]
    return "".join(
        str(part.get("text") or part.get("fallback") or "@a.long.name") for part in parts
    )


def _lines(text: str, width: int = LINE) -> int:
    for pattern, shown in _SHOWN:
        text = pattern.sub(shown, text)
    return sum(max(1, -(-_width(line) // width)) for line in text.split("\n"))


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)
