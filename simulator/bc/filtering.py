"""Which rows a `$filter` of Business Central leaves, and in which order `$orderby` puts them.

bc/webservices/use-filter-expressions-in-odata-uris.md: text is compared with case, and OR over
different fields is refused. Each column is compared as its kind says: times as moments.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from simulator.bc.errors import BusinessCentralError, NotSimulatedError, bad_request
from simulator.odata.filters import (
    Both,
    Comparison,
    Either,
    FilterError,
    In,
    Node,
    Not,
    Some,
    TextFunction,
    parse,
)
from simulator.odata.kinds import Kind

Row = dict[str, Any]
Columns = Mapping[str, Kind]
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
NUMBERS = (Kind.INTEGER, Kind.LONG, Kind.DOUBLE, Kind.DECIMAL)
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_ELSEWHERE = re.compile(
    r"\b(?:tolower|toupper|trim|length|indexof|substring|concat|replace|year|month|day|hour|minute"
    r"|second|date|time|now|round|floor|ceiling)\s*\(|/(?:any|all)\s*\(|\s(?:in|has)\s*[('\w]"
    r"|\s(?:add|sub|mul|div|mod)\s"
)
"""What Business Central or OData reads in a filter and the simulator does not."""


def kept(rows: list[Row], text: str, columns: Columns) -> list[Row]:
    """The rows that the filter leaves."""
    node = _parsed(text)
    try:
        _check(node, columns)
        return [row for row in rows if _matches(node, row, columns)]
    except RecursionError as error:
        raise bad_request("The node count limit of the filter was exceeded.") from error


def ordered(rows: list[Row], text: str, columns: Columns) -> list[Row]:
    """By the last column first: sorting is stable."""
    for part in reversed([each.split() for each in text.split(",") if each.strip()]):
        column, direction = part[0], part[1] if len(part) > 1 else "asc"
        if len(part) > 2 or direction not in ("asc", "desc"):
            raise bad_request(f"Syntax error in $orderby '{text}'.")
        kind = kind_of(column, columns)
        ranks = {id(row): _rank(row[column], kind) for row in rows}
        rows = sorted(rows, key=lambda row: ranks[id(row)], reverse=direction == "desc")
    return rows


def kind_of(name: str, columns: Columns) -> Kind:
    if name not in columns:
        raise bad_request(f"Could not find a property named '{name}'.")
    return columns[name]


def moment(text: str) -> datetime:
    """A time without a zone, or a date, is in UTC. Raises `ValueError`."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _rank(value: Any, kind: Kind) -> tuple[bool, Any]:
    return value is not None, 0 if value is None else _comparable(value, kind)


def _comparable(value: Any, kind: Kind) -> Any:
    if kind is Kind.TIME:
        return moment(value)
    return value.lower() if kind is Kind.GUID else value


def _parsed(text: str) -> Node:
    if _ELSEWHERE.search(_QUOTED.sub("''", text)):
        raise NotSimulatedError(f"the functions of the filter '{text}' in Business Central")
    try:
        return parse(text)
    except FilterError as error:
        raise bad_request(str(error)) from error


def _check(node: Node, columns: Columns) -> None:
    for each in _all(node):
        if isinstance(each, Either) and len({leaf.column for leaf in _leaves(each)}) > 1:
            raise bad_request("The OR operator is not supported on different fields.")
    for leaf in _leaves(node):
        kind = kind_of(leaf.column, columns)
        if isinstance(leaf, In):
            raise bad_request("The function is not known.")
        wanted = Kind.STRING if isinstance(leaf, TextFunction) else leaf.literal.kind
        if kind is not wanted and not (wanted is Kind.DOUBLE and kind in NUMBERS):
            raise bad_request(f"The value of '{leaf.column}' is of another type.")


def _matches(node: Node, row: Row, columns: Columns) -> bool:
    if isinstance(node, Both):
        return _matches(node.left, row, columns) and _matches(node.right, row, columns)
    if isinstance(node, Either):
        return _matches(node.left, row, columns) or _matches(node.right, row, columns)
    if isinstance(node, Not):
        return not _matches(node.inner, row, columns)
    if isinstance(node, TextFunction):
        return TEXT[node.name](row[node.column] or "", node.text)
    if isinstance(node, Comparison):
        return _compares(node, row[node.column], columns[node.column])
    raise _unread(node)


def _compares(node: Comparison, value: Any, kind: Kind) -> bool:
    if value is None:
        return node.operator == "ne"
    wanted = _comparable(node.literal.value, kind)
    return COMPARE[node.operator](_comparable(value, kind), wanted)


def _unread(node: Node) -> BusinessCentralError:
    return bad_request(f"The filter's {type(node).__name__} is not known.")


def _all(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        if isinstance(here, Both | Either):
            waiting += [here.left, here.right]
        elif isinstance(here, Not):
            waiting.append(here.inner)
        elif isinstance(here, Some):
            raise NotSimulatedError("any and all in a filter of Business Central")


def _leaves(node: Node) -> Iterator[Comparison | TextFunction | In]:
    return (each for each in _all(node) if isinstance(each, Comparison | TextFunction | In))
