"""Query options of a Business Central read: of a set, or of one row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from simulator.bc.errors import BusinessCentralError, NotSimulatedError, bad_request
from simulator.bc.filtering import Columns, kept, kind_of, ordered

Row = dict[str, Any]
T = TypeVar("T")
OF_SETS = frozenset({"$filter", "$orderby", "$top", "$skip", "$count", "$skiptoken"})
"""On one row they are 400: it is no collection (OData, URL conventions, 5.1)."""

KNOWN = OF_SETS | {"$select", "$schemaversion"}
ELSEWHERE = frozenset({"$expand", "$search", "$apply", "$compute", "$format", "$levels"})
PAGE_SIZE = re.compile(r"(?:^|[,;\s])odata\.maxpagesize\s*=\s*([0-9]+)", re.IGNORECASE)
NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Query:
    """What is asked of a set: its options, the size of a page, and the address of the set."""

    options: Mapping[str, str]
    page_size: int
    address: str = ""


def query_of(options: Mapping[str, str], prefer: str, most: int, address: str) -> Query:
    """`most` rows a page; who asks for larger ones gets 413 (operational-limits-online.md).

    Refuses options that are wrong anywhere, before anything is changed.
    """
    refuse_options(options)
    matched = PAGE_SIZE.search(prefer)
    digits = matched[1].lstrip("0") if matched else str(most)
    if not digits:
        raise bad_request("odata.maxpagesize is not a positive number.")
    size = int(digits) if NUMBER.fullmatch(digits) else most + 1
    if max(size, _number(options, "$top", 0)) > most:
        text = f"A page has at most {most} rows."
        raise BusinessCentralError(413, "Application_RequestEntityTooLarge", text)
    return Query(options, size, address)


def chosen(
    records: Sequence[T],
    query: Query,
    columns: Columns,
    view: Callable[[T], Row],
    tag: Callable[[T], str] | None = None,
) -> Row:
    """`value`, the count if it was asked for, and the next page's link if there is one.

    `view` makes of a record what is shown of it, `tag` its etag; without filter and order only
    those of the page are made.
    """
    options = query.options
    names = _selected(options, columns)
    if "$filter" in options or "$orderby" in options:
        records = _filtered(records, options, columns, view)
    answer: Row = {}
    if options.get("$count") == "true":
        answer["@odata.count"] = len(records)
    skip, start = _number(options, "$skip", 0), _number(options, "$skiptoken", 0)
    end = min(len(records), skip + _number(options, "$top", len(records)))
    first = min(skip + start, end)
    page = records[first : min(first + query.page_size, end)]
    answer["value"] = [
        ({"@odata.etag": tag(each)} if tag else {}) | _with(view(each), names) for each in page
    ]
    if first + query.page_size < end:
        more = {**options, "$skiptoken": str(start + query.page_size)}
        answer["@odata.nextLink"] = f"{query.address}?{urlencode(more, safe='$', quote_via=quote)}"
    return answer


def one(row: Row, options: Mapping[str, str], columns: Columns) -> Row:
    """A single row, as a read or a change answers with it."""
    refuse_options(options)
    wrong = sorted(OF_SETS & options.keys())
    if wrong:
        raise bad_request(f"{', '.join(wrong)} can be applied only on collections.")
    return _with(row, _selected(options, columns))


def refuse_options(options: Mapping[str, str]) -> None:
    """What begins without a dollar is nobody's business (OData, custom query options)."""
    for name in options:
        if name in ELSEWHERE:
            raise NotSimulatedError(f"the query option {name} in Business Central")
        if name.startswith("$") and name not in KNOWN:
            raise bad_request(f"The query option '{name}' is not supported.")
    if options.get("$count", "true") not in ("true", "false"):
        raise bad_request("$count is true or false.")


def _filtered(
    records: Sequence[T],
    options: Mapping[str, str],
    columns: Columns,
    view: Callable[[T], Row],
) -> list[T]:
    """Those that the filter leaves, in the order that is wanted."""
    rows = [view(each) for each in records]
    behind = {id(row): each for row, each in zip(rows, records, strict=True)}
    if "$filter" in options:
        rows = kept(rows, options["$filter"], columns)
    return [behind[id(row)] for row in ordered(rows, options.get("$orderby", ""), columns)]


def _selected(options: Mapping[str, str], columns: Columns) -> list[str]:
    """The columns that are wanted; none stands for all."""
    names = [name.strip() for name in options.get("$select", "").split(",") if name.strip()]
    for name in names:
        if name != "*":
            kind_of(name, columns)
    return [] if "*" in names else names


def _with(row: Row, names: list[str]) -> Row:
    return {
        name: value
        for name, value in row.items()
        if not names or name in names or name.startswith("@")
    }


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if NUMBER.fullmatch(text) is None:
        raise bad_request(f"'{name}' is not a number.")
    return int(text)
