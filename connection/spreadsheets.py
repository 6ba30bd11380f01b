"""Tables for spreadsheet programs, which carry out what looks like a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""By OWASP's page on CSV injection; the last four are the wide forms of the first."""

_FORMULA = re.compile(rf"(^|[;\t\r\n])(?=[\s\"\ufeff\u200b]*[{_SIGNS}])")
"""Also behind what parts cells for the program: much of Europe's take a semicolon for it and do
not see the quotation marks then."""


def harmless(cell: str) -> str:
    """A cell that a spreadsheet program would carry out, or part of, becomes text."""
    if cell[:1].isalnum() and ";" not in cell and cell.isprintable():
        return cell  # nearly all are such, and there are millions
    text = _FORMULA.sub(r"\1'", cell)
    return f"'{text}" if text.startswith(("\t", "\r", "\n")) else text


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV, every cell harmless, with line ends."""
    lines = io.StringIO()
    csv.writer(lines).writerows([harmless(str(cell)) for cell in row] for row in rows)
    return lines.getvalue()
