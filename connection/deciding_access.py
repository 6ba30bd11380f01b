"""What becomes of a role that waits for a second admin."""

import re
from dataclasses import replace
from datetime import datetime

from connection.access_requests import AccessRequest, AccessState
from connection.access_words import Change
from connection.asks import Answer, Ask, Tone, What
from connection.audit import AuditTag
from connection.errors import Mistake
from connection.holders import check_holder
from connection.knowing import know, know_circles
from connection.people import Circle, Grant, Person
from connection.ports import Ports, Reading, Transaction
from connection.second_admin import admins_of, is_admin_of_all
from connection.showing import reply
from connection.still_admin import is_still_admin, refuse

DECISIONS = {
    "approve": AccessState.GRANTED,
    "reject": AccessState.REFUSED,
    "withdraw": AccessState.WITHDRAWN,
}
_TAGS = {
    AccessState.GRANTED: AuditTag.ACCESS_GRANTED,
    AccessState.REFUSED: AuditTag.ACCESS_REJECTED,
    AccessState.WITHDRAWN: AuditTag.ACCESS_WITHDRAWN,
}


async def decide(ports: Ports, ask: Ask, which: str, outcome: AccessState) -> None:
    """By another admin than the one who asked; withdrawn by that one alone."""
    found = await ports.ledger.read(lambda reading: _request(reading, ask, which))
    if outcome is AccessState.GRANTED:
        await check_holder(ports, found.grant)
        await know_circles(ports, ask.workspace, is_admin_of_all)
        await know(ports, ask.workspace, found.asked_by.user)
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        if not is_still_admin(ports, tx, ask, now):
            return
        request = _request(tx, ask, which)
        refusal = _refusal(ports, tx, ask, request, outcome, now)
        if refusal is not None:
            refuse(tx, ask, refusal, now)
            return
        change = Change(request.grant, _where(tx, request.grant), name_of(tx, request.grant))
        decided = replace(request, state=outcome, decided_by=str(ask.person))
        tx.keep_access_request(decided)
        if outcome is AccessState.GRANTED:
            tx.grant(request.grant, request.asked_by, now)
        more = {"number": request.number, "asked_by": str(request.asked_by)}
        record_change(tx, ask, change, _TAGS[outcome], now, **more)
        tx.touch(What.ACCESS_REQUEST, request.id, final=True)
        said = f"Number {request.number} is {outcome}."
        reply(tx, ask, Answer(Tone.DONE, said), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _request(reading: Reading, ask: Ask, which: str) -> AccessRequest:
    """By its number, or by the id that a button carries. Raises `Mistake`."""
    if re.fullmatch(r"[0-9]{1,9}", which):
        waiting = reading.access_requests(ask.workspace)
        found = next((one for one in waiting if one.number == int(which)), None)
    else:
        found = reading.access_request(which)
    if found is None or found.grant.workspace != ask.workspace:
        raise Mistake("No such request waits.", "/d365 access shows what waits.")
    return found


def _refusal(
    ports: Ports,
    tx: Transaction,
    ask: Ask,
    request: AccessRequest,
    outcome: AccessState,
    now: datetime,
) -> Answer | None:
    """Why not. A person is the same one under whatever organisation, so user ids are compared."""
    if request.state is not AccessState.WAITING or request.ends_at <= now:
        state = AccessState.EXPIRED if request.state is AccessState.WAITING else request.state
        return _no(f"Number {request.number} is {state} already.", "Ask for it anew.")
    own = request.asked_by.user == ask.person.user
    if outcome is AccessState.WITHDRAWN:
        return None if own else _no("Somebody else asked for this.", "Reject it instead.")
    if own:
        return _no(
            "You asked for this yourself: another admin decides. Nothing was changed.",
            f"Take it back with /d365 access withdraw {request.number}.",
        )
    still = admins_of(ports, tx, ask, now).members
    if outcome is AccessState.GRANTED and request.asked_by.user not in still:
        return _no(
            "Whoever asked for this is no longer an admin. Nothing was changed.",
            "Reject it, and ask for it anew if it is still wanted.",
        )
    return None


def _no(message: str, hint: str) -> Answer:
    return Answer(Tone.REFUSED, message, hint)


async def end_overdue(ports: Ports) -> None:
    """What no second admin decided in time is over."""
    now = ports.clock.now()

    def overdue(reading: Reading) -> list[AccessRequest]:
        return [
            one
            for workspace in reading.asking_workspaces()
            for one in reading.access_requests(workspace)
            if one.ends_at <= now
        ]

    if not await ports.ledger.read(overdue):
        return

    def work(tx: Transaction) -> None:
        for one in overdue(tx):
            tx.keep_access_request(replace(one, state=AccessState.EXPIRED))
            grant = one.grant
            tx.record(
                at=now,
                workspace=grant.workspace,
                actor=one.asked_by,
                tag=AuditTag.ACCESS_EXPIRED,
                connection=grant.connection_id,
                details={"number": one.number, "role": grant.role.value, "for": str(grant.holder)},
            )
            tx.touch(What.ACCESS_REQUEST, one.id, final=True)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _where(reading: Reading, grant: Grant) -> str:
    if not grant.connection_id:
        return "on all connections"
    connection = reading.connection(grant.connection_id)
    return f"on {connection.name}" if connection else "on a connection that is gone"


def name_of(reading: Reading, grant: Grant) -> str:
    """Of a group or channel as it was last read, '' of a person."""
    if not isinstance(grant.holder, Circle):
        return ""
    roster = reading.last_roster(grant.workspace, grant.holder.id)
    return roster.name if roster else ""


def record_change(
    tx: Transaction, ask: Ask, change: Change, tag: AuditTag, now: datetime, **more: object
) -> None:
    grant = change.grant
    details: dict[str, object] = {"role": grant.role.value, "on": change.where}
    kind = (
        "person"
        if isinstance(grant.holder, Person)
        else "group"
        if grant.holder.is_group
        else "channel"
    )
    details[kind] = f"{grant.holder} {change.name}".strip()
    tx.record(
        at=now,
        workspace=ask.workspace,
        actor=ask.person,
        tag=tag,
        connection=grant.connection_id,
        details=details | more,
    )
