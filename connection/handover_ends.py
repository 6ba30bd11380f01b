"""What is remembered of a handover, and how it ends without anything having come of it."""

from dataclasses import asdict, replace
from datetime import datetime

from connection.audit import AuditTag
from connection.handover import Handover, HandoverState
from connection.origins import origin_for
from connection.ports import Hold, Ports, Transaction
from connection.setup import SECRET_FIELDS, ConnectionSetup


def end(
    tx: Transaction, hold: Hold, handover: Handover, state: HandoverState, now: datetime
) -> None:
    """Nothing comes of it: what was given is erased and forgotten."""
    tx.keep_handover(replace(handover, state=state))
    if handover.secret_id:
        tx.erase_secret(handover.secret_id)
        hold.drop(handover.secret_id)
        record(tx, handover, AuditTag.SECRET_DISCARDED, now, because=state.value)


def end_unfit(
    tx: Transaction, hold: Hold, connection_id: str, setup: ConnectionSetup, now: datetime
) -> None:
    """The setup changed: what waits for another host, tenant, type or login is void."""
    fields = {about.name: about for about in SECRET_FIELDS}
    for handover in tx.waiting_handovers(connection_id):
        if origin_for(fields[handover.field], setup) != handover.origin:
            end(tx, hold, handover, HandoverState.VOID, now)


async def end_overdue(ports: Ports) -> None:
    """What nobody decided in time is erased."""
    now = ports.clock.now()
    if not await ports.ledger.read(lambda reading: reading.overdue_handovers(now)):
        return

    def work(tx: Transaction) -> None:
        for handover in tx.overdue_handovers(now):
            end(tx, ports.hold, handover, HandoverState.EXPIRED, now)

    await ports.ledger.run(work)


def record(
    tx: Transaction, handover: Handover, tag: AuditTag, now: datetime, **more: object
) -> None:
    """One row about it, by the person it was asked from."""
    connection = tx.connection(handover.connection_id)
    details: dict[str, object] = {
        "connection": connection.name if connection else "",
        "field": handover.field,
    }
    if handover.fingerprint_end:
        details["fingerprint_ends"] = handover.fingerprint_end
    if tag is AuditTag.SECRET_GIVEN:
        details["given_for"] = asdict(handover.origin)
    tx.record(
        at=now,
        workspace=handover.workspace,
        actor=handover.person,
        tag=tag,
        connection=handover.connection_id,
        details={**details, **more},
    )
