"""What can be done with a request beside deciding it: `request R42 [word]`.

done, resume, undo, leave and sign-in go on with an apply; alone and reviewed are an admin's.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime

from connection import administrators
from connection.asks import Answer, Ask, Audience, Tone, What
from connection.audit import AuditTag
from connection.changes.alone import alone, alone_yes, reviewed
from connection.changes.asking import ask_for, asks_about_defaults
from connection.changes.deciding import no, the_request
from connection.changes.plan import Act
from connection.changes.progress import Progress
from connection.changes.record import keep, record
from connection.changes.request import Request, RequestState, StepState
from connection.changes.running import SETUP_CHANGED, begin_run, end_run, is_running
from connection.changes.undoing import how_it_stands, undo
from connection.changes.words import DEFAULTS
from connection.errors import Mistake
from connection.people import Role
from connection.ports import Ports, Reading, Transaction
from connection.rights import rights_of
from connection.showing import reply, show
from connection.signing_in import SignInState

USAGE = "/d365 request R42 [why|defaults|done|resume|undo|leave|sign-in|alone reason|reviewed]"


async def request(ports: Ports, ask: Ask) -> None:
    """Shows one, or all that are open, or goes on with one. Raises `Mistake`."""
    request_id, _, rest = ask.rest.partition(" ")
    word, _, more = rest.partition(" ")
    if not request_id:
        await show(ports, ask, What.REQUESTS, ask.id, Audience.PERSON)
    elif not word:
        found = await ports.ledger.read(lambda reading: the_request(reading, ask, request_id))
        await show(ports, ask, What.REQUEST, found.id, Audience.CHANNEL)
    elif word.lower() in _ACTS:
        await _ACTS[word.lower()](ports, ask, request_id, more.strip())
    else:
        raise Mistake(f"I did not understand “{word[:40]}”.", f"Use {USAGE}.")


Work = Callable[[Transaction, Request, datetime], Ask | None]


async def _change(ports: Ports, ask: Ask, request_id: str, role: Role, work: Work) -> None:
    """`work` on the request as it is now, by somebody who holds the role at this moment."""
    now = ports.clock.now()

    def changed(tx: Transaction) -> Ask | None:
        found = the_request(tx, ask, request_id)
        rights = rights_of(tx, ask.workspace, ask.person, ports.admins, now)
        if not rights.allow(role, found.connection_id):
            reply(tx, ask, no(f"This needs the role {role} for {found.name}.", ""), now)
            return None
        return work(tx, found, now)

    run = await ports.ledger.run(changed)
    if run is not None:
        ports.turns.nudge(run)
    ports.messenger.nudge()


async def _resume(ports: Ports, ask: Ask, request_id: str, _more: str) -> None:
    def work(tx: Transaction, found: Request, now: datetime) -> Ask | None:
        if found.state is not RequestState.STOPPED and not _is_stuck(tx, found):
            return _not_so(tx, ask, found, "has not stopped", now)
        if tx.setup(found.connection_id).revision != found.plan.revision:
            reply(tx, ask, no(SETUP_CHANGED, f"Leave {found.title} as it is, and ask anew."), now)
            return None
        steps = tuple(
            replace(one, state=StepState.WAITING, said="", hint="")
            if one.state in (StepState.FAILED, StepState.RUNNING)
            else one
            for one in found.steps
        )
        record(tx, found, AuditTag.REQUEST_RESUMED, ask.person, now)
        reply(tx, ask, Answer(Tone.DONE, f"{found.title} goes on."), now)
        return begin_run(tx, replace(found, steps=steps, sign_in=""), now)

    await _change(ports, ask, request_id, Role.OPERATOR, work)


def _is_stuck(reading: Reading, found: Request) -> bool:
    """Its job ended in a way that told nobody, and it waits for nobody's hand."""
    by_hand = any(one.state is StepState.BY_HAND for one in found.steps)
    applying = found.state is RequestState.APPLYING
    return applying and not by_hand and not is_running(reading, found)


async def _done(ports: Ports, ask: Ask, request_id: str, _more: str) -> None:
    """Read back where it can be; else the word counts, and stands in the record."""

    def work(tx: Transaction, found: Request, now: datetime) -> Ask | None:
        waiting = [one for one in found.steps if one.state is StepState.BY_HAND]
        if is_running(tx, found):
            return _not_so(tx, ask, found, "is being looked at already", now)
        if found.state is not RequestState.APPLYING or not waiting:
            return _not_so(tx, ask, found, "waits for nobody's hand", now)
        steps = tuple(
            replace(one, said=Progress.SAID_DONE) if one in waiting else one for one in found.steps
        )
        details = {"step": waiting[0].step, "outcome": "said to be done by hand"}
        record(tx, found, AuditTag.STEP_FINISHED, ask.person, now, details)
        reply(tx, ask, Answer(Tone.DONE, f"{found.title}: I look whether it is so."), now)
        return begin_run(tx, replace(found, steps=steps), now)

    await _change(ports, ask, request_id, Role.OPERATOR, work)


