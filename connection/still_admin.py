"""Whether the one who acts is admin still: between the entry and the act Slack was asked."""

import contextlib
from datetime import datetime

from connection.admins import is_admin_of_all
from connection.asks import Answer, Ask, Tone
from connection.audit import AuditTag
from connection.errors import DirectoryAway
from connection.knowing import know, know_circles
from connection.people import Role
from connection.ports import Ports, Transaction
from connection.refusing import lacks
from connection.rights import rights_of
from connection.showing import reply


async def know_who_asks(ports: Ports, ask: Ask) -> None:
    """Last before the act: what was known of them may have become too old while Slack told of
    others. Raises `DirectoryAway`."""
    await know(ports, ask.workspace, ask.person.user)
    now = ports.clock.now()
    rights = await ports.ledger.read(
        lambda reading: rights_of(reading, ask.workspace, ask.person, ports.admins, now)
    )
    if rights.may_grow and not rights.allow(Role.ADMIN, ""):
        with contextlib.suppress(DirectoryAway):  # the act itself says what is missing
            await know_circles(ports, ask.workspace, is_admin_of_all)


def is_still_admin(ports: Ports, tx: Transaction, ask: Ask, now: datetime) -> bool:
    """Part of the act's own closure; the refusal is said and remembered here."""
    return may_still(ports, tx, ask, Role.ADMIN, "", now)


def may_still(
    ports: Ports, tx: Transaction, ask: Ask, role: Role, connection_id: str, now: datetime
) -> bool:
    """The same for a role on a connection."""
    rights = rights_of(tx, ask.workspace, ask.person, ports.admins, now)
    if rights.allow(role, connection_id):
        return True
    if rights.standing is None or rights.may_grow:
        refuse(tx, ask, CHANGED, now, role, connection_id)
    else:
        why = lacks(ask.act, role, tx.connection(connection_id), elsewhere=role in rights.roles)
        refuse(tx, ask, Answer(Tone.REFUSED, why.message, why.hint), now, role, connection_id)
    return False


CHANGED = Answer(
    Tone.REFUSED,
    "Something changed in Slack while I looked. Nothing was changed here.",
    "Do it again.",
)


def refuse(
    tx: Transaction,
    ask: Ask,
    said: Answer,
    now: datetime,
    role: Role = Role.ADMIN,
    connection_id: str = "",
) -> None:
    """Said to the one who asked, and remembered."""
    tx.record(
        at=now,
        workspace=ask.workspace,
        actor=ask.person,
        tag=AuditTag.COMMAND_REFUSED,
        connection=connection_id,
        details={"act": ask.act, "needs": role.value, "because": said.message},
    )
    reply(tx, ask, said, now)
