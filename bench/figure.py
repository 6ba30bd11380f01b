"""One measured figure: rounds of ours, rounds of the reference, and what we aim for."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

Rounds = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number a round. `aim` is the largest ratio we want, None for what is only reported."""

    name: str
    unit: str
    ours: Rounds
    reference: Rounds
    aim: float | None = None
    more_is_better: bool = False

    @property
    def value(self) -> float:
        """The median of the rounds, as is `beside`."""
        return statistics.median(self.ours)

    @property
    def beside(self) -> float:
        return statistics.median(self.reference)

    @property
    def ratio(self) -> float:
        """Larger is worse, whatever the unit."""
        if self.more_is_better:
            return self.beside / self.value
        return self.value / self.beside

    @property
    def missed(self) -> bool:
        """Only what has an aim can miss it."""
        return self.aim is not None and self.ratio > self.aim

    def as_row(self, when: str) -> dict[str, str | float | None]:
        """As `results.json` keeps it."""
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "reference": round(self.beside, 4),
            "ratio": round(self.ratio, 4),
            "aim": self.aim,
            "when": when,
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
