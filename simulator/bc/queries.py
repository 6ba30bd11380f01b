"""Query options of a Business Central read.

bc/webservices/use-filter-expressions-in-odata-uris.md: text is compared with case, and OR over
different fields is refused.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from simulator.bc.errors import BusinessCentralError, NotSimulatedError
from simulator.odata.filters import (
    Both,
    Comparison,
    Either,
    FilterError,
    In,
    Node,
    Not,
    TextFunction,
    parse,
)

Row = dict[str, Any]
T = TypeVar("T")
KNOWN = frozenset(
    {"$select", "$filter", "$orderby", "$top", "$skip", "$count", "$skiptoken", "$schemaversion"}
)
ELSEWHERE = frozenset({"$expand", "$search", "$apply", "$compute", "$format", "$levels"})
PAGE_SIZE = re.compile(r"(?:^|[,;\s])odata\.maxpagesize\s*=\s*(\d+)", re.IGNORECASE)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
TEXT: dict[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


@dataclass(frozen=True)
class Query:
    """What is asked of a set: its options, the size of a page, and the address of the set."""

    options: Mapping[str, str]
    page_size: int
    address: str = ""


def query_of(options: Mapping[str, str], prefer: str, most: int, address: str) -> Query:
    """`most` rows a page; who asks for larger ones gets 413 (operational-limits-online.md)."""
    matched = PAGE_SIZE.search(prefer)
    size = int(matched[1]) if matched else most
    if size < 1:
        raise _bad("odata.maxpagesize is not a positive number.")
    if max(size, _number(options, "$top", 0)) > most:
        text = f"A page has at most {most} rows."
        raise BusinessCentralError(413, "Application_RequestEntityTooLarge", text)
    return Query(options, size, address)


def chosen(
    records: Sequence[T],
    query: Query,
    view: Callable[[T], Row],
    tag: Callable[[T], str] | None = None,
) -> Row:
    """`value`, the count if it was asked for, and the next page's link if there is one.

    `view` makes of a record what is shown of it, `tag` its etag; without filter and order only
    those of the page are made.
    """
    options = query.options
    _refuse_options(options)
    if "$filter" in options or "$orderby" in options:
        records = _filtered(records, options, view)
    answer: Row = {}
    if options.get("$count") == "true":
        answer["@odata.count"] = len(records)
    skip, start = _number(options, "$skip", 0), _number(options, "$skiptoken", 0)
    end = min(len(records), skip + _number(options, "$top", len(records)))
    first = min(skip + start, end)
    page = records[first : min(first + query.page_size, end)]
    answer["value"] = [
        ({"@odata.etag": tag(each)} if tag else {}) | selected(view(each), options) for each in page
    ]
    if first + query.page_size < end:
        more = {**options, "$skiptoken": str(start + query.page_size)}
        answer["@odata.nextLink"] = f"{query.address}?{urlencode(more, safe='$', quote_via=quote)}"
    return answer


def _filtered(
    records: Sequence[T], options: Mapping[str, str], view: Callable[[T], Row]
) -> list[T]:
    """Those that the filter leaves, in the order that is wanted."""
    rows = [view(each) for each in records]
    behind = {id(row): each for row, each in zip(rows, records, strict=True)}
    if "$filter" in options:
        node = _parsed(options["$filter"])
        rows = [row for row in rows if _matches(node, row)]
    return [behind[id(row)] for row in _ordered(rows, options.get("$orderby", ""))]


def _refuse_options(options: Mapping[str, str]) -> None:
    """What begins without a dollar is nobody's business (OData, custom query options)."""
    for name in options:
        if name in ELSEWHERE:
            raise NotSimulatedError(f"the query option {name} in Business Central")
        if name.startswith("$") and name not in KNOWN:
            raise _bad(f"The query option '{name}' is not supported.")


def _ordered(rows: list[Row], text: str) -> list[Row]:
    """By the last column first: sorting is stable."""
    for part in reversed([each.split() for each in text.split(",") if each.strip()]):
        column, direction = part[0], part[1] if len(part) > 1 else "asc"
        if len(part) > 2 or direction not in ("asc", "desc"):
            raise _bad(f"Syntax error in $orderby '{text}'.")
        if rows:
            _has(rows[0], column)
        rows = sorted(rows, key=lambda row: _rank(row[column]), reverse=direction == "desc")
    return rows


def _rank(value: Any) -> tuple[bool, Any]:
    return value is not None, value if value is not None else 0


def selected(row: Row, query: Mapping[str, str]) -> Row:
    names = [name.strip() for name in query.get("$select", "").split(",") if name.strip()]
    for name in names:
        _has(row, name)
    kept = {name for name in row if name.startswith("@")} | set(names)
    return {name: value for name, value in row.items() if not names or name in kept}


def _parsed(text: str) -> Node:
    try:
        node = parse(text)
    except FilterError as error:
        raise _bad(str(error)) from error
    for either in _eithers(node):
        if len(_columns(either)) > 1:
            raise _bad("The OR operator is not supported on different fields.")
    return node


def _matches(node: Node, row: Row) -> bool:
    if isinstance(node, Both):
        return _matches(node.left, row) and _matches(node.right, row)
    if isinstance(node, Either):
        return _matches(node.left, row) or _matches(node.right, row)
    if isinstance(node, Not):
        return not _matches(node.inner, row)
    if isinstance(node, Comparison):
        return _compares(node, _has(row, node.column))
    if isinstance(node, TextFunction):
        return TEXT[node.name](str(_has(row, node.column)), node.text)
    raise _bad("The function is not known.")


def _compares(node: Comparison, value: Any) -> bool:
    wanted = node.literal.value
    if isinstance(value, bool) is not isinstance(wanted, bool) or wanted is None:
        raise _bad(f"The value of '{node.column}' is of another type.")
    if isinstance(value, str) is not isinstance(wanted, str):
        raise _bad(f"The value of '{node.column}' is of another type.")
    return COMPARE[node.operator](value, wanted)


def _has(row: Row, name: str) -> Any:
    if name not in row:
        raise _bad(f"Could not find a property named '{name}'.")
    return row[name]


def _children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Both | Either):
        return node.left, node.right
    return (node.inner,) if isinstance(node, Not) else ()


def _eithers(node: Node) -> list[Node]:
    below = [each for child in _children(node) for each in _eithers(child)]
    return [node, *below] if isinstance(node, Either) else below


def _columns(node: Node) -> set[str]:
    if isinstance(node, Comparison | TextFunction | In):
        return {node.column}
    return {column for child in _children(node) for column in _columns(child)}


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdigit():
        raise _bad(f"'{name}' is not a number.")
    return int(text)


def _bad(message: str) -> BusinessCentralError:
    return BusinessCentralError(400, "BadRequest", message)
