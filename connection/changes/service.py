"""The part of the connection service that changes both sides."""

from connection.asks import Ask
from connection.changes import applying, asking, deciding, ending, going_on
from connection.changes.plan import Act
from connection.changes.request import Verdict
from connection.ports import Ports


class ChangesService:
    """Each method is carried out by a job, but the last."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports

    async def ask_for(self, ask: Ask, act: Act) -> None:
        """See `connection.changes.asking.ask_for`."""
        await asking.ask_for(self.ports, ask, act)

    async def decide(self, ask: Ask, verdict: Verdict) -> None:
        """See `connection.changes.deciding.decide`."""
        await deciding.decide(self.ports, ask, verdict)

    async def request(self, ask: Ask) -> None:
        """See `connection.changes.going_on.request`."""
        await going_on.request(self.ports, ask)

    async def apply(self, ask: Ask) -> None:
        """See `connection.changes.applying.apply`."""
        await applying.apply(self.ports, ask)

    async def end_overdue_requests(self) -> None:
        """See `connection.changes.ending.end_overdue`."""
        await ending.end_overdue(self.ports)
