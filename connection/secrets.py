"""What may be said of a stored secret without opening it."""

from dataclasses import dataclass
from datetime import datetime

from connection.identities import SecretRef
from connection.people import Person


@dataclass(frozen=True, slots=True)
class SecretFacts:
    """`fingerprint_end` is the last four characters of a keyed fingerprint, not of the secret."""

    ref: SecretRef
    fingerprint_end: str
    set_by: Person
    set_at: datetime
