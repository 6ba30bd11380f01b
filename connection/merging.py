"""Two people edited the same setup: what both wanted together, and where they disagree."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merge:
    """`values` has mine where only I changed a field and theirs where only they did.

    `theirs` names the fields that they changed, `conflicts` those that both changed to different
    values; for these `values` has mine.
    """

    values: Mapping[str, str]
    theirs: tuple[str, ...]
    conflicts: tuple[str, ...]


def merge(base: Mapping[str, str], mine: Mapping[str, str], saved: Mapping[str, str]) -> Merge:
    """Three-way, field by field; `saved` is what somebody else stored on top of `base`."""
    theirs = tuple(name for name in mine if saved.get(name) != base.get(name))
    conflicts = tuple(
        name for name in theirs if mine[name] != base.get(name) and mine[name] != saved.get(name)
    )
    values = {
        name: saved.get(name, "") if name in theirs and mine[name] == base.get(name) else mine[name]
        for name in mine
    }
    return Merge(values, theirs, conflicts)
