"""Admins who ceased to be one in Slack itself: by leaving, or being taken out of, a group or
channel that holds the role. It is remembered, so that nobody becomes the only admin that way."""

from datetime import datetime

from connection.audit import AuditTag
from connection.directory import Roster
from connection.people import SLACK, Circle, Role
from connection.transactions import Transaction


def remember_losses(tx: Transaction, told: Roster, now: datetime) -> None:
    """One row for each person who is admin by this group or channel no more; before `told` is
    kept."""
    if not _gives_admin(tx, told):
        return
    before = tx.last_roster(told.workspace, told.id)
    if before is None or not before.usable or before.read_at > told.read_at:
        return
    left = before.members - (told.members if told.usable else frozenset())
    kind = "group" if Circle(told.id).is_group else "channel"
    for user in sorted(left):
        tx.record(
            at=now,
            workspace=told.workspace,
            actor=SLACK,
            tag=AuditTag.ACCESS_LOST,
            details={
                "user": user,
                "role": Role.ADMIN.value,
                "on": "on all connections",
                kind: f"{told.id} {told.name or before.name}".strip(),
            },
        )


def _gives_admin(tx: Transaction, told: Roster) -> bool:
    return any(
        grant.holder == Circle(told.id) and grant.role is Role.ADMIN and not grant.connection_id
        for grant in tx.grants(told.workspace)
    )
