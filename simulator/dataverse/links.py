"""Links between rows: lookups by id, and many-to-many links kept by the rows' keys."""

from typing import Any
from urllib.parse import unquote

from simulator.dataverse.errors import DataverseError, bad_payload, bad_query, missing
from simulator.dataverse.naming import REFERENCE, named
from simulator.dataverse.session import Session
from simulator.dataverse.shapes import Lookup, Many, Table
from simulator.dataverse.tables import TABLES
from simulator.world import organisation_hosts

Row = dict[str, Any]


def found(session: Session, table: Table, record: str) -> tuple[str, Row]:
    """The key and row with this id, or 404."""
    key = session.key_of(table.entity_set, table.key, record)
    if key is not None:
        return key, session.rows(table.entity_set)[key]
    raise missing(table.entity, record)


def looked_up(session: Session, lookup: Lookup, row: Row) -> Row | None:
    wanted = row.get(lookup.column)
    if wanted is None:
        return None
    key = session.key_of(lookup.target, TABLES[lookup.target].key, wanted)
    return None if key is None else session.rows(lookup.target)[key]


def linked(session: Session, table: Table, many: Many, row: Row) -> list[Row]:
    """The rows at the other end of a many-to-many link."""
    key, _ = found(session, table, row[table.key])
    held = session.organisation[many.held_in]
    if many.reverse:
        keys = [near for near, far in held.items() if far.get(key)]
    else:
        keys = [far for far, there in held.get(key, {}).items() if there]
    rows = session.rows(many.target)
    return [rows[each] for each in keys if each in rows]


def link(session: Session, table: Table, many: Many, row: Row, other: str) -> None:
    """Associates; a link that is there already is a duplicate key (inferred)."""
    session.require(many.privilege, table.entity)
    near, far, rows = _ends(session, table, many, row, other)
    _same_unit(many, *rows)
    held = session.organisation[many.held_in].setdefault(near, {})
    if held.get(far):
        raise DataverseError(412, "0x80040237", "Cannot insert duplicate key.")
    held[far] = True


def unlink(session: Session, table: Table, many: Many, row: Row, other: str) -> None:
    session.require(many.privilege, table.entity)
    near, far, _rows = _ends(session, table, many, row, other)
    held = session.organisation[many.held_in].get(near, {})
    if not held.get(far):
        raise missing(many.held_in, other)
    del held[far]


def referenced(session: Session, reference: object, target: str) -> str:
    """The id in an `@odata.id` or a bind: absolute, or relative to the service's root."""
    matched = REFERENCE.fullmatch(unquote(reference)) if isinstance(reference, str) else None
    if matched is None:
        raise bad_payload(f"'{reference}' is no reference to a row of '{target}'.")
    if matched["host"] and matched["host"].lower() not in organisation_hosts(session.organisation):
        raise bad_query("The reference is to another organisation.")
    if matched["set"] != target:
        raise bad_payload(f"'{reference}' is no row of '{target}'.")
    return named(session, TABLES[target], matched["key"], {}).id()


def _ends(
    session: Session, table: Table, many: Many, row: Row, other: str
) -> tuple[str, str, tuple[Row, Row]]:
    here, _ = found(session, table, row[table.key])
    there, other_row = found(session, TABLES[many.target], other)
    return (there, here, (other_row, row)) if many.reverse else (here, there, (row, other_row))


def _same_unit(many: Many, holder: Row, role: Row) -> None:
    """A user or team gets the copy of a role that is of its own business unit.

    The rule is in the security documentation; code and status are inferred.
    """
    units = holder.get("_businessunitid_value"), role.get("_businessunitid_value")
    if many.held_in in ("user_roles", "team_roles") and units[0] != units[1]:
        raise DataverseError(
            400, "0x80040203", "The role is not of the business unit of the user or team."
        )
