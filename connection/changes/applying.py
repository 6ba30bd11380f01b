"""Applying an approved plan: step by step, each one read, changed if it differs, and read back.

A job carries it out, once more after a crash: it goes on at the step that was reached. Steps
converge, so that one that ran twice leaves what one run leaves (architecture, decisions 4 and 12).
"""

import logging
import uuid
from functools import partial

from connection.asks import Ask
from connection.changes.errors import ByHand, NeedsAdministrator, is_by_hand
from connection.changes.opening import scene_of_request
from connection.changes.plan import PlannedStep, Values, differences, public, satisfied
from connection.changes.planning import needs_administrator, was_reached
from connection.changes.progress import Progress, Superseded
from connection.changes.request import Request, RequestState, StepRun, StepState
from connection.changes.running import SETUP_CHANGED
from connection.changes.scene import Scene
from connection.changes.step import Step
from connection.changes.table import BY_ID
from connection.errors import AdminError, RemoteFault, RequestRefused
from connection.names import names_in, veiled
from connection.ports import Ports

log = logging.getLogger(__name__)

_OVER = (StepState.DONE, StepState.ALREADY)
_CHECKS = "checks"
"""Made anew in each run: they say which version the steps meet, and only read."""


class _Stopped(Exception):
    """Nothing more is done now; the request says why."""


async def apply(ports: Ports, ask: Ask) -> None:
    """The body of an apply's job. Whatever happens, the request says how it stands."""
    request = await ports.ledger.read(lambda reading: reading.request(ask.rest))
    if request is None or request.state is not RequestState.APPLYING:
        now = ports.clock.now()
        await ports.ledger.run(lambda tx: tx.finish(ask.id, now))
        return
    progress = Progress(ports, ask, request)
    try:
        saved = await ports.ledger.read(lambda reading: reading.setup(request.connection_id))
        if saved.revision != request.plan.revision:
            await progress.stop(SETUP_CHANGED, f"Leave {request.title} as it is, and ask anew.")
            return
        scene = await scene_of_request(ports, request)
        await _Apply(progress, scene).run()
    except (_Stopped, Superseded):
        return
    except AdminError as error:
        names = await _names_of(ports, request)
        said = error.unquoted if isinstance(error, RemoteFault) else error.message
        await progress.stop(veiled(said, names), veiled(error.hint, names))
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("apply broke off", extra={"reference": reference})
        said = f"Something went wrong in the bot; the reference is {reference}."
        hint = "Resume; if it happens again, tell whoever runs this bot the reference."
        await progress.stop(said, hint)


async def _names_of(ports: Ports, request: Request) -> tuple[str, ...]:
    saved = await ports.ledger.read(
        lambda reading: reading.revision(request.connection_id, request.plan.revision)
    )
    return names_in(saved.setup) if saved else ()


