"""What a scenario is: a merge patch on the healthy facts, and fault rules for what is no fact."""

from dataclasses import dataclass, field
from typing import Any

Patch = dict[str, Any]
Rule = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """`patch` changes the world; `faults` spoil answers where the world has no fact for it."""

    name: str
    says: str
    patch: Patch = field(default_factory=dict)
    faults: tuple[Rule, ...] = ()


def sales(patch: Patch) -> Patch:
    """A patch of the Sales organisation."""
    return {"sales": {"adventure": patch}}
