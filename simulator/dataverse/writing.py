"""Creates, changes and deletes of rows, with the rules of etags and of writable columns."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from simulator.dataverse.access import Session
from simulator.dataverse.errors import (
    DataverseError,
    NotSimulatedError,
    bad_payload,
    no_such_method,
)
from simulator.dataverse.links import found, referenced
from simulator.dataverse.rendering import etag_of
from simulator.dataverse.shapes import Column, Table
from simulator.dataverse.tables import TABLES
from simulator.dataverse.users import finish_user, refuse_user_change
from simulator.odata.kinds import Kind

Row = dict[str, Any]
STALE = "The row has another version than the If-Match header says."
EXISTS = "A row with this key is there already."


def create(session: Session, table: Table, body: Mapping[str, Any], record: str | None) -> Row:
    if not table.creates:
        raise no_such_method("Create", table.entity)
    session.require(f"prvCreate{table.privilege}", table.entity)
    values = dict(body)
    wanted = str(record or values.pop(table.key, "") or session.world.draw.guid()).lower()
    row = {table.key: wanted, "createdon": _now()}
    row |= _changes(session, table, values)
    if table.entity_set == "systemusers":
        row = finish_user(session, row)
    rows = session.rows(table.entity_set)
    if any(each.get(table.key) == wanted for each in rows.values()):
        raise DataverseError(412, "0x80040237", "Cannot insert duplicate key.")
    rows[wanted] = row
    session.forget_keys(table.entity_set)
    _stamp(session, row)
    return row


def update(
    session: Session,
    table: Table,
    record: str,
    body: Mapping[str, Any],
    conditions: Mapping[str, str],
) -> tuple[Row, bool]:
    """Changes a row, or creates it (upsert); the second value says that it was created.

    `If-Match: *` forbids creating, `If-None-Match: *` forbids changing, a stale etag is 412
    (perform-conditional-operations-using-web-api.md).
    """
    if not table.updates:
        raise no_such_method("Update", table.entity)
    try:
        _, row = found(session, table, record)
    except DataverseError:
        if "if-match" in conditions or not table.creates:
            raise
        return create(session, table, body, record), True
    session.require(f"prvWrite{table.privilege}", table.entity)
    if conditions.get("if-none-match") == "*":
        raise DataverseError(412, "0x80060882", EXISTS)
    _match(row, conditions)
    changes = _changes(session, table, body)
    if table.entity_set == "systemusers":
        refuse_user_change(session, row, changes)
    row |= changes
    _stamp(session, row)
    return row, False


def delete(session: Session, table: Table, record: str, conditions: Mapping[str, str]) -> None:
    if not table.deletes:
        raise no_such_method("Delete", table.entity)
    if table.entity_set == "solutions":
        raise NotSimulatedError("an uninstallation in a batch")
    session.require(f"prvDelete{table.privilege}", table.entity)
    key, row = found(session, table, record)
    _match(row, conditions)
    del session.rows(table.entity_set)[key]
    session.forget_keys(table.entity_set)


def set_lookup(session: Session, table: Table, record: str, link: str, body: object) -> None:
    """`PUT …/link/$ref` with an `@odata.id`; `DELETE` has no body and clears."""
    reference = body.get("@odata.id") if isinstance(body, dict) else None
    update(session, table, record, {f"{link}@odata.bind": reference}, {"if-match": "*"})


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
    if not _fits(column, value):
        raise bad_payload(f"Cannot convert the value of '{name}' to type '{column.kind}'.")
    if column.limit is not None and len(value) > column.limit:
        raise DataverseError(
            400, "0x80044331", f"'{name}' is longer than its maximum of {column.limit} characters."
        )
    return value.lower() if column.kind == Kind.GUID else value


def _fits(column: Column, value: Any) -> bool:
    if column.kind == Kind.BOOLEAN:
        return isinstance(value, bool)
    if column.kind in (Kind.INTEGER, Kind.LONG):
        return isinstance(value, int) and not isinstance(value, bool)
    if column.kind == Kind.DOUBLE:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str) and (column.kind != Kind.GUID or _is_guid(value))


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _undeclared(name: str, table: Table) -> DataverseError:
    return bad_payload(
        f"The property '{name}' is not declared on '{table.entity}', or cannot be written."
    )


def _stamp(session: Session, row: Row) -> None:
    row["modifiedon"] = _now()
    row["versionnumber"] = session.world.next_version()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
