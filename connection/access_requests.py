"""A role that waits for a second admin."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from connection.asks import Place
from connection.people import Grant, Person

LIFE = timedelta(days=1)


class AccessState(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """`number` is what people type; it counts within a workspace."""

    id: str
    number: int
    grant: Grant
    asked_by: Person
    place: Place
    state: AccessState
    asked_at: datetime
    ends_at: datetime
    decided_by: str = ""
