"""A secret on its way to the bot: what was asked for, what was given, and what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from connection.asks import Place
from connection.errors import Mistake
from connection.identities import SecretOrigin, SecretRef
from connection.people import Person

LINK_LIFE = timedelta(minutes=10)
WORD_LIFE = timedelta(minutes=30)
"""How long a given value waits for the word of the person it was asked from."""


class HandoverState(StrEnum):
    """OPEN: a link leads to a form. GIVEN: a value waits for its person's word. MADE: a new
    certificate waits until Entra knows it."""

    OPEN = "open"
    GIVEN = "given"
    MADE = "made"
    KEPT = "kept"
    USED_ONCE = "used once"
    DISCARDED = "discarded"
    EXPIRED = "expired"
    VOID = "void"


_OPEN = frozenset({HandoverState.GIVEN, HandoverState.DISCARDED, HandoverState.EXPIRED})
NEXT: dict[HandoverState, frozenset[HandoverState]] = {
    HandoverState.OPEN: _OPEN | {HandoverState.VOID},
    HandoverState.GIVEN: frozenset(
        {
            HandoverState.KEPT,
            HandoverState.USED_ONCE,
            HandoverState.DISCARDED,
            HandoverState.EXPIRED,
            HandoverState.VOID,
        }
    ),
    HandoverState.MADE: frozenset(
        {HandoverState.KEPT, HandoverState.DISCARDED, HandoverState.EXPIRED, HandoverState.VOID}
    ),
}
"""From a waiting state to what may come of it; every other state is an end."""

WAITING = tuple(NEXT)
_ENDS = {
    HandoverState.KEPT: "it was kept",
    HandoverState.USED_ONCE: "it was used for one test and is gone",
    HandoverState.DISCARDED: "it was discarded",
    HandoverState.EXPIRED: "its time was over",
    HandoverState.VOID: "the setup was changed meanwhile",
    HandoverState.GIVEN: "a value was given already",
}


@dataclass(frozen=True, slots=True)
class Handover:
    """One secret of a connection, asked from one person.

    `secret_id` is what a given value is sealed or held under, '' before; `in_memory` says that
    it is not sealed. The state ends at `ends_at`; `secret_expires_at` is the secret's own end.
    """

    id: str
    workspace: str
    connection_id: str
    field: str
    origin: SecretOrigin
    person: Person
    place: Place
    state: HandoverState
    created_at: datetime
    ends_at: datetime
    secret_id: str = ""
    in_memory: bool = False
    fingerprint_end: str = ""
    secret_expires_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether something is still to become of it."""
        return self.state in NEXT

    @property
    def ref(self) -> SecretRef:
        """What the given value is sealed as."""
        return SecretRef(
            self.secret_id, self.workspace, self.connection_id, self.field, self.origin
        )

    def becomes(self, state: HandoverState, now: datetime) -> "Handover":
        """Raises `Mistake` where that cannot come of it any more."""
        if state is not HandoverState.EXPIRED and self.waits and now >= self.ends_at:
            raise over(HandoverState.EXPIRED)
        if state not in NEXT.get(self.state, frozenset()):
            raise over(self.state)
        return replace(self, state=state)


def over(state: HandoverState) -> Mistake:
    """What the person who comes too late is told."""
    why = _ENDS.get(state, "nothing was given yet")
    if state is HandoverState.OPEN:
        return Mistake("Nothing was given yet.", "Open the form and give the secret first.")
    return Mistake(f"This cannot be done any more: {why}.", "Start anew with /d365 secret.")
