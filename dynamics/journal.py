"""Carries out the port `Exchanges`: what was sent and answered, noted with every secret masked."""

from collections import deque

from connection.errors import RemoteFault
from connection.exchanges import Exchange, Exchanges
from dynamics.calls import Answer, Call
from dynamics.echoes import secrets_sent
from dynamics.masking import masked_answer, masked_url

MOST = 20
"""Of one check, the newest: the last answer is the one that it came to grief over."""


class Journal:
    """In memory, and only of those correlation ids that are watched."""

    def __init__(self) -> None:
        self._noted: dict[str, deque[Exchange]] = {}

    def watch(self, correlation: str) -> None:
        """See `connection.exchanges.Exchanges`."""
        self._noted[correlation] = deque(maxlen=MOST)

    def taken(self, correlation: str) -> tuple[Exchange, ...]:
        """See `connection.exchanges.Exchanges`."""
        return tuple(self._noted.pop(correlation, ()))

    def answered(self, call: Call, url: str, answer: Answer, ms: int) -> None:
        """An answer came, whatever it says."""
        if self._wanted(call):
            said = masked_answer(
                answer.text, answer.headers.get("content-type", ""), secrets_sent(call)
            )
            self._note(call, url, answer.status, ms, answer.reference, said)

    def unanswered(self, call: Call, url: str, fault: RemoteFault, ms: int) -> None:
        """None came."""
        if self._wanted(call):
            self._note(call, url, 0, ms, "", masked_answer(fault.message, "", secrets_sent(call)))

    def _wanted(self, call: Call) -> bool:
        return call.correlation in self._noted

    def _note(
        self, call: Call, url: str, status: int, ms: int, reference: str, answer: str
    ) -> None:
        service, method = call.service.value, call.method
        where = masked_url(url, secrets_sent(call))
        exchange = Exchange(service, method, where, status, ms, reference, answer)
        self._noted[call.correlation].append(exchange)


_: type[Exchanges] = Journal
