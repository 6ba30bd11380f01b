"""What a table of Dataverse is made of: columns, lookups and many-to-many links."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.odata.kinds import Kind


@dataclass(frozen=True)
class Column:
    kind: Kind
    writes: bool = False
    limit: int | None = None


@dataclass(frozen=True)
class Lookup:
    """A single-valued navigation property: the column that holds the id, and its target set."""

    column: str
    target: str
    writes: bool = False


@dataclass(frozen=True)
class Many:
    """A many-to-many link, kept in the organisation under `held_in`."""

    target: str
    held_in: str
    privilege: str
    reverse: bool = False


@dataclass(frozen=True)
class Table:
    entity_set: str
    entity: str
    key: str
    primary_name: str
    privilege: str
    columns: Mapping[str, Column]
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    many: Mapping[str, Many] = field(default_factory=dict)
    creates: bool = False
    updates: bool = False
    deletes: bool = False
