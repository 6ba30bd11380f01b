"""How far an apply is: kept before and after every change, audited, and shown in place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from connection.asks import Ask
from connection.audit import AuditTag
from connection.changes.plan import public
from connection.changes.record import keep, record
from connection.changes.request import Request, RequestState, StepRun, StepState
from connection.changes.running import end_run, interrupt
from connection.connection import Observed
from connection.names import veiled
from connection.people import BOT
from connection.ports import Ports, Transaction


class Superseded(Exception):
    """The request was ended, or runs anew, while this run was under way."""


class Progress:
    """Of one run of one request. Every method commits, and shows.

    Raises `Superseded` where the request is not this run's any more.
    """

    SAID_DONE: ClassVar[str] = "Said to be done"
    BELIEVED: ClassVar[str] = "Said to be done by hand."

    def __init__(self, ports: Ports, ask: Ask, request: Request) -> None:
        self._ports = ports
        self._ask = ask
        self.request = request

    def step(self, step_id: str) -> StepRun:
        """As it is now."""
        return next(one for one in self.request.steps if one.step == step_id)

    async def begin(self) -> None:
        """Audited at the first try only; a run that goes on after a crash begins no new one."""
        begun = any(one.state is StepState.RUNNING for one in self.request.steps)

        def work(tx: Transaction) -> None:
            if not begun:
                details = {"hash": self.request.plan_hash, "run": self.request.runs}
                self._record(tx, AuditTag.APPLY_STARTED, details)

        await self._ports.ledger.run(work)

    async def start(self, step_id: str, changes: Mapping[str, str]) -> None:
        """Right before something is changed. After a crash it is the same start."""
        again = self.step(step_id).state is StepState.RUNNING
        changed = self._with(step_id, StepState.RUNNING, reached=True)
        told = {key: _short(public(key, value)) for key, value in changes.items()}
        tag = None if again else AuditTag.STEP_STARTED
        await self._keep(changed, tag, {"step": step_id, "wanted": told}, final=False)

    async def percent(self, step_id: str, percent: float, job: str) -> None:
        """Of an import. Its job's id is kept before it is started."""
        now = self.step(step_id)
        if (round(now.percent), now.job) != (
            round(percent),
            job,
        ) or now.state is not StepState.RUNNING:
            changed = self._with(step_id, StepState.RUNNING, percent=percent, job=job, reached=True)
            await self._keep(changed, None, {}, final=False)

    async def done(self, step_id: str, said: str = "") -> None:
        """Changed, and read back."""
        await self.over(step_id, StepState.DONE, said)

    async def over(self, step_id: str, state: StepState, said: str = "") -> None:
        """Done now, or so before."""
        changed = self._with(step_id, state, said=said, hint="", words="", percent=0.0)
        details = {"step": step_id, "outcome": state.value}
        await self._keep(changed, AuditTag.STEP_FINISHED, details, final=False)

    async def fail(self, step_id: str, said: str, hint: str, words: str = "") -> None:
        """The step did not become so; the apply is over for now."""
        failed = self._with(step_id, StepState.FAILED, said=said, hint=hint, words=words, job="")
        details = {"step": step_id, "because": said}
        await self._interrupt(failed, RequestState.STOPPED, AuditTag.STEP_FAILED, details)

    async def stop(self, said: str, hint: str) -> None:
        """It cannot go on, and no step is to blame."""
        text = f"{said} {hint}".strip()
        stopped = replace(self.request, said=text)
        await self._interrupt(
            stopped, RequestState.STOPPED, AuditTag.APPLY_STOPPED, {"because": text}
        )

    async def wait_for_hand(self, step_id: str, why: str, hand: str, words: str = "") -> None:
        """Somebody does it in Business Central, and says so."""
        waits = self._with(step_id, StepState.BY_HAND, said=why, hint=hand, words=words)
        details = {"step": step_id, "because": f"by hand: {why}"}
        await self._interrupt(waits, RequestState.APPLYING, AuditTag.APPLY_WAITS, details)

    async def wait_for_sign_in(self, step_id: str, why: str) -> None:
        """An administrator's rights are needed, and are in nobody's memory."""
        waits = replace(self._with(step_id, StepState.WAITING), said=why, sign_in="")
        details = {"step": step_id, "because": why}
        await self._interrupt(
            waits, RequestState.WAITING_FOR_SIGN_IN, AuditTag.APPLY_WAITS, details
        )

    async def void(self, said: str) -> None:
        """What was approved is not what would be done."""
        ended = replace(self.request, said=said)

        def work(tx: Transaction) -> None:
            self._still_ours(tx)
            self.request = end_run(tx, ended, RequestState.VOID, self._now())
            self._record(tx, AuditTag.REQUEST_VOIDED, {"because": said})
            tx.finish(self._ask.id, self._now())

        await self._run(work)

    async def finish(self) -> None:
        """All of it is so."""
        undone = self.request.undoes

        def work(tx: Transaction) -> None:
            self._still_ours(tx)
            self.request = end_run(tx, self.request, RequestState.APPLIED, self._now())
            self._see(tx)
            self._record(tx, AuditTag.APPLY_FINISHED, {"hash": self.request.plan_hash})
            earlier = tx.request(undone) if undone else None
            if earlier is not None:
                kept = keep(tx, replace(earlier, state=RequestState.UNDONE), self._now())
                record(
                    tx, kept, AuditTag.REQUEST_UNDONE, BOT, self._now(), {"by": self.request.title}
                )
            tx.finish(self._ask.id, self._now())

        await self._run(work)

    def _see(self, tx: Transaction) -> None:
        """What Business Central was read to be in the end; enabling clears why it was disabled."""
        for planned in self.request.plan.steps:
            read = self.step(planned.step).said != self.BELIEVED
            if planned.step == "enabled" and read:
                on = planned.wanted.get("Enabled") == "yes"
                seen = Observed.ENABLED if on else Observed.DISABLED
                tx.set_observed(self.request.connection_id, seen, self._now(), "" if on else None)

    async def _interrupt(
        self,
        request: Request,
        state: RequestState,
        tag: AuditTag,
        details: Mapping[str, object],
    ) -> None:
        def work(tx: Transaction) -> None:
            self._still_ours(tx)
            self.request = interrupt(tx, request, state, self._now())
            self._record(tx, tag, details)
            tx.finish(self._ask.id, self._now())

        await self._run(work)

    async def _keep(
        self,
        request: Request,
        tag: AuditTag | None,
        details: Mapping[str, object],
        *,
        final: bool,
    ) -> None:
        def work(tx: Transaction) -> None:
            self._still_ours(tx)
            self.request = keep(tx, request, self._now(), final=final)
            if tag is not None:
                self._record(tx, tag, details)

        await self._run(work)

    def _still_ours(self, tx: Transaction) -> None:
        now = tx.request(self.request.id)
        same = now is not None and (now.state, now.runs) == (
            RequestState.APPLYING,
            self.request.runs,
        )
        if not same or not tx.ask_is_open(self._ask.id):
            raise Superseded

    async def _run(self, work: Callable[[Transaction], None]) -> None:
        await self._ports.ledger.run(work)
        self._ports.messenger.nudge()

    def _record(self, tx: Transaction, tag: AuditTag, details: Mapping[str, object]) -> None:
        """By the bot; who asked and who approved stands in rows of their own."""
        record(tx, self.request, tag, BOT, self._now(), details)

    def _with(self, step_id: str, state: StepState, **changes: object) -> Request:
        at = self._now()
        steps = tuple(
            replace(one, state=state, at=at, **changes) if one.step == step_id else one  # type: ignore[arg-type]
            for one in self.request.steps
        )
        return replace(self.request, steps=steps)

    def _now(self) -> datetime:
        return self._ports.clock.now()


def _short(value: str) -> str:
    return veiled(value)[:200]
