"""Break-glass: an admin applies without the approvers, who are told; somebody else reviews it."""

from dataclasses import replace
from datetime import datetime

from connection.asks import Answer, Ask, Audience, Showing, Tone, What
from connection.audit import AuditTag
from connection.changes.deciding import end_if_over, no, the_request, void_if_changed
from connection.changes.plan import Act
from connection.changes.record import keep, note_to, record
from connection.changes.request import Decision, Request, RequestState, Verdict
from connection.changes.running import begin_run
from connection.errors import Mistake
from connection.people import Role
from connection.ports import Ports, Transaction
from connection.rights import rights_of
from connection.showing import reply


async def alone(ports: Ports, ask: Ask, request_id: str, reason: str) -> None:
    """`request R42 alone reason`: asks back first. Raises `Mistake` without a reason."""
    if not reason:
        raise Mistake(
            "To apply it alone needs a reason, which everybody who was not waited for reads.",
            "Use /d365 request R42 alone reason.",
        )
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        request = _pending(ports, tx, ask, request_id, now)
        if request is None:
            return
        asked = replace(request, alone_reason=reason[:500], alone_asked_by=ask.person)
        tx.keep_request(asked)
        showing = Showing(
            id=ask.id,
            workspace=ask.workspace,
            what=What.ALONE,
            subject=request.id,
            audience=Audience.PERSON,
            person=ask.person,
            place=ask.place,
            created_at=now,
        )
        tx.show(showing)
        tx.finish(ask.id, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


async def alone_yes(ports: Ports, ask: Ask, request_id: str, _more: str) -> None:
    """Confirmed by the same admin: it is applied, and every approver reads of it."""
    now = ports.clock.now()

    def work(tx: Transaction) -> Ask | None:
        request = _pending(ports, tx, ask, request_id, now)
        if request is None:
            return None
        if not request.alone_reason or request.alone_asked_by != ask.person:
            reply(tx, ask, no("Give the reason first.", "Use /d365 request R42 alone reason."), now)
            return None
        tx.add_decision(Decision(request.id, ask.person, Verdict.ALONE, now, request.alone_reason))
        forced = replace(request, alone=ask.person)
        skipped = [one for one in request.roster if one.user != ask.person.user]
        details = {"reason": request.alone_reason, "skipped": [str(one) for one in skipped]}
        record(tx, forced, AuditTag.REQUEST_FORCED, ask.person, now, details)
        for person in skipped:
            note_to(tx, forced, person, "skipped", now)
        said = f"{request.title} is carried out. Everybody who could have approved it is told."
        reply(tx, ask, Answer(Tone.DONE, said), now)
        return begin_run(tx, forced, now)

    run = await ports.ledger.run(work)
    if run is not None:
        ports.turns.nudge(run)
    ports.messenger.nudge()


def _pending(
    ports: Ports, tx: Transaction, ask: Ask, request_id: str, now: datetime
) -> Request | None:
    """None where it is refused, and was told."""
    found = void_if_changed(tx, end_if_over(tx, the_request(tx, ask, request_id), now), now)
    rights = rights_of(tx, ask.workspace, ask.person, ports.admins, now)
    refusal: Answer | None = None
    if not rights.allow(Role.ADMIN, found.connection_id):
        refusal = no("Only an admin may apply it alone. Nothing was changed.", "Ask an approver.")
    elif found.plan.act is Act.POLICY:
        refusal = no(
            "Who decides about changes is not changed by one admin alone.",
            "Another admin approves it.",
        )
    elif found.state is not RequestState.PENDING:
        refusal = no(
            f"{found.title} is {found.state.words}. Nothing was changed.",
            f"/d365 request {found.title} shows it.",
        )
    if refusal is None:
        return found
    details = {"wanted": Verdict.ALONE.value, "because": refusal.message}
    record(tx, found, AuditTag.REQUEST_NOT_DECIDED, ask.person, now, details)
    reply(tx, ask, refusal, now)
    return None


async def reviewed(ports: Ports, ask: Ask, request_id: str, more: str) -> None:
    """Closed by an approver or admin who is not the one who did it alone."""
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        found = the_request(tx, ask, request_id)
        refusal = _no_review(ports, tx, ask, found, now)
        if refusal is not None:
            reply(tx, ask, refusal, now)
            return
        tx.add_decision(Decision(found.id, ask.person, Verdict.REVIEWED, now, more[:500]))
        kept = keep(tx, replace(found, reviewed_by=ask.person), now)
        record(tx, kept, AuditTag.REQUEST_REVIEWED, ask.person, now, {"said": more[:500]})
        reply(tx, ask, Answer(Tone.DONE, f"The review of {found.title} is closed."), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _no_review(
    ports: Ports, tx: Transaction, ask: Ask, found: Request, now: datetime
) -> Answer | None:
    if found.is_open and found.alone is not None:
        return no(f"{found.title} is still under way.", "Review it once it is over.")
    if not found.review_is_open or found.alone is None:
        return no(f"No review of {found.title} is open.", "/d365 request lists what is open.")
    if ask.person.user in (found.alone.user, found.asked_by.user):
        return no("You asked for it or applied it yourself: somebody else reviews it.", "")
    rights = rights_of(tx, ask.workspace, ask.person, ports.admins, now)
    if not rights.allow(found.policy.approvers, found.connection_id):
        return no(f"A review needs the role {found.policy.approvers} for {found.name}.", "")
    return None
