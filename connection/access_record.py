"""What is remembered of a role that is given, taken or asked for, and how a request ends."""

from dataclasses import replace
from datetime import datetime

from connection.access_requests import AccessRequest, AccessState
from connection.access_words import Change
from connection.asks import Ask, What
from connection.audit import AuditTag
from connection.people import Circle, Grant, Person
from connection.ports import Reading, Transaction


def record_change(
    tx: Transaction, ask: Ask, change: Change, tag: AuditTag, now: datetime, **more: object
) -> None:
    """One row about it, by the one who asks."""
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


def end_waiting(tx: Transaction, ask: Ask, change: Change, now: datetime) -> bool:
    """A request for the very role is over with what was done about it without one."""
    found = [one for one in tx.access_requests(ask.workspace) if one.grant == change.grant]
    for one in found:
        ended = replace(one, state=AccessState.WITHDRAWN, decided_by=str(ask.person))
        tx.keep_access_request(ended)
        more = {"number": one.number, "asked_by": str(one.asked_by)}
        record_change(tx, ask, change, AuditTag.ACCESS_WITHDRAWN, now, **more)
        tx.touch(What.ACCESS_REQUEST, one.id, final=True)
    return bool(found)


def expire(tx: Transaction, one: AccessRequest, now: datetime) -> None:
    """No second admin decided in time, or none can any more."""
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


def name_of(reading: Reading, grant: Grant) -> str:
    """Of a group or channel as it was last read, '' of a person."""
    if not isinstance(grant.holder, Circle):
        return ""
    roster = reading.last_roster(grant.workspace, grant.holder.id)
    return roster.name if roster else ""