class _Apply:
    """One run. `progress` is what people see and what is kept."""

    def __init__(self, progress: Progress, scene: Scene) -> None:
        self._progress = progress
        self._scene = scene
        self._names = names_in(scene.setup)

    async def run(self) -> None:
        """Raises `_Stopped` where it ends before the last step."""
        await self._progress.begin()
        plan = self._progress.request.plan
        for planned in plan.steps:
            if planned.step == _CHECKS:  # before anything is read that acts
                await self._carry_out(BY_ID[_CHECKS], planned)
        await self._nothing_moved()
        await self._somebody_may()
        for planned in plan.steps:
            if self._progress.step(planned.step).state not in _OVER:
                await self._carry_out(BY_ID[planned.step], planned)
        await self._read_back()
        await self._progress.finish()

    async def _nothing_moved(self) -> None:
        """Each value is the approved *before* or *wanted*, or the request is void."""
        moved: list[str] = []
        request = self._progress.request
        for planned in request.plan.steps:
            step = BY_ID[planned.step]
            if step.put is None or self._may_have_moved(step, request):
                continue
            if self._progress.step(planned.step).state in _OVER:
                continue
            current = await self._seen(step, planned)
            moved += self._moved(step, planned, current or {}) if current is not None else []
        await self._void_if(moved)

    def _moved(self, step: Step, planned: PlannedStep, current: Values) -> list[str]:
        return [
            f"{step.title}, {key}: {public(key, current.get(key, 'nothing'))}, "
            f"not {public(key, planned.before.get(key, 'nothing'))}"
            for key in differences(planned, current)
        ]

    async def _void_if(self, moved: list[str]) -> None:
        if moved:
            told = "; ".join(veiled(one, self._names) for one in moved)
            await self._progress.void(f"Somebody changed it after it was approved: {told}.")
            raise _Stopped

    async def _somebody_may(self) -> None:
        """Better to wait for an administrator before the first step than in the middle."""
        request = self._progress.request
        left = [
            one for one in request.plan.steps if self._progress.step(one.step).state not in _OVER
        ]
        if request.sign_in or not await needs_administrator(self._scene, left):
            return
        why = "The bot's own user in Sales lacks a right that the next steps need."
        await self._progress.wait_for_sign_in(left[0].step, why)
        raise _Stopped

    def _may_have_moved(self, step: Step, request: Request) -> bool:
        return bool(step.follows) and was_reached(request, step.follows)

    async def _seen(self, step: Step, planned: PlannedStep) -> Values | None:
        """None where it cannot be read, and need not be."""
        try:
            return await step.look(self._scene)
        except ByHand:
            return None
        except RemoteFault:
            if planned.by_hand:
                return None
            raise

    async def _carry_out(self, step: Step, planned: PlannedStep) -> None:
        """Raises `_Stopped` unless it is done."""
        try:
            await self._converge(step, planned)
        except ByHand as hand:
            await self._wait_for_hand(step, planned, hand.message)
        except NeedsAdministrator as refused:
            await self._progress.wait_for_sign_in(planned.step, refused.message)
            raise _Stopped from None
        except AdminError as error:
            if isinstance(error, RemoteFault) and is_by_hand(error) and step.hand is not None:
                await self._wait_for_hand(
                    step, planned, self._told(error).rstrip("."), error.quoted
                )
            words = error.quoted if isinstance(error, RemoteFault) else ""
            said, hint = self._told(error), self._veiled(error.hint)
            await self._progress.fail(planned.step, said, hint, words)
            raise _Stopped from error

    async def _converge(self, step: Step, planned: PlannedStep) -> None:
        run = self._progress.step(planned.step)
        current = await self._current(step, planned, run)
        if current is None:  # nobody can read it, and somebody said that it is done
            await self._progress.done(planned.step, Progress.BELIEVED)
            return
        to_write = planned.again and (planned.unread or not planned.by_hand)
        if satisfied(planned, current) and not to_write:
            state = StepState.DONE if run.reached else StepState.ALREADY
            await self._progress.over(planned.step, state)
            return
        if step.put is None or (planned.by_hand and not planned.unread):
            raise ByHand(planned.by_hand or "Business Central has not done it by itself")
        if not run.reached and not self._may_have_moved(step, self._progress.request):
            await self._void_if(self._moved(step, planned, current))
        changes = _changes(planned, current)
        await self._progress.start(planned.step, changes)
        self._scene.job = self._job(run)
        self._scene.tell = partial(self._progress.percent, planned.step)
        await step.put(self._scene, changes)
        after = await step.look(self._scene)
        if not satisfied(planned, after):
            raise AdminError(
                f"It was written, and is not so: {_unlike(planned, after)}.",
                "Look whether somebody changes it at the same time, then resume.",
            )
        await self._progress.done(planned.step)

    async def _current(self, step: Step, planned: PlannedStep, run: StepRun) -> Values | None:
        """None where somebody said that it is done and nobody can read it."""
        said_done = run.state is StepState.BY_HAND and run.said == Progress.SAID_DONE
        try:
            return await step.look(self._scene)
        except RemoteFault as fault:
            if not planned.by_hand:
                raise
            if said_done and not isinstance(fault, RequestRefused):
                return None
            raise ByHand(self._told(fault).rstrip(".")) from fault
        except ByHand:
            if said_done:
                return None
            raise

    def _job(self, run: StepRun) -> str:
        """The same one after a crash, another one after it failed and was resumed."""
        request = self._progress.request
        return run.job or str(uuid.uuid5(uuid.NAMESPACE_OID, f"{request.id}-{request.runs}"))

    async def _wait_for_hand(
        self, step: Step, planned: PlannedStep, why: str, words: str = ""
    ) -> None:
        """Raises `_Stopped`."""
        if step.hand is None:
            await self._progress.fail(planned.step, f"It is done by hand: {why}.", "")
            raise _Stopped
        hand = step.hand(self._scene, planned.wanted)
        why, hand = self._veiled(why), self._veiled(hand)
        await self._progress.wait_for_hand(planned.step, why, hand, words)
        raise _Stopped

    async def _read_back(self) -> None:
        """Everything once more, where it can be read. What it moves by itself has moved by now."""
        for planned in self._progress.request.plan.steps:
            step = BY_ID[planned.step]
            if planned.step == _CHECKS:
                continue
            current = await self._seen(step, planned)
            if current is not None and not satisfied(planned, current):
                said = f"In the end it is not so: {_unlike(planned, current)}."
                await self._progress.fail(planned.step, self._veiled(said), "Resume sets it again.")
                raise _Stopped

    def _told(self, error: AdminError) -> str:
        return self._veiled(error.unquoted if isinstance(error, RemoteFault) else error.message)

    def _veiled(self, text: str) -> str:
        return veiled(text, self._names)


def _changes(planned: PlannedStep, current: Values) -> dict[str, str]:
    return {
        key: wanted
        for key, wanted in planned.wanted.items()
        if key in planned.again or current.get(key) != wanted
    }


def _unlike(planned: PlannedStep, current: Values) -> str:
    return ", ".join(
        f"{key} is {public(key, current.get(key, 'unknown'))}"
        for key, wanted in planned.wanted.items()
        if key not in planned.again and current.get(key) != wanted
    )
