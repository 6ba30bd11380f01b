"""Whether a row matches a filter; text is compared without case, a missing value is null."""

import operator
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from simulator.dataverse.errors import NotSimulatedError, bad_query, unknown_property
from simulator.dataverse.shapes import Column, Table
from simulator.dataverse.tables import TABLES
from simulator.odata.filters import (
    Both,
    Comparison,
    Either,
    In,
    Literal,
    Node,
    Not,
    Some,
    TextFunction,
)
from simulator.odata.kinds import Kind

Row = dict[str, Any]
Reads = Callable[[Row, str], Any]
Matches = Callable[[Row], bool]

ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
NUMBERS = (Kind.INTEGER, Kind.LONG, Kind.DOUBLE, Kind.DECIMAL)


def matcher(node: Node, table: Table, reads: Reads) -> Matches:
    """Checks the filter against the table's columns, then returns the test of one row.

    `reads` gives a row's value by column name, also over one link (`businessunitid/name`).
    """
    if isinstance(node, Both):
        left, right = matcher(node.left, table, reads), matcher(node.right, table, reads)
        return lambda row: left(row) and right(row)
    if isinstance(node, Either):
        left, right = matcher(node.left, table, reads), matcher(node.right, table, reads)
        return lambda row: left(row) or right(row)
    if isinstance(node, Not):
        inner = matcher(node.inner, table, reads)
        return lambda row: not inner(row)
    if isinstance(node, In):
        return _membership(node, table, reads)
    if isinstance(node, TextFunction):
        return _text_test(node, table, reads)
    if isinstance(node, Some):
        return _some_test(node, table, reads)
    return _comparison(node, table, reads)


def _some_test(node: Some, table: Table, reads: Reads) -> Matches:
    """Whether some or all of the rows at the end of a many-to-many link match."""
    if node.link not in table.many:
        raise unknown_property(node.link, table.entity)
    if node.inner is None:
        return lambda row: bool(reads(row, node.link))
    target = TABLES[table.many[node.link].target]
    start = f"{node.variable}/"
    inner = matcher(_without(node.inner, start), target, lambda row, name: row.get(name))
    quantify = all if node.every else any
    return lambda row: quantify(inner(each) for each in reads(row, node.link))


def _without(node: Node, start: str) -> Node:
    """The columns of a lambda without its variable."""
    if isinstance(node, Both | Either):
        return replace(node, left=_without(node.left, start), right=_without(node.right, start))
    if isinstance(node, Not):
        return Not(_without(node.inner, start))
    if isinstance(node, Some) or not node.column.startswith(start):
        raise bad_query("A lambda speaks of the columns of its own variable.")
    return replace(node, column=node.column.removeprefix(start))


def column_of(table: Table, name: str) -> Column:
    link, slash, rest = name.partition("/")
    if slash and link in table.lookups:
        if "/" in rest:
            raise NotSimulatedError("a filter over more than one link")
        return column_of(TABLES[table.lookups[link].target], rest)
    if name not in table.columns:
        raise unknown_property(name, table.entity)
    return table.columns[name]


def comparable(kind: Kind, value: Any) -> Any:
    """A value in the form that is compared and sorted."""
    if kind in (Kind.STRING, Kind.GUID):
        return str(value).casefold()
    if kind == Kind.TIME:
        moment = datetime.fromisoformat(str(value))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return value


def _comparison(node: Comparison, table: Table, reads: Reads) -> Matches:
    kind = column_of(table, node.column).kind
    wanted = _wanted(kind, node)
    if node.operator in ("eq", "ne"):
        equal = node.operator == "eq"
        return lambda row: (_read(row, node.column, kind, reads) == wanted) is equal
    if wanted is None or kind in (Kind.BOOLEAN, Kind.GUID):
        raise _incompatible(kind, node)
    compare = ORDERED[node.operator]

    def test(row: Row) -> bool:
        value = _read(row, node.column, kind, reads)
        return value is not None and compare(value, wanted)

    return test


def _wanted(kind: Kind, node: Comparison) -> Any:
    literal = node.literal
    if literal.value is None:
        return None
    fits = literal.kind == kind or (kind in NUMBERS and literal.kind == Kind.DOUBLE)
    if not fits:
        raise _incompatible(kind, node)
    return comparable(kind, literal.value)


def _incompatible(kind: Kind, node: Comparison) -> Exception:
    found = _type_of(node.literal)
    names = {"eq": "Equal", "ne": "NotEqual", "gt": "GreaterThan", "ge": "GreaterThanOrEqual"}
    names |= {"lt": "LessThan", "le": "LessThanOrEqual"}
    return bad_query(
        "A binary operator with incompatible types was detected. Found operand types "
        f"'{kind}' and '{found}' for operator kind '{names[node.operator]}'."
    )


def _type_of(literal: Literal) -> str:
    return str(literal.kind) if literal.kind else "<null>"


def _text_test(node: TextFunction, table: Table, reads: Reads) -> Matches:
    if column_of(table, node.column).kind != Kind.STRING:
        raise bad_query(f"No function signature for the function with name '{node.name}' matches.")
    wanted = node.text.casefold()
    tests: dict[str, Callable[[str], bool]] = {
        "contains": lambda text: wanted in text,
        "startswith": lambda text: text.startswith(wanted),
        "endswith": lambda text: text.endswith(wanted),
    }

    def test(row: Row) -> bool:
        value = _read(row, node.column, Kind.STRING, reads)
        return value is not None and tests[node.name](value)

    return test


def _membership(node: In, table: Table, reads: Reads) -> Matches:
    """The In query function takes its values as text, whatever the column's type."""
    kind = column_of(table, node.column).kind
    wanted = {value.casefold() for value in node.values}

    def test(row: Row) -> bool:
        value = _read(row, node.column, kind, reads)
        return value is not None and str(value).casefold() in wanted

    return test


def _read(row: Row, name: str, kind: Kind, reads: Reads) -> Any:
    value = reads(row, name)
    return None if value is None else comparable(kind, value)
