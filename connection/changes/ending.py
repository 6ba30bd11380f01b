"""What happens to requests by themselves: they end with their time, and people are reminded."""

from dataclasses import replace
from datetime import datetime, timedelta

from connection.asks import Ask
from connection.audit import AuditTag
from connection.changes.deciding import expire
from connection.changes.record import MOST_TOLD, note_to, record
from connection.changes.request import Request, RequestState
from connection.changes.running import begin_run
from connection.people import BOT
from connection.ports import Ports, Transaction


async def end_overdue(ports: Ports) -> None:
    """Also what became due while the bot was down: a reminder comes once, however many were."""
    now = ports.clock.now()
    if not await ports.ledger.read(lambda reading: reading.due_requests(now)):
        return

    def work(tx: Transaction) -> None:
        for request in tx.due_requests(now):
            if request.ends_at <= now:
                expire(tx, request, now)
            else:
                _remind(tx, request, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _remind(tx: Transaction, request: Request, now: datetime) -> None:
    decided = {one.person.user for one in tx.decisions(request.id)}
    missing = [one for one in request.roster if one.user not in decided][:MOST_TOLD]
    hours = timedelta(hours=request.policy.reminder_hours)
    number = request.reminders + 1
    following = now + hours if now + hours < request.ends_at else None
    kept = replace(request, reminders=number, remind_at=following)
    tx.keep_request(kept)
    for person in missing:
        note_to(tx, kept, person, f"reminder-{number}", now)
    details = {"number": number, "reminded": [str(one) for one in missing]}
    record(tx, kept, AuditTag.REQUEST_REMINDED, request.asked_by, now, details)


async def signed_in(ports: Ports, sign_in_id: str, connection_id: str) -> None:
    """An administrator signed in for a request that waits for it: it goes on."""
    now = ports.clock.now()

    def work(tx: Transaction) -> Ask | None:
        waiting = tx.open_request(connection_id)
        if waiting is None or waiting.sign_in != sign_in_id:
            return None
        if waiting.state is not RequestState.WAITING_FOR_SIGN_IN:
            return None
        known = tx.sign_in(sign_in_id)
        actor = known.person if known else BOT
        record(tx, waiting, AuditTag.REQUEST_RESUMED, actor, now, {"sign_in": sign_in_id})
        return begin_run(tx, waiting, now)

    run = await ports.ledger.run(work)
    if run is not None:
        ports.turns.nudge(run)
        ports.messenger.nudge()
