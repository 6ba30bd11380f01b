"""What a check asked the services and what they answered, so that a person can see why."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. Nothing secret is in it: tokens, passwords, secrets, keys and
    assertions are masked before it is made.

    `status` is 0 where no answer came, and `answer` then says why; `ms` is milliseconds;
    `reference` is the service's own id of the request.
    """

    service: str
    method: str
    url: str
    status: int
    ms: int
    reference: str
    answer: str


class Exchanges(Protocol):
    """Notes what is sent under a correlation id, while somebody wants to know."""

    def watch(self, correlation: str) -> None:
        """From now on."""
        ...

    def taken(self, correlation: str) -> tuple[Exchange, ...]:
        """In the order of the answers; nothing is noted any more. Harmless without `watch`."""
        ...
