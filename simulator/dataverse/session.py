"""One authenticated call to a Sales organisation: whose it is, and what that user may."""

from dataclasses import dataclass, field
from typing import Any

from simulator.dataverse.errors import DataverseError
from simulator.dataverse.intersections import linked_rows
from simulator.dataverse.paging import Pages
from simulator.dataverse.places import Places
from simulator.dataverse.shapes import Table
from simulator.dataverse.tables import TABLES
from simulator.world import World

Row = dict[str, Any]


@dataclass(frozen=True)
class Memory:
    """What is remembered from call to call, to be quick."""

    places: Places = field(default_factory=Places)
    pages: Pages = field(default_factory=Pages)


@dataclass(frozen=True)
class Session:
    """`user` acts, `caller` is whose token it is: they differ under impersonation.

    `base` is the root of the service as the call named it, without a slash at the end.
    """

    world: World
    organisation: dict[str, Any]
    user: Row
    caller: Row
    privileges: frozenset[str]
    base: str
    memory: Memory

    @property
    def is_administrator(self) -> bool:
        return "*" in self.privileges

    def rows(self, entity_set: str) -> dict[str, Row]:
        table = TABLES.get(entity_set)
        if table is not None and table.intersects is not None:
            return linked_rows(self.organisation, table, table.intersects)
        rows: dict[str, Row] = self.organisation["tables"].setdefault(entity_set, {})
        return rows

    def key_of(self, entity_set: str, column: str, record: str) -> str | None:
        """The readable key of the row with this id."""
        return self.memory.places.key_of(self.organisation, entity_set, column, record)

    def table(self, entity_set: str) -> Table | None:
        """The table of this name, if what brings it along is installed."""
        table = TABLES.get(entity_set)
        return table if table is not None and self.has(table) else None

    def has(self, table: Table) -> bool:
        """A table of a solution is there while the solution is."""
        solutions = self.rows("solutions").values()
        return table.solution is None or any(
            row.get("uniquename") == table.solution for row in solutions
        )

    def tables(self) -> list[Table]:
        return [table for table in TABLES.values() if self.has(table)]

    def require(self, privilege: str, entity: str) -> None:
        """Raises 0x80040220 with the privilege's name (error reference: PrivilegeDenied)."""
        if self.is_administrator or privilege in self.privileges:
            return
        raise DataverseError(
            403,
            "0x80040220",
            f"Principal user (Id={self.user['systemuserid']}, type=8) is missing {privilege} "
            f"privilege on entity '{entity}'.",
        )
