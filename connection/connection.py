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
    if (
        connection.wanted is not Wanted.UNDECIDED
        and connection.observed.value != connection.wanted.value
    ):
        return "mismatch"
    return connection.observed.value
