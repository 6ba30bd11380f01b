"""What a row of the table of commands consists of."""

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from connection.asks import Ask
from connection.entry import Terms
from connection.service import ConnectionService


@dataclass(frozen=True, slots=True)
class Command:
    """A row of `COMMANDS`. `carry_out` is the use case that the job awaits; `takes_more` allows
    words after the connection, or in place of one; `note` stands in help, `more` only where help
    is asked about this command alone. With `known_words` nothing else is taken behind the
    connection, because people might type a secret there; `behind` it are words that it takes where
    it takes no others. Words `in_place` of a connection mean the
    default one, and no connection is called so."""

    word: str
    usage: str
    summary: str
    terms: Terms
    carry_out: Callable[[ConnectionService, Ask], Awaitable[None]] = field(repr=False)
    takes_more: bool = False
    note: str = ""
    more: str = ""
    known_words: frozenset[str] | None = None
    behind: frozenset[str] = frozenset()
    in_place: frozenset[str] = frozenset()

    def bound_to(self, service: ConnectionService) -> Callable[[Ask], Awaitable[None]]:
        """The work of a job for this command."""
        return functools.partial(self.carry_out, service)
