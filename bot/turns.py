"""The port `Turns`: what jobs begin goes to the dispatcher, which is made after them."""

from collections.abc import Callable

from connection.asks import Ask


class Turns:
    """Until the dispatcher is there, and at the command line, what was accepted stands in the
    inbox, where a bot that starts finds it."""

    def __init__(self) -> None:
        self._nudge: Callable[[Ask], None] | None = None

    def nudge_with(self, nudge: Callable[[Ask], None]) -> None:
        """From now on."""
        self._nudge = nudge

    def nudge(self, ask: Ask) -> None:
        """See `connection.ports.Turns`."""
        if self._nudge is not None:
            self._nudge(ask)
