"""The row that an address or a reference names: by its id, or by an alternate key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.dataverse.errors import DataverseError, missing
from simulator.dataverse.keys import absent_key, key_values, row_of_key
from simulator.dataverse.session import Session
from simulator.dataverse.shapes import Table

Row = dict[str, Any]
GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
REFERENCE = re.compile(
    r"(?:https://(?P<host>[^/]+)/api/data/v9\.\d/|/?(?:api/data/v9\.\d/)?)"
    r"(?P<set>\w+)\((?P<key>.+)\)"
)


@dataclass(frozen=True)
class Named:
    """`values` are the columns of the key with their values."""

    session: Session
    table: Table
    values: Mapping[str, Any]

    def known(self) -> Row | None:
        """The row, if there is one."""
        table = self.table
        if table.key not in self.values:
            return row_of_key(self.session, table, self.values)
        key = self.session.key_of(table.entity_set, table.key, str(self.values[table.key]))
        return None if key is None else self.session.rows(table.entity_set)[key]

    def absent(self) -> DataverseError:
        if self.table.key in self.values:
            return missing(self.table.entity, str(self.values[self.table.key]))
        return absent_key(self.table)

    def id(self) -> str:
        """Of a row that may be there or not, if that is how it is named."""
        table = self.table
        return str(self.values[table.key] if table.key in self.values else self.row()[table.key])

    def row(self) -> Row:
        """Raises 404: the code says by which kind of key it was named."""
        row = self.known()
        if row is None:
            raise self.absent()
        return row


def named(session: Session, table: Table, inside: str, aliases: Mapping[str, str]) -> Named:
    """`inside` is the text between the parentheses."""
    if re.fullmatch(GUID, inside):
        return Named(session, table, {table.key: inside.lower()})
    return Named(session, table, key_values(table, inside, aliases))
