"""Creates, changes and deletes of rows, with the rules of etags and of writable columns."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from simulator.dataverse.errors import (
    DataverseError,
    NotSimulatedError,
    bad_payload,
    no_such_method,
)
from simulator.dataverse.keys import refuse_duplicate
from simulator.dataverse.links import found, referenced
from simulator.dataverse.naming import GUID
from simulator.dataverse.rendering import etag_of
from simulator.dataverse.session import Session
from simulator.dataverse.shapes import Column, Table
from simulator.dataverse.tables import TABLES
from simulator.dataverse.users import finish_names, finish_row, refuse_user_change
from simulator.odata.kinds import Kind

Row = dict[str, Any]
STALE = "The row has another version than the If-Match header says."
EXISTS = "A row with this key is there already."


def create(
    session: Session, table: Table, body: Mapping[str, Any], fixed: Mapping[str, Any] | None = None
) -> Row:
    """A new row; `fixed` are the values of the key that the address named (upsert)."""
    if not table.creates:
        raise no_such_method("Create", table.entity)
    session.require(f"prvCreate{table.privilege}", table.entity)
    values, fixed = dict(body), dict(fixed or {})
    given = _key_in(table, values, fixed.pop(table.key, None))
    row: Row = {table.key: given or session.world.draw.guid(), "createdon": _now(), **fixed}
    if "_createdby_value" in table.columns:
        row["_createdby_value"] = session.user["systemuserid"]
    row |= _changes(session, table, values)
    row = finish_row(session, table, row)
    _refuse_empty(table, row, table.needed)
    if given and session.key_of(table.entity_set, table.key, given) is not None:
        raise DataverseError(412, "0x80040237", "Cannot insert duplicate key.")
    refuse_duplicate(session, table, row, row)
    session.rows(table.entity_set)[row[table.key]] = row
    _stamp(session, row)
    return row


def update(
    session: Session,
    table: Table,
    row: Row,
    body: Mapping[str, Any],
    conditions: Mapping[str, str],
) -> Row:
    """Changes a row: the row in the table is a new one, so that a copy of the table is a backup.

    `If-None-Match: *` forbids changing, a stale etag is 412
    (perform-conditional-operations-using-web-api.md).
    """
    if not table.updates:
        raise no_such_method("Update", table.entity)
    session.require(f"prvWrite{table.privilege}", table.entity)
    if conditions.get("if-none-match") == "*":
        raise DataverseError(412, "0x80060882", EXISTS)
    _match(row, conditions)
    values = dict(body)
    _key_in(table, values, row[table.key])
    changes = _changes(session, table, values)
    _refuse_empty(table, changes, [name for name in table.needed if name in changes])
    if table.entity_set == "systemusers":
        refuse_user_change(session, row, changes)
    changed = finish_names(table, row | changes, changes)
    refuse_duplicate(session, table, changes, changed)
    key, _ = found(session, table, row[table.key])
    session.rows(table.entity_set)[key] = changed
    _stamp(session, changed)
    return changed


def delete(session: Session, table: Table, row: Row, conditions: Mapping[str, str]) -> None:
    if not table.deletes:
        raise no_such_method("Delete", table.entity)
    if table.entity_set == "solutions":
        raise NotSimulatedError("an uninstallation in a batch")
    session.require(f"prvDelete{table.privilege}", table.entity)
    _match(row, conditions)
    key, _ = found(session, table, row[table.key])
    del session.rows(table.entity_set)[key]


def set_lookup(session: Session, table: Table, row: Row, link: str, reference: str | None) -> None:
    """`PUT …/link/$ref` sets, `DELETE` clears."""
    update(session, table, row, {f"{link}@odata.bind": reference}, {})


def _key_in(table: Table, values: Row, named: str | None) -> str:
    """The key that the body gives, taken out of it; one that the address names has to be the same.

    '' where neither gives one.
    """
    told = values.pop(table.key, None)
    if told is None:
        return str(named or "").lower()
    if not isinstance(told, str) or not re.fullmatch(GUID, told):
        raise bad_payload(f"Cannot convert the value of '{table.key}' to type 'Edm.Guid'.")
    if named is not None and told.lower() != str(named).lower():
        raise bad_payload(f"'{table.key}' is another than the address names.")
    return told.lower()


def _refuse_empty(table: Table, row: Row, names: Iterable[str]) -> None:
    """A column that the system requires (reference/entities); the code is inferred."""
    for name in names:
        if row.get(name) in (None, ""):
            text = f"A required field is missing on '{table.entity}': '{name}'."
            raise DataverseError(400, "0x80040203", text)


def _match(row: Row, conditions: Mapping[str, str]) -> None:
    wanted = conditions.get("if-match")
    if wanted not in (None, "*", etag_of(row)):
        raise DataverseError(412, "0x80060882", STALE)


def _changes(session: Session, table: Table, body: Mapping[str, Any]) -> Row:
    changes: Row = {}
    for name, value in body.items():
        if name.endswith("@odata.bind"):
            column, wanted = _bound(session, table, name.removesuffix("@odata.bind"), value)
            changes[column] = wanted
        elif not name.startswith("@") and "@" not in name:
            changes[name] = _checked(table, name, value)
    return changes


def _bound(session: Session, table: Table, link: str, value: object) -> tuple[str, str | None]:
    lookup = table.lookups.get(link)
    if lookup is None or not lookup.writes:
        raise _undeclared(link, table)
    if value is None:
        return lookup.column, None
    record = referenced(session, value, lookup.target)
    found(session, TABLES[lookup.target], record)
    return lookup.column, record


def _checked(table: Table, name: str, value: Any) -> Any:
    column = table.columns.get(name)
    if column is None or not column.writes:
        raise _undeclared(name, table)
    if value is None:
        return None
    if column.options is not None and value not in column.options:
        raise _no_option(table, name, value)
    if not _fits(column, value):
        raise bad_payload(f"Cannot convert the value of '{name}' to type '{column.kind}'.")
    if column.limit is not None and len(str(value)) > column.limit:
        raise DataverseError(
            400, "0x80044331", f"'{name}' is longer than its maximum of {column.limit} characters."
        )
    return value.lower() if column.kind == Kind.GUID else value


def _fits(column: Column, value: Any) -> bool:
    if column.kind == Kind.BOOLEAN:
        return isinstance(value, bool)
    if column.kind in (Kind.INTEGER, Kind.LONG):
        return isinstance(value, int) and not isinstance(value, bool)
    if column.kind in (Kind.DOUBLE, Kind.DECIMAL):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str) and _is_read(column.kind, value)


def _is_read(kind: Kind, text: str) -> bool:
    """Text stands for ids and times too."""
    reads: dict[Kind, Callable[[str], object]] = {
        Kind.GUID: UUID,
        Kind.TIME: datetime.fromisoformat,
    }
    try:
        reads.get(kind, str)(text)
    except ValueError:
        return False
    return True


def _no_option(table: Table, name: str, value: object) -> DataverseError:
    """A number outside the choice (error reference: 0x8004431A; inferred)."""
    text = f"The value {value} of '{name}' on record of type '{table.entity}' is outside the range."
    return DataverseError(400, "0x8004431a", text)


def _undeclared(name: str, table: Table) -> DataverseError:
    return bad_payload(
        f"The property '{name}' is not declared on '{table.entity}', or cannot be written."
    )


def _stamp(session: Session, row: Row) -> None:
    row["modifiedon"] = _now()
    row["versionnumber"] = session.world.next_version()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
