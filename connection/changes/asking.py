"""Asking for a change: both sides are read, the plan is shown, and somebody else decides.

The card is in the channel while the sides are read. Carried out again after a crash it goes on with
the same request, whose id is the ask's.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from connection.asks import Ask
from connection.audit import AuditTag
from connection.changes.opening import scene_of_ask
from connection.changes.plan import Act, Plan, PlannedStep
from connection.changes.planning import plan_for
from connection.changes.record import MOST_TOLD, keep, record, show_in_channel, show_to
from connection.changes.request import Policy, Request, RequestState, StepRun
from connection.changes.roster import roster_for
from connection.changes.scene import Scene
from connection.changes.steps import synchronisation
from connection.changes.words import DEFAULTS, taken_apart
from connection.connection import Connection
from connection.errors import AdminError, Mistake, NotAllowed, RemoteFault
from connection.names import names_in, veiled
from connection.naming import asked_about
from connection.people import Person
from connection.ports import Ports, Reading, Transaction
from connection.rights import rights_of


async def ask_for(ports: Ports, ask: Ask, act: Act) -> None:
    """Raises `Mistake` where it cannot be asked for; what goes wrong later stands on the card."""
    word, reason = taken_apart(act, ask.rest)
    scene = await scene_of_ask(ports, ask, act, word)
    begun = await ports.ledger.run(lambda tx: _begin(ports, tx, ask, act, word, reason))
    ports.messenger.nudge()
    if begun is None:
        return
    try:
        plan = await plan_for(scene)
    except AdminError as error:
        await _end(ports, ask, begun, _told(scene, error), AuditTag.REQUEST_VOIDED)
        return
    except Exception:
        await _end(ports, ask, begun, "Something went wrong in the bot.", AuditTag.REQUEST_VOIDED)
        raise
    if not plan.changes and not any(one.again for one in plan.steps):
        said = "Nothing has to be changed: everything is as wanted."
        await _end(ports, ask, replace(begun, plan=plan), said, None)
    else:
        await hand_in(ports, ask, replace(begun, plan=plan))


def _begin(
    ports: Ports, tx: Transaction, ask: Ask, act: Act, word: str, reason: str
) -> Request | None:
    """The request without its plan yet; None where it was handed in before."""
    now = ports.clock.now()
    before = tx.request(ask.id)
    if before is not None:
        if before.state is not RequestState.PLANNING:
            tx.finish(ask.id, now)
            return None
        return before
    connection = asked_about(tx, ask)
    policy = tx.policy(connection.id)
    refuse_other(tx, connection, now)
    refuse_requester(ports, tx, ask, connection, policy)
    if policy.reason_required and not reason:
        raise Mistake(
            f"A change of {connection.name} needs a reason.",
            f"Type it behind: /d365 {act.value} {connection.name} {word} reason".replace("  ", " ")
            + ".",
        )
    plan = Plan(act, tx.setup(connection.id).revision, (), word)
    request = new_request(ask, tx, connection, plan, policy, reason, ports)
    keep(tx, request, now, final=False)
    show_in_channel(tx, request, now)
    return request


def new_request(
    ask: Ask,
    tx: Transaction,
    connection: Connection,
    plan: Plan,
    policy: Policy,
    reason: str,
    ports: Ports,
) -> Request:
    """Numbered, and not handed in yet."""
    now = ports.clock.now()
    return Request(
        id=ask.id,
        workspace=ask.workspace,
        number=tx.next_request(ask.workspace),
        connection_id=connection.id,
        name=connection.name,
        plan=plan,
        plan_hash="",
        policy=policy,
        roster=(),
        asked_by=ask.person,
        place=ask.place,
        asked_at=now,
        ends_at=now + policy.life,
        reason=reason,
        state=RequestState.PLANNING,
    )


def refuse_other(tx: Transaction, connection: Connection, now: datetime) -> None:
    """One change of a connection at a time. Raises `Mistake`.

    A request whose plan was never finished, because its job is gone, hinders nobody.
    """
    other = tx.open_request(connection.id)
    if other is not None and other.state is RequestState.PLANNING and not tx.ask_is_open(other.id):
        said = "It was never planned to its end. Ask anew."
        keep(tx, replace(other, state=RequestState.VOID, said=said), now)
        return
    if other is not None:
        raise Mistake(
            f"{other.title} about {connection.name} is {other.state.words} already; one change at "
            "a time.",
            f"See it with /d365 request {other.title}.",
        )


def refuse_requester(
    ports: Ports, reading: Reading, ask: Ask, connection: Connection, policy: Policy
) -> None:
    """Raises `NotAllowed` for whoever may not ask for changes of it."""
    rights = rights_of(reading, ask.workspace, ask.person, ports.admins, ports.clock.now())
    if not rights.allow(policy.requesters, connection.id):
        raise NotAllowed(
            f"Changes of {connection.name} are asked for by people with the role "
            f"{policy.requesters}.",
            "An admin sees and changes that with /d365 access policy.",
        )


async def hand_in(ports: Ports, ask: Ask, request: Request) -> None:
    """With the people who may approve it, as they are now."""
    plan = request.plan
    if asks_about_defaults(plan):
        said = (
            f"{synchronisation.NOTE} Is that meant so? Then press the button, or type /d365 enable "
            f"{request.name} {DEFAULTS} and your reason behind it."
        )
        await _end(ports, ask, request, said, None)
        return
    roster = await roster_for(ports, ask, request.connection_id, request.decided_by)
    now = ports.clock.now()
    handed_in = _handed_in(request, roster, now)

    def work(tx: Transaction) -> None:
        if not tx.ask_is_open(ask.id):
            return
        kept = keep(tx, handed_in, now)
        details = {
            "hash": plan.hash,
            "revision": plan.revision,
            "steps": [one.step for one in plan.steps],
            "approvers": [str(one) for one in roster],
            "reason": request.reason,
        }
        record(tx, kept, AuditTag.REQUEST_MADE, ask.person, now, details)
        for person in roster[:MOST_TOLD]:
            show_to(tx, kept, person, "asked", now)
        tx.finish(ask.id, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _handed_in(request: Request, roster: tuple[Person, ...], now: datetime) -> Request:
    hours = request.policy.reminder_hours
    return replace(
        request,
        plan_hash=request.plan.hash,
        roster=roster,
        steps=tuple(StepRun(one.step) for one in request.plan.steps),
        asked_at=now,
        ends_at=now + request.policy.life,
        remind_at=now + timedelta(hours=hours) if hours else None,
        state=RequestState.PENDING,
    )


def asks_about_defaults(plan: Plan) -> bool:
    """Business Central has no mapping, and nobody said that its defaults are wanted."""
    if plan.act is not Act.ENABLE or plan.words == DEFAULTS:
        return False
    return any(_installs_defaults(one) for one in plan.steps)


def _installs_defaults(planned: PlannedStep) -> bool:
    return planned.before.get(synchronisation.MAPPINGS) == synchronisation.NONE


def _told(scene: Scene, error: AdminError) -> str:
    """Without names, and without a service's own words, which may hold some."""
    said = error.unquoted if isinstance(error, RemoteFault) else error.message
    return veiled(f"{said} {error.hint}".strip(), names_in(scene.setup))


async def _end(ports: Ports, ask: Ask, request: Request, said: str, tag: AuditTag | None) -> None:
    now = ports.clock.now()
    ended = replace(request, state=RequestState.VOID, said=said)

    def work(tx: Transaction) -> None:
        if not tx.ask_is_open(ask.id):
            return
        kept = keep(tx, ended, now)
        if tag is not None:
            record(tx, kept, tag, ask.person, now, {"because": said})
        tx.finish(ask.id, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()
