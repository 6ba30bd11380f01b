"""Query options of a Business Central read.

bc/webservices/use-filter-expressions-in-odata-uris.md: text is compared with case, and OR over
different fields is refused.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from simulator.bc.errors import BusinessCentralError
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
KNOWN = frozenset({"$select", "$filter", "$top", "$skip", "$count", "company", "tenant"})
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


def chosen(rows: list[Row], query: Mapping[str, str]) -> Row:
    """`value`, and the count if it was asked for."""
    for name in query:
        if name not in KNOWN:
            raise _bad(f"The query option '{name}' is not supported here.")
    if "$filter" in query:
        node = _parsed(query["$filter"])
        rows = [row for row in rows if _matches(node, row)]
    answer: Row = {}
    if query.get("$count") == "true":
        answer["@odata.count"] = len(rows)
    rows = rows[_number(query, "$skip", 0) :][: _number(query, "$top", len(rows))]
    answer["value"] = [selected(row, query) for row in rows]
    return answer


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