async def _leave(ports: Ports, ask: Ask, request_id: str, _more: str) -> None:
    """What is done stays, what is not stays undone; another change may be asked for."""

    def work(tx: Transaction, found: Request, now: datetime) -> Ask | None:
        by_hand = any(one.state is StepState.BY_HAND for one in found.steps)
        if is_running(tx, found):
            return _not_so(tx, ask, found, "is under way; wait until it stops", now)
        waits = _is_stuck(tx, found) or (found.state is RequestState.APPLYING and by_hand)
        if (
            found.state not in (RequestState.STOPPED, RequestState.WAITING_FOR_SIGN_IN)
            and not waits
        ):
            return _not_so(tx, ask, found, "has not stopped", now)
        kept = end_run(tx, found, RequestState.LEFT, now)
        record(tx, kept, AuditTag.REQUEST_LEFT, ask.person, now, how_it_stands(kept))
        said = f"{found.title} is left as it is."
        reply(tx, ask, Answer(Tone.DONE, said, f"/d365 test {found.name} shows what works."), now)
        return None

    await _change(ports, ask, request_id, Role.OPERATOR, work)


async def _sign_in(ports: Ports, ask: Ask, request_id: str, _more: str) -> None:
    """With the administrator's sign-in that is held; without one it is begun, and goes on then."""
    held = await ports.ledger.read(lambda reading: _held_sign_in(reading, ask))

    def work(tx: Transaction, found: Request, now: datetime) -> Ask | None:
        if found.state is not RequestState.WAITING_FOR_SIGN_IN:
            return _not_so(tx, ask, found, "waits for no administrator", now)
        if not held:
            keep(tx, replace(found, sign_in=ask.id), now)
            return None
        record(tx, found, AuditTag.REQUEST_RESUMED, ask.person, now, {"sign_in": held})
        reply(tx, ask, Answer(Tone.DONE, f"{found.title} goes on with your sign-in."), now)
        return begin_run(tx, replace(found, sign_in=held), now)

    await _change(ports, ask, request_id, Role.OPERATOR, work)
    if await ports.ledger.read(lambda reading: reading.ask_is_open(ask.id)):
        await administrators.sign_in(ports, replace(ask, rest=""))


def _held_sign_in(reading: Reading, ask: Ask) -> str:
    for one in reading.open_sign_ins():
        mine = one.person == ask.person and one.connection_id == ask.subject
        if mine and one.state is SignInState.SIGNED_IN:
            return one.id
    return ""


async def _defaults(ports: Ports, ask: Ask, request_id: str, _more: str) -> None:
    """Asked once more with the same reason: Business Central may install its defaults."""
    found = await ports.ledger.read(lambda reading: the_request(reading, ask, request_id))
    if found.state is not RequestState.VOID or not asks_about_defaults(found.plan):
        raise Mistake(f"{found.title} asks nothing about defaults.", f"Use {USAGE}.")
    again = replace(ask, rest=f"{DEFAULTS} {found.reason}".strip())
    await ask_for(ports, again, Act.ENABLE)


async def _why(ports: Ports, ask: Ask, request_id: str, _more: str) -> None:
    """The service's own words, which may name people, for the one who asks alone."""
    found = await ports.ledger.read(lambda reading: the_request(reading, ask, request_id))
    await show(ports, ask, What.WORDS, found.id, Audience.PERSON)


def _not_so(tx: Transaction, ask: Ask, found: Request, how: str, now: datetime) -> Ask | None:
    """Nothing is begun."""
    said = f"{found.title} {how}: it is {found.state.words}. Nothing was changed."
    reply(tx, ask, no(said, f"/d365 request {found.title} shows it."), now)
    return None


_ACTS: Mapping[str, Callable[[Ports, Ask, str, str], Awaitable[None]]] = {
    "why": _why,
    "defaults": _defaults,
    "done": _done,
    "resume": _resume,
    "undo": undo,
    "leave": _leave,
    "sign-in": _sign_in,
    "alone": alone,
    "alone-yes": alone_yes,
    "reviewed": reviewed,
}
