"""Reads of one row and of many, with pages that the server cuts."""

from typing import Any

from simulator.dataverse.annotations import COUNT, EXCEEDED
from simulator.dataverse.asked import Asked
from simulator.dataverse.matching import column_of, comparable, matcher
from simulator.dataverse.options import Options
from simulator.dataverse.paging import start_of, with_token
from simulator.dataverse.preferences import PAGE_LIMIT
from simulator.dataverse.rendering import context_of, reader, renderer
from simulator.dataverse.session import Session
from simulator.dataverse.shapes import Table

Row = dict[str, Any]
COUNT_LIMIT = 5000


def page_of(asked: Asked, table: Table, rows: list[Row], options: Options | None = None) -> Row:
    """One page of a collection.

    nextLink carries an opaque `$skiptoken` and no page size (pa/webapi/query/page-results.md).
    `options` stand for those of the address, if given.
    """
    session, options, address = asked.session, options or asked.options, asked.address
    size = asked.preferences.page_size
    start = start_of(options.skiptoken, address)
    chosen = session.memory.pages.chosen(
        session, table, address, start, lambda: chosen_of(session, table, rows, options)
    )
    if options.top is not None and size is None:
        chosen = chosen[: options.top]
    end = start + (size or PAGE_LIMIT)
    answer: Row = {"@odata.context": context_of(session, table, options, one=False)}
    answer |= _count(asked, len(chosen))
    render = renderer(session, table, options, asked.preferences)
    answer["value"] = [render(row) for row in chosen[start:end]]
    if end < len(chosen):
        answer["@odata.nextLink"] = with_token(address, end)
    return answer


def one_of(asked: Asked, table: Table, row: Row) -> Row:
    context = context_of(asked.session, table, asked.options, one=True)
    render = renderer(asked.session, table, asked.options, asked.preferences)
    return {"@odata.context": context, **render(row)}


def chosen_of(session: Session, table: Table, rows: list[Row], options: Options) -> list[Row]:
    """The rows that the filter leaves, in their order."""
    read = reader(session, table)
    if options.filter is not None:
        matches = matcher(options.filter, table, read)
        rows = [row for row in rows if matches(row)]
    for order in reversed(options.order):
        kind = column_of(table, order.column).kind

        def place(row: Row, name: str = order.column, kind: Any = kind) -> tuple[bool, Any]:
            value = read(row, name)
            return (False, 0) if value is None else (True, comparable(kind, value))

        rows = sorted(rows, key=place, reverse=order.descending)
    return rows


def _count(asked: Asked, number: int) -> Row:
    """The count ends at 5,000, and an annotation says so (pa/webapi/query/count-rows.md)."""
    shown: Row = {}
    if asked.options.count:
        shown["@odata.count"] = min(number, COUNT_LIMIT)
    if asked.preferences.annotates(COUNT):
        shown[f"@{COUNT}"] = min(number, COUNT_LIMIT) if asked.options.count else -1
    if asked.preferences.annotates(EXCEEDED):
        shown[f"@{EXCEEDED}"] = asked.options.count and number > COUNT_LIMIT
    return shown
