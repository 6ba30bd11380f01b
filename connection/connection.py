"""A named connection: what is wanted of it, what was last seen of it, and its state in a word."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Wanted(StrEnum):
    """What the people of this workspace decided."""

    UNDECIDED = "undecided"
    ENABLED = "enabled"
    DISABLED = "disabled"


class Observed(StrEnum):
    """What Business Central and Sales were last seen to be; they are the truth."""

    UNKNOWN = "unknown"
    DISABLED = "disabled"
    ENABLED = "enabled"
    MISMATCH = "mismatch"


class Run(StrEnum):
    """Whether a change is under way."""

    NONE = "none"
    ENABLING = "enabling"
    DISABLING = "disabling"
    CHANGING = "changing"  # a single step
    STOPPED = "stopped"


class Health(StrEnum):
    """What the last finished test came to."""

    UNTESTED = "untested"
    HEALTHY = "healthy"
    PARTLY = "partly"  # nothing failed, and something was skipped
    WARNING = "warning"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Connection:
    """The row of a connection; its setup fields live in append-only revisions (`SavedSetup`)."""

    id: str
    workspace: str
    name: str
    is_default: bool
    wanted: Wanted
    observed: Observed
    observed_at: datetime | None
    run: Run
    health: Health
    disable_reason: str
    created_at: datetime


def state_word(connection: Connection) -> str:
    """The one word or two shown for a connection."""
    if connection.run is not Run.NONE:
        return connection.run.value
    if connection.observed is Observed.UNKNOWN:
        return "not known yet"
    if connection.observed is Observed.DISABLED and connection.disable_reason:
        return "disabled by Business Central"
    if _is_mismatch(connection):
        return Observed.MISMATCH.value
    return connection.observed.value


def _is_mismatch(connection: Connection) -> bool:
    decided = connection.wanted is not Wanted.UNDECIDED
    return decided and connection.observed.value != connection.wanted.value


def seen_since(connection: Connection) -> datetime | None:
    """Since when the bot has seen what `state_word` says; None while a change is under way, and
    where nothing was seen."""
    under_way = connection.run is not Run.NONE
    return None if under_way or connection.observed is Observed.UNKNOWN else connection.observed_at


def state_details(connection: Connection) -> tuple[str, str]:
    """What is amiss with the state and what to do about it; '' and '' where nothing is."""
    name, observed = connection.name, connection.observed
    if connection.run is not Run.NONE or observed is Observed.UNKNOWN:
        return "", ""
    if observed is Observed.DISABLED and connection.disable_reason:
        return (
            "Business Central could not use the connection and disabled it.",
            f"Correct what it says, look with /d365 test {name}, then /d365 enable {name}.",
        )
    if observed is Observed.MISMATCH:
        return (
            "Business Central and Sales do not agree.",
            f"/d365 test {name} says where; then /d365 enable {name} or /d365 disable {name}.",
        )
    if not _is_mismatch(connection):
        return "", ""
    said = f"It was to be {connection.wanted.value}, and Business Central shows it {observed.value}"
    again, instead = _ACTS[connection.wanted], _OPPOSITES[connection.wanted]
    return (
        f"{said}: somebody changed it there, or a change of it did not last.",
        f"/d365 {again} {name} makes it so again; /d365 {instead} {name} says that it may stay so.",
    )


_ACTS = {Wanted.ENABLED: "enable", Wanted.DISABLED: "disable"}
_OPPOSITES = {Wanted.ENABLED: "disable", Wanted.DISABLED: "enable"}
