"""Rows as JSON: chosen columns, etags, expanded links."""

from collections.abc import Callable
from typing import Any

from simulator.dataverse.annotations import annotations_of
from simulator.dataverse.errors import unknown_property
from simulator.dataverse.links import linked, looked_up
from simulator.dataverse.options import Expansion, Options
from simulator.dataverse.preferences import Preferences
from simulator.dataverse.session import Session
from simulator.dataverse.shapes import Table
from simulator.dataverse.tables import TABLES

Row = dict[str, Any]
Renders = Callable[[Row], Row]


def etag_of(row: Row) -> str:
    return f'W/"{row["versionnumber"]}"'


def renderer(session: Session, table: Table, options: Options, preferences: Preferences) -> Renders:
    """Shows a row as a read does: the key always, other columns as selected, unset ones null.

    What is the same for every row is done once: a page has thousands of them.
    """
    chosen = options.select or tuple(table.columns)
    for name in chosen:
        if name not in table.columns:
            raise unknown_property(name, table.entity)
    names = tuple(dict.fromkeys((*chosen, table.key)))
    expansions = [(each.link, _expander(session, table, each)) for each in options.expand]

    def plain(row: Row) -> Row:
        shown: Row = {"@odata.etag": etag_of(row)} if "versionnumber" in row else {}
        for name in names:
            shown[name] = row.get(name)
        return shown

    def full(row: Row) -> Row:
        shown = plain(row)
        if preferences.annotations:
            for name in names:
                shown |= annotations_of(session, table, row, name, preferences)
        for link, expand in expansions:
            shown[link] = expand(row)
        return shown

    return full if expansions or preferences.annotations else plain


def context_of(session: Session, table: Table, options: Options, *, one: bool) -> str:
    expanded = (f"{each.link}({','.join(each.select)})" for each in options.expand)
    names = ",".join((*options.select, *expanded))
    columns = f"({names})" if names else ""
    return f"{session.base}/$metadata#{table.entity_set}{columns}{'/$entity' if one else ''}"


def reader(session: Session, table: Table) -> Any:
    """Reads a column of a row, also over one single-valued link; of a many-valued, its rows."""

    def read(row: Row, name: str) -> Any:
        if name in table.many:
            return linked(session, table, table.many[name], row)
        link, slash, rest = name.partition("/")
        if not slash:
            return row.get(name)
        target = looked_up(session, table.lookups[link], row)
        return None if target is None else target.get(rest)

    return read


def _expander(session: Session, table: Table, expansion: Expansion) -> Callable[[Row], Any]:
    inner = Options(select=expansion.select)
    name = expansion.link
    if name in table.lookups:
        lookup = table.lookups[name]
        target = TABLES[lookup.target]
        session.require(f"prvRead{target.privilege}", target.entity)
        render = renderer(session, target, inner, Preferences())

        def one(row: Row) -> Row | None:
            found = looked_up(session, lookup, row)
            return None if found is None else render(found)

        return one
    if name in table.many:
        many = table.many[name]
        target = TABLES[many.target]
        session.require(f"prvRead{target.privilege}", target.entity)
        shows = renderer(session, target, inner, Preferences())
        return lambda row: [shows(each) for each in linked(session, table, many, row)]
    raise unknown_property(name, table.entity)
