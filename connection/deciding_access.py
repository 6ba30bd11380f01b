"""What becomes of a role that waits for a second admin."""

import contextlib
import re
from dataclasses import replace
from datetime import datetime

from connection.access_record import expire, name_of, record_change
from connection.access_requests import AccessRequest, AccessState
from connection.access_words import Change, who
from connection.admins import is_admin_of_all, is_established
from connection.asks import Answer, Ask, Tone, What
from connection.audit import AuditTag
from connection.errors import DirectoryAway, Mistake
from connection.holders import check_holder
from connection.knowing import know, know_circles
from connection.patience import PATIENCE, patiently
from connection.people import Grant, Role
from connection.ports import Ports, Reading, Transaction
from connection.rights import rights_of
from connection.showing import reply
from connection.still_admin import is_still_admin, know_who_asks, refuse

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


async def decide(
    ports: Ports, ask: Ask, which: str, outcome: AccessState, patience: float = PATIENCE
) -> None:
    """By another admin than the one who asked; withdrawn by that one alone."""
    found = await ports.ledger.read(lambda reading: _request(reading, ask, which))
    if outcome is AccessState.GRANTED:
        await patiently(lambda: _know_for(ports, found), patience)
    await know_who_asks(ports, ask)
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
        reply(tx, ask, _said(tx, decided, change), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


async def _know_for(ports: Ports, request: AccessRequest) -> None:
    """Who is to get the role, and who asked for it. A group that Slack does not tell hinders
    nobody who is admin without it; whether it matters is seen in the act itself."""
    await check_holder(ports, request.grant)
    await know(ports, request.grant.workspace, request.asked_by.user)
    with contextlib.suppress(DirectoryAway):
        await know_circles(ports, request.grant.workspace, is_admin_of_all)


def _said(reading: Reading, decided: AccessRequest, change: Change) -> Answer:
    grant = decided.grant
    if decided.state is not AccessState.GRANTED and grant in reading.grants(grant.workspace):
        return Answer(
            Tone.DONE,
            f"Number {decided.number} waits no more, and {who(change)} has the role {grant.role} "
            f"{change.where} all the same.",
            "It was given otherwise meanwhile; take it away with /d365 access remove.",
        )
    return Answer(Tone.DONE, f"Number {decided.number} is {decided.state}.")


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
    return _not_by_two(ports, tx, ask, request, now) if outcome is AccessState.GRANTED else None


def _not_by_two(
    ports: Ports, tx: Transaction, ask: Ask, request: AccessRequest, now: datetime
) -> Answer | None:
    """Both have to be admins at this moment, and not just made one by a change in Slack."""
    workspace = ask.workspace
    asker = rights_of(tx, workspace, request.asked_by, ports.admins, now)
    if not asker.allow(Role.ADMIN, ""):
        if asker.standing is None or asker.may_grow:
            return _no(
                "Slack does not tell whether whoever asked for this is an admin still. "
                "Nothing was changed.",
                "Try again in a moment.",
            )
        return _no(
            "Whoever asked for this is no longer an admin. Nothing was changed.",
            "Reject it, and ask for it anew if it is still wanted.",
        )
    if not is_established(ports.admins, tx, workspace, ask.person, now):
        return too_new("You are")
    if not is_established(ports.admins, tx, workspace, request.asked_by, now):
        return too_new("Whoever asked for this is")
    return None


def too_new(whoever: str) -> Answer:
    """Admin by a group or channel that somebody put them into."""
    return _no(
        f"{whoever} admin by a change in Slack that is less than a day old. Nothing was changed.",
        "Until then admins by name, and those who were in the group or channel before, decide.",
    )


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
            expire(tx, one, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _where(reading: Reading, grant: Grant) -> str:
    if not grant.connection_id:
        return "on all connections"
    connection = reading.connection(grant.connection_id)
    return f"on {connection.name}" if connection else "on a connection that is gone"
