"""Carrying out an accepted ask: once more after a crash, and answered whatever happens."""

import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping

from connection.accepting import settle
from connection.asks import Answer, Ask, Tone
from connection.audit import AuditTag
from connection.entry import Terms
from connection.errors import AdminError
from connection.patience import PATIENCE
from connection.ports import Ports, Transaction
from connection.showing import reply

log = logging.getLogger(__name__)

Work = Callable[[Ask], Awaitable[None]]


class Carrier:
    """The body of every job. `works` maps acts to the use case that carries them out, and to the
    terms on which it may be; None for an act of the bot's own, of whom nobody asks who it is."""

    def __init__(self, ports: Ports, works: Mapping[str, tuple[Terms | None, Work]]) -> None:
        self._ports = ports
        self._works = works

    async def carry_out(self, ask_id: str) -> None:
        """Do what was asked, or say why not. A finished ask is left alone.

        Who asks is looked at once more, right before: a job may run long after its ask.
        """
        ask = await self._ports.ledger.read(
            lambda reading: reading.ask(ask_id) if reading.ask_is_open(ask_id) else None
        )
        if ask is None:
            return
        try:
            terms, work = self._works[ask.act]
            await work(await settle(self._ports, ask, terms, PATIENCE) if terms else ask)
        except AdminError as error:
            await self._reply(ask, Answer(Tone.REFUSED, error.message, error.hint))
        except Exception as error:  # noqa: BLE001 - a job ends with an answer, whatever happened
            await self._apologise(ask, error)

    async def _reply(self, ask: Ask, said: Answer) -> None:
        now = self._ports.clock.now()
        await self._ports.ledger.run(lambda tx: reply(tx, ask, said, now))
        self._ports.messenger.nudge()

    async def _apologise(self, ask: Ask, error: Exception) -> None:
        """A bug: a reference for the person, and the traceback under the same reference."""
        reference = uuid.uuid4().hex[:8]
        log.error("job failed", exc_info=error, extra={"reference": reference, "act": ask.act})
        now = self._ports.clock.now()
        said = Answer(
            Tone.BROKEN,
            f"Something went wrong on my side. The reference is {reference}.",
            "Try again; if it happens again, tell whoever runs this bot the reference.",
        )

        def work(tx: Transaction) -> None:
            tx.record(
                at=now,
                workspace=ask.workspace,
                actor=ask.person,
                tag=AuditTag.JOB_FAILED,
                connection=ask.subject if tx.connection(ask.subject) else "",
                details={
                    "connection": ask.connection,
                    "act": ask.act,
                    "reference": reference,
                },
            )
            reply(tx, ask, said, now)

        await self._ports.ledger.run(work)
        self._ports.messenger.nudge()
