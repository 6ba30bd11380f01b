"""Pages of a list, and the cursor to the next one.

Rules: docs.slack.dev/apis/web-api/pagination. A cursor is where the next page starts.
"""

from collections.abc import Sequence
from typing import TypeVar

from simulator.slack.arguments import Arguments
from simulator.slack.refusals import Refusal

PAGE_MOST = 1000
Row = TypeVar("Row")


def page_of(
    rows: Sequence[Row], arguments: Arguments, usual: int = PAGE_MOST
) -> tuple[Sequence[Row], str]:
    """`usual` rows where no limit was given."""
    cursor, limit = arguments.text("cursor") or "0", arguments.number("limit", usual)
    if not cursor.isdecimal() or int(cursor) > len(rows):
        raise Refusal("invalid_cursor")
    if not 0 <= limit <= PAGE_MOST:
        raise Refusal("invalid_limit")
    start = int(cursor)
    end = start + (limit or usual)
    return rows[start:end], str(end) if end < len(rows) else ""
