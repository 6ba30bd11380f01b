"""What a row of `STEPS` consists of."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from connection.changes.plan import Act, Values
from connection.changes.scene import Scene


class Side(StrEnum):
    """Where a step changes something."""

    SALES = "Sales"
    BUSINESS_CENTRAL = "Business Central"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a step wants; see `PlannedStep` for the rest."""

    wanted: Values
    by_hand: str = ""
    note: str = ""
    again: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """`look` reads what is, `aim` says what is wanted (None: the step is no part of this plan), and
    `put` makes it so, given the keys that differ; None where Business Central does it of itself.

    `look` raises `ByHand` where it cannot be read; an `optional` step is left out then. `hand` says
    what a person does. `undo` says that it can be taken back, `blank` what then stands in place
    of values that nobody can read. Values of a step that `follows` another may move by themselves
    once that one is done. `privileges` are those that the bot's user
    in Sales needs.
    """

    id: str
    title: str
    acts: frozenset[Act]
    look: Callable[[Scene], Awaitable[Values]] = field(repr=False)
    aim: Callable[[Scene, Values], Awaitable[Aim | None]] = field(repr=False)
    put: Callable[[Scene, Mapping[str, str]], Awaitable[None]] | None = field(
        default=None, repr=False
    )
    hand: Callable[[Scene, Values], str] | None = field(default=None, repr=False)
    undo: bool = True
    blank: Values = field(default_factory=dict)
    optional: bool = False
    follows: str = ""
    privileges: tuple[str, ...] = ()
    side: Side = Side.BUSINESS_CENTRAL
