"""What a table of Dataverse is made of: columns, lookups and many-to-many links."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.odata.kinds import Kind


@dataclass(frozen=True)
class Column:
    """`options` are the numbers of a choice with their labels (in a world of one language)."""

    kind: Kind
    writes: bool = False
    limit: int | None = None
    options: Mapping[int, str] | None = None


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
class Intersection:
    """What a table of links says: the links are kept under `held_in`; each end is a set and the
    column of its id."""

    held_in: str
    near: tuple[str, str]
    far: tuple[str, str]


@dataclass(frozen=True)
class Table:
    """`keys` are alternate keys: the columns of each. `solution` brings the table along;
    `needed` are columns that may not be empty. One that `intersects` has no rows of its own."""

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
    keys: tuple[tuple[str, ...], ...] = ()
    solution: str | None = None
    needed: tuple[str, ...] = ()
    intersects: Intersection | None = None
