"""Deciding about a request: everything is looked at once more in the moment of the click.

The button carries an id only. What counts is what stands in the database: state, time, roster,
roles, the revision of the setup and the hash of the plan.
"""

from dataclasses import replace
from datetime import datetime

from connection.asks import Answer, Ask, Tone
from connection.audit import AuditTag
from connection.changes.plan import Act
from connection.changes.policies import apply_policy
from connection.changes.record import keep, record
from connection.changes.request import Decision, Request, RequestState, Verdict
from connection.changes.running import begin_run
from connection.errors import Mistake
from connection.ports import Ports, Reading, Transaction
from connection.rights import rights_of
from connection.showing import reply

TAGS = {
    Verdict.APPROVE: AuditTag.REQUEST_APPROVED,
    Verdict.REJECT: AuditTag.REQUEST_REJECTED,
    Verdict.WITHDRAW: AuditTag.REQUEST_WITHDRAWN,
}


async def decide(ports: Ports, ask: Ask, verdict: Verdict) -> None:
    """`approve|reject|withdraw R42 [reason]`. A refusal goes to the one who decides, alone."""
    request_id, _, reason = ask.rest.partition(" ")
    now = ports.clock.now()

    def work(tx: Transaction) -> Ask | None:
        request = the_request(tx, ask, request_id)
        request = end_if_over(tx, request, now)
        request = void_if_changed(tx, request, now) if verdict is Verdict.APPROVE else request
        refusal = _refusal(ports, tx, ask, request, verdict, now)
        if refusal is not None:
            details = {"wanted": verdict.value, "because": refusal.message}
            record(tx, request, AuditTag.REQUEST_NOT_DECIDED, ask.person, now, details)
            reply(tx, ask, refusal, now)
            return None
        decision = Decision(request.id, ask.person, verdict, now, reason[:500])
        tx.add_decision(decision)
        details = {"hash": request.plan_hash, "reason": decision.reason}
        record(tx, request, TAGS[verdict], ask.person, now, details)
        return _after(ports, tx, ask, request, verdict, now)

    run = await ports.ledger.run(work)
    if run is not None:
        ports.turns.nudge(run)
    ports.messenger.nudge()


def the_request(reading: Reading, ask: Ask, request_id: str) -> Request:
    """Raises `Mistake`."""
    found = reading.request(request_id)
    if found is None or found.workspace != ask.workspace:
        raise Mistake("This request is gone.", "/d365 request lists those that there are.")
    return found


def end_if_over(tx: Transaction, request: Request, now: datetime) -> Request:
    """Its time is over though nobody has looked since."""
    if request.state is not RequestState.PENDING or request.ends_at > now:
        return request
    return expire(tx, request, now)


def expire(tx: Transaction, request: Request, now: datetime) -> Request:
    """Nobody decided in time."""
    kept = keep(tx, replace(request, state=RequestState.EXPIRED), now)
    record(tx, kept, AuditTag.REQUEST_EXPIRED, request.asked_by, now)
    return kept


def void_if_changed(tx: Transaction, request: Request, now: datetime) -> Request:
    """What was shown is not what would be done any more."""
    if request.state is not RequestState.PENDING:
        return request
    said = ""
    of_setup = request.plan.act is not Act.POLICY
    if of_setup and tx.setup(request.connection_id).revision != request.plan.revision:
        said = "The setup was changed after this was asked for. Ask anew, for the setup as it is."
    elif request.plan.hash != request.plan_hash:
        said = "The plan is not the one that was handed in. Ask anew."
    if not said:
        return request
    kept = keep(tx, replace(request, state=RequestState.VOID, said=said), now)
    record(tx, kept, AuditTag.REQUEST_VOIDED, request.asked_by, now, {"because": said})
    return kept


def _refusal(
    ports: Ports,
    tx: Transaction,
    ask: Ask,
    request: Request,
    verdict: Verdict,
    now: datetime,
) -> Answer | None:
    """Why not. A person is the same under whatever organisation, so user ids are compared."""
    own = request.asked_by.user == ask.person.user
    if request.state is not RequestState.PENDING:
        return no(*_over(tx, request))
    if verdict is Verdict.WITHDRAW:
        return None if own else no("Somebody else asked for this.", "Reject it instead.")
    if own:
        return no(
            "You asked for this yourself: somebody else decides. Nothing was changed.",
            f"Take it back with /d365 withdraw {request.title}.",
        )
    if ask.person.user not in {one.user for one in request.roster}:
        return no(
            "You were not among those who could approve when this was asked for. Nothing was "
            "changed.",
            "Let it be withdrawn and asked for anew; the roles of now count then.",
        )
    role = request.decided_by
    rights = rights_of(tx, ask.workspace, ask.person, ports.admins, now)
    if not rights.allow(role, request.connection_id):
        return no(
            f"You no longer hold the role {role} for {request.name}. Nothing was changed.",
            "/d365 access shows who holds which role.",
        )
    said = any(one.person.user == ask.person.user for one in tx.decisions(request.id))
    if said and verdict is Verdict.APPROVE:  # to reject what one approved ends it all the same
        return no(
            f"You approved {request.title} already; it needs {request.policy.approvals} people.",
            f"/d365 request {request.title} shows how it stands.",
        )
    return None


def _over(reading: Reading, request: Request) -> tuple[str, str]:
    decided = reading.decisions(request.id)
    by = f", by <@{decided[-1].person.user}>" if decided else ""
    said = f"{request.title} is {request.state.words} already{by}. Nothing was changed."
    return said, f"/d365 request {request.title} shows it."


def _approvals(ports: Ports, tx: Transaction, ask: Ask, request: Request, now: datetime) -> int:
    """Of people who may approve at this moment: a role that was lost since takes its approval
    along. Whom Slack was not asked about lately holds what they were given."""
    role, place = request.decided_by, request.connection_id
    return sum(
        rights_of(tx, ask.workspace, one.person, ports.admins, now).given(role, place)
        for one in tx.decisions(request.id)
        if one.verdict is Verdict.APPROVE
    )


def _after(
    ports: Ports, tx: Transaction, ask: Ask, request: Request, verdict: Verdict, now: datetime
) -> Ask | None:
    """One reject ends it; with enough approvals it is carried out."""
    if verdict is not Verdict.APPROVE:
        ended = RequestState.REJECTED if verdict is Verdict.REJECT else RequestState.WITHDRAWN
        keep(tx, replace(request, state=ended), now)
        reply(tx, ask, Answer(Tone.DONE, f"{request.title} is {ended.words}."), now)
        return None
    missing = request.policy.approvals - _approvals(ports, tx, ask, request, now)
    if missing > 0:
        keep(tx, request, now)
        said = f"You approved {request.title}. It needs {missing} more."
        reply(tx, ask, Answer(Tone.DONE, said), now)
        return None
    reply(tx, ask, Answer(Tone.DONE, f"You approved {request.title}. It is carried out now."), now)
    if request.plan.act is Act.POLICY:
        apply_policy(tx, request, ask.person, now)
        return None
    return begin_run(tx, request, now)


def no(message: str, hint: str) -> Answer:
    """A refusal, which is audited and changes nothing."""
    return Answer(Tone.DONE if "<@" in message else Tone.REFUSED, message, hint)
