"""What is set, beside what the defaults would be: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connection.remote import JobQueueEntry, TableMapping
from connection.sync.defaults import MAPPING_JOB, OTHER_JOBS, Default, defaults_of


@dataclass(frozen=True, slots=True)
class Row:
    """One mapping: as it is set, None where it is missing, beside its default, None where it is
    none. `jobs` are the states of its jobs, None where they cannot be told apart."""

    name: str
    mapping: TableMapping | None
    default: Default | None
    jobs: tuple[str, ...] | None

    @property
    def differs(self) -> tuple[str, ...]:
        """What is not as the defaults have it; `missing` stands alone."""
        if self.mapping is None:
            return ("missing",)
        if self.default is None:
            return ()
        same = {
            "direction": self.mapping.direction == self.default.direction,
            "coupled": self.mapping.only_coupled is self.default.coupled,
            "job": self.jobs is None or bool(self.jobs) is self.default.job,
        }
        return tuple(name for name, holds in same.items() if not holds)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows of the defaults first, in their order, then the company's own by name. `others`:
    codeunit → states of the jobs that belong to no mapping. `unnamed`: states of mapping jobs whose
    description names no mapping, as where Business Central speaks another language."""

    version: int
    rows: tuple[Row, ...]
    others: Mapping[int, tuple[str, ...]]
    unnamed: tuple[str, ...]

    @property
    def deviating(self) -> int:
        """Defaults that are missing or set otherwise."""
        return sum(bool(row.differs) for row in self.rows)


def compare(
    version: int, mappings: Sequence[TableMapping], jobs: Sequence[JobQueueEntry]
) -> Comparison:
    """`version` is Business Central's major version. A job names its mapping in its description."""
    held = {mapping.name.upper(): mapping for mapping in mappings}
    defaults = [one for one in defaults_of(version) if one.name in held or not one.conditional]
    names = [*(one.name for one in defaults), *sorted(held.keys() - {one.name for one in defaults})]
    by_name = {one.name: one for one in defaults}
    states: dict[str, list[str]] = {}
    for job in jobs:
        if job.codeunit == MAPPING_JOB:
            states.setdefault(_named_in(job.description, names), []).append(job.status)
    unnamed = tuple(states.pop("", ()))
    rows = [
        Row(
            name,
            held.get(name),
            by_name.get(name),
            None if unnamed else tuple(states.get(name, ())),
        )
        for name in names
    ]
    others = {
        codeunit: tuple(job.status for job in jobs if job.codeunit == codeunit)
        for codeunit in OTHER_JOBS
    }
    return Comparison(version, tuple(rows), others, unnamed)


def _named_in(description: str, names: Iterable[str]) -> str:
    """The longest name that it begins with; '' for none."""
    said = description.strip().upper()
    return max((name for name in names if said.startswith(f"{name} - ")), key=len, default="")
