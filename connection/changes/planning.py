"""Reading both sides and saying, step by step, what is and what will be."""

from collections.abc import Iterable

from connection.changes.errors import ByHand
from connection.changes.plan import Act, Impact, Plan, PlannedStep, Values
from connection.changes.request import Request, StepState
from connection.changes.scene import Scene
from connection.changes.step import Aim, Step
from connection.changes.steps import synchronisation
from connection.changes.table import BY_ID, STEPS
from connection.errors import AdminError, RemoteFault, RequestRefused
from connection.ports import Reading
from connection.users.findings import Finding

BY_HAND = "the bot has no way to do it"


async def plan_for(scene: Scene) -> Plan:
    """Reads only. Raises `AdminError` where what is asked for cannot be done."""
    planned = [await _planned(scene, step) for step in STEPS if scene.act in step.acts]
    return await _whole(scene, tuple(one for one in planned if one is not None))


async def undo_for(scene: Scene, done: Request) -> Plan:
    """What its steps changed, taken back in the opposite order; what cannot be is left out."""
    before = {one.step: one for one in done.plan.steps}
    steps: list[PlannedStep] = []
    for run in reversed(done.steps):
        planned = before[run.step]
        if run.reached and BY_ID[run.step].undo:
            step = BY_ID[run.step]
            wanted = {key: planned.before[key] for key in _restorable(planned)}
            wanted |= {key: value for key, value in step.blank.items() if key in planned.again}
            if wanted:
                steps.append(await _taken_back(scene, step, planned, wanted))
    return await _whole(scene, tuple(steps))


def _restorable(planned: PlannedStep) -> list[str]:
    """What nobody can read nobody can restore."""
    return [key for key in planned.changed if key in planned.before and key not in planned.again]


async def _taken_back(
    scene: Scene, step: Step, planned: PlannedStep, wanted: Values
) -> PlannedStep:
    try:
        current, by_hand = await step.look(scene), "" if planned.unread else planned.by_hand
    except ByHand as hand:
        current, by_hand = {}, hand.message
    again = tuple(key for key in step.blank if key in wanted)
    before = {key: current[key] for key in wanted if key in current}
    return PlannedStep(step.id, before, wanted, by_hand, again=again)


async def _planned(scene: Scene, step: Step) -> PlannedStep | None:
    by_hand = ""
    current: Values = {}
    try:
        current = await step.look(scene)
    except ByHand as hand:
        if step.optional:
            return None
        by_hand = hand.message
    except RemoteFault as fault:
        if step.hand is None or not _goes_by_hand(scene, fault):
            raise
        by_hand = fault.unquoted.rstrip(".")
    try:
        aim = await step.aim(scene, current)
    except ByHand as hand:
        aim, by_hand = None, hand.message
    return _of(step, current, aim, by_hand) if aim is not None else None


def _goes_by_hand(scene: Scene, fault: RemoteFault) -> bool:
    """A broken connection can be turned off by hand; and Business Central may refuse to open its
    page before something else is done, as from version 16 on before page 7200 is enabled."""
    return scene.act is Act.DISABLE or isinstance(fault, RequestRefused)


def _of(step: Step, current: Values, aim: Aim, why_unread: str) -> PlannedStep:
    before = {key: current[key] for key in aim.wanted if key in current}
    by_hand = aim.by_hand or why_unread
    unread = bool(why_unread) and not aim.by_hand
    return PlannedStep(step.id, before, aim.wanted, by_hand, aim.note, aim.again, unread)


async def _whole(scene: Scene, steps: tuple[PlannedStep, ...]) -> Plan:
    return Plan(
        act=scene.act,
        revision=scene.subject.saved.revision,
        steps=steps,
        words=scene.words,
        administrator=await needs_administrator(scene, steps),
        impact=await _impact(scene),
    )


async def needs_administrator(scene: Scene, steps: Iterable[PlannedStep]) -> bool:
    """Whether the bot's own user in Sales lacks a privilege for what will be changed.

    Whether it holds those of the solution's own tables shows only once the solution is there.
    """
    changed = [one for one in steps if one.changed and not one.by_hand]
    imports = any(one.step == "solution" for one in changed)
    needed = {name.lower() for one in changed for name in BY_ID[one.step].privileges}
    needed = {name for name in needed if not (imports and "nav_" in name)}
    if not needed:
        return False
    try:
        user = await scene.ports.sales.who_am_i(scene.bot)
        held = await scene.ports.sales.privileges_of(scene.bot, user)
    except AdminError:
        return False  # the apply finds out
    return not needed <= {one.lower() for one in held}


async def _impact(scene: Scene) -> Impact:
    connection_id = scene.subject.connection.id

    def last(reading: Reading) -> Impact:
        check = reading.last_user_check(connection_id)
        if check is None:
            return Impact()
        return Impact(users=check.counts.get(Finding.MAPPED, 0), users_at=check.finished_at)

    known = await scene.ports.ledger.read(last)
    try:
        jobs = len(await synchronisation.all_jobs(scene))
    except AdminError:
        return known
    return Impact(known.users, known.users_at, jobs, scene.ports.clock.now())


def was_reached(request: Request, step_id: str) -> bool:
    """Whether this request changed what the step stands for."""
    return any(
        run.step == step_id and (run.reached or run.state is StepState.DONE)
        for run in request.steps
    )
