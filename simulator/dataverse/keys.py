"""Alternate keys: `accounts(accountnumber='7')` (pa/webapi/retrieve-entity-using-web-api.md)."""

import re
from collections.abc import Mapping
from typing import Any

from simulator.dataverse.errors import DataverseError, bad_query
from simulator.dataverse.matching import comparable
from simulator.dataverse.session import Session
from simulator.dataverse.shapes import Table
from simulator.odata.kinds import Kind

Row = dict[str, Any]
_PAIR = re.compile(r"\s*(\w+)\s*=\s*('(?:[^']|'')*'|[^,']+?)\s*(?:,|$)")
_WORDS = {"true": True, "false": False, "null": None}


def key_values(table: Table, inside: str, aliases: Mapping[str, str]) -> dict[str, Any]:
    """The values between the parentheses, if they are one whole key of the table."""
    values: dict[str, Any] = {}
    at = 0
    while at < len(inside):
        matched = _PAIR.match(inside, at)
        if matched is None:
            raise bad_query(f"Syntax error in the key '{inside}' of '{table.entity}'.")
        text = matched[2]
        values[matched[1]] = _value(table, matched[1], aliases.get(text, text))
        at = matched.end()
    if (table.key,) != tuple(values) and set(values) not in map(set, table.keys):
        raise bad_query(
            "The number of keys specified in the URI does not match number of key properties for "
            f"the resource 'Microsoft.Dynamics.CRM.{table.entity}'."
        )
    return values


def row_of_key(session: Session, table: Table, values: Mapping[str, Any]) -> Row | None:
    for row in session.rows(table.entity_set).values():
        if all(_equal(table, row, name, value) for name, value in values.items()):
            return row
    return None


def absent_key(table: Table) -> DataverseError:
    """RecordNotFoundByEntityKey."""
    text = f"A record with the specified key values does not exist in {table.entity} entity"
    return DataverseError(404, "0x80060891", text)


def refuse_duplicate(session: Session, table: Table, changes: Row, whole: Row) -> None:
    """Each alternate key is of one row only (DuplicateRecordEntityKey); null is no key."""
    for key in table.keys:
        values = {name: whole.get(name) for name in key}
        if not changes.keys() & set(key) or None in values.values():
            continue
        other = row_of_key(session, table, values)
        if other is not None and other[table.key] != whole[table.key]:
            text = f"A record that has the attribute values {', '.join(key)} already exists."
            raise DataverseError(412, "0x80060892", text)


def _equal(table: Table, row: Row, name: str, value: Any) -> bool:
    held, kind = row.get(name), table.columns[name].kind
    if held is None or value is None:
        return held is value
    return bool(comparable(kind, held) == comparable(kind, value))


def _value(table: Table, name: str, text: str) -> Any:
    if name not in table.columns:
        raise bad_query(f"'{name}' is no key of 'Microsoft.Dynamics.CRM.{table.entity}'.")
    kind = table.columns[name].kind
    if text.startswith("'") != (kind == Kind.STRING):
        raise bad_query(f"The value of the key '{name}' is not of type '{kind}'.")
    if kind == Kind.STRING:
        return text[1:-1].replace("''", "'")
    try:
        if kind == Kind.TIME:
            comparable(kind, text)
        return int(text) if kind in (Kind.INTEGER, Kind.LONG) else _WORDS.get(text, text)
    except ValueError as error:
        raise bad_query(f"The value of the key '{name}' is not of type '{kind}'.") from error
