"""Tables for spreadsheet programs, which carry out what looks like a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
"""By OWASP's page on CSV injection; the last four are the wide forms of the first."""


def harmless(cell: str) -> str:
    """A cell that a spreadsheet program would carry out becomes text."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV, every cell harmless, with line ends."""
    lines = io.StringIO()
    csv.writer(lines).writerows([harmless(str(cell)) for cell in row] for row in rows)
    return lines.getvalue()
