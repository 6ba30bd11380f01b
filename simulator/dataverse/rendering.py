"""Rows as JSON: chosen columns, etags, expanded links."""

from collections.abc import Iterator
from typing import Any

from simulator.dataverse.access import Session
from simulator.dataverse.errors import unknown_property
from simulator.dataverse.links import linked, looked_up
from simulator.dataverse.options import Expansion, Options
from simulator.dataverse.shapes import Table
from simulator.dataverse.tables import TABLES

Row = dict[str, Any]


def etag_of(row: Row) -> str:
    return f'W/"{row["versionnumber"]}"'


def rendered(session: Session, table: Table, row: Row, options: Options) -> Row:
    """The row as a read shows it: the key always, other columns as selected, unset ones null."""
    shown: Row = {"@odata.etag": etag_of(row)} if "versionnumber" in row else {}
    names = options.select or tuple(table.columns)
    for name in names:
        if name not in table.columns:
            raise unknown_property(name, table.entity)
    for name in dict.fromkeys((*names, table.key)):
        shown[name] = row.get(name)
    for expansion in options.expand:
        shown[expansion.link] = _expanded(session, table, row, expansion)
    return shown


def context_of(session: Session, table: Table, options: Options, *, one: bool) -> str:
    expanded = (f"{each.link}({','.join(each.select)})" for each in options.expand)
    names = ",".join((*options.select, *expanded))
    columns = f"({names})" if names else ""
    return f"{session.base}/$metadata#{table.entity_set}{columns}{'/$entity' if one else ''}"


def reader(session: Session, table: Table) -> Any:
    """Reads a column of a row, also over one single-valued link."""

    def read(row: Row, name: str) -> Any:
        link, slash, rest = name.partition("/")
        if not slash:
            return row.get(name)
        target = looked_up(session, table.lookups[link], row)
        return None if target is None else target.get(rest)

    return read


def _expanded(session: Session, table: Table, row: Row, expansion: Expansion) -> Any:
    inner = Options(select=expansion.select)
    if expansion.link in table.lookups:
        lookup = table.lookups[expansion.link]
        target = TABLES[lookup.target]
        session.require(f"prvRead{target.privilege}", target.entity)
        found = looked_up(session, lookup, row)
        return None if found is None else rendered(session, target, found, inner)
    if expansion.link in table.many:
        many = table.many[expansion.link]
        target = TABLES[many.target]
        session.require(f"prvRead{target.privilege}", target.entity)
        return list(_all(session, target, linked(session, table, many, row), inner))
    raise unknown_property(expansion.link, table.entity)


def _all(session: Session, table: Table, rows: list[Row], options: Options) -> Iterator[Row]:
    return (rendered(session, table, row, options) for row in rows)
