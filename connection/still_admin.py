"""Whether the one who acts is admin still: between the entry and the act Slack was asked."""

from datetime import datetime

from connection.asks import Answer, Ask, Tone
from connection.audit import AuditTag
from connection.people import Role
from connection.ports import Ports, Transaction
from connection.refusing import lacks
from connection.rights import rights_of
from connection.showing import reply


def is_still_admin(ports: Ports, tx: Transaction, ask: Ask, now: datetime) -> bool:
    """Part of the act's own closure; the refusal is said and remembered here."""
    rights = rights_of(tx, ask.workspace, ask.person, ports.admins, now)
    if rights.allow(Role.ADMIN, ""):
        return True
    if rights.standing is None or rights.may_grow:
        refuse(tx, ask, _CHANGED, now)
    else:
        why = lacks(ask.act, Role.ADMIN, None, elsewhere=Role.ADMIN in rights.roles)
        refuse(tx, ask, Answer(Tone.REFUSED, why.message, why.hint), now)
    return False


_CHANGED = Answer(
    Tone.REFUSED,
    "Something changed in Slack while I looked. Nothing was changed here.",
    "Type it again.",
)


def refuse(tx: Transaction, ask: Ask, said: Answer, now: datetime) -> None:
    """Said to the one who asked, and remembered."""
    tx.record(
        at=now,
        workspace=ask.workspace,
        actor=ask.person,
        tag=AuditTag.COMMAND_REFUSED,
        details={"act": ask.act, "needs": Role.ADMIN.value, "because": said.message},
    )
    reply(tx, ask, said, now)
