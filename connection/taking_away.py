"""Taking a role back: one admin is enough, since that has to be quick."""

from dataclasses import replace
from datetime import datetime

from connection.access_requests import AccessState
from connection.access_words import Change, parse_change, who
from connection.asks import Answer, Ask, Audience, Showing, Tone, What
from connection.audit import AuditTag
from connection.deciding_access import name_of, record_change
from connection.errors import Mistake
from connection.people import Grant, Person, Role
from connection.ports import Ports, Reading, Transaction
from connection.rights import rights_of
from connection.second_admin import admins_of, is_admin_of_all, other_admins
from connection.showing import reply
from connection.still_admin import is_still_admin


async def remove(ports: Ports, ask: Ask, words: list[str]) -> None:
    """`remove holder role [connection]`.

    Where nobody would be admin any more nothing is removed. Who loses the role admin is told, and
    so are the other admins. Raises `Mistake`, `UnknownConnection` and `DirectoryAway`.
    """
    change = await ports.ledger.read(lambda reading: parse_change(reading, ask, words))
    others = await other_admins(ports, ask) if is_admin_of_all(change.grant) else []
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        if not is_still_admin(ports, tx, ask, now):
            return
        named = replace(change, name=name_of(tx, change.grant))
        taken = [one for one in _rows(tx, change.grant) if tx.revoke(one)]
        ended = _end_waiting(tx, ask, named, now)
        if taken:
            _somebody_is_left(ports, tx, ask, change.grant, now)
            record_change(tx, ask, named, AuditTag.ACCESS_REMOVED, now)
            _tell(tx, ask, change.grant, others, now)
        hint = _still_held(ports, tx, change.grant, now) if taken else ""
        said = _said(ports, named, taken=bool(taken), ended=ended)
        reply(tx, ask, Answer(Tone.DONE, said, hint), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _rows(reading: Reading, wanted: Grant) -> list[Grant]:
    """The same role of the same person, also under an organisation that they were of before."""
    holder = wanted.holder
    if not isinstance(holder, Person):
        return [wanted]
    return [
        one
        for one in reading.grants_for(wanted.workspace, holder.user)
        if isinstance(one.holder, Person)
        and (one.role, one.connection_id) == (wanted.role, wanted.connection_id)
    ]


def _end_waiting(tx: Transaction, ask: Ask, change: Change, now: datetime) -> bool:
    """A request for the very role is over with it."""
    found = [one for one in tx.access_requests(ask.workspace) if one.grant == change.grant]
    for one in found:
        ended = replace(one, state=AccessState.WITHDRAWN, decided_by=str(ask.person))
        tx.keep_access_request(ended)
        more = {"number": one.number, "asked_by": str(one.asked_by)}
        record_change(tx, ask, change, AuditTag.ACCESS_WITHDRAWN, now, **more)
        tx.touch(What.ACCESS_REQUEST, one.id, final=True)
    return bool(found)


def _somebody_is_left(
    ports: Ports, tx: Transaction, ask: Ask, removed: Grant, now: datetime
) -> None:
    """Raises `Mistake` (and the removal is undone) where nobody could give roles any more."""
    if is_admin_of_all(removed) and not admins_of(ports, tx, ask, now).members:
        raise Mistake(
            "Nobody would be admin any more. Nothing was changed.",
            "Make somebody else admin first with /d365 access add @person admin.",
        )


def _tell(tx: Transaction, ask: Ask, removed: Grant, others: list[Person], now: datetime) -> None:
    """In their direct messages: whoever is admin no more, and the admins who are left."""
    if not is_admin_of_all(removed):
        return
    told = {*others, *([removed.holder] if isinstance(removed.holder, Person) else [])}
    for person in sorted(told - {ask.person}, key=str):
        tx.show(
            Showing(
                id=f"{ask.id}:{person}",
                workspace=ask.workspace,
                what=What.ANSWER,
                subject=ask.id,
                audience=Audience.DIRECT,
                person=person,
                place=replace(ask.place, channel="", response_url=""),
                created_at=now,
            )
        )


def _still_held(ports: Ports, tx: Transaction, removed: Grant, now: datetime) -> str:
    """By a group, a channel, or the operator's setting."""
    if not isinstance(removed.holder, Person):
        return ""
    rights = rights_of(tx, removed.workspace, removed.holder, ports.admins, now)
    if removed.holder in ports.admins and removed.role is Role.ADMIN:
        return "They are admin by D365BOT_ADMINS still, which whoever runs the bot changes."
    held = any(
        one.role is removed.role and one.connection_id in ("", removed.connection_id)
        for one in rights.sure
    )
    return "They have it still by a group, a channel, or on all connections." if held else ""


def _said(ports: Ports, change: Change, *, taken: bool, ended: bool) -> str:
    grant = change.grant
    if taken:
        return f"{who(change)} no longer has the role {grant.role} {change.where}."
    if ended:
        return f"What waited is withdrawn: {who(change)} does not get the role {grant.role}."
    named = isinstance(grant.holder, Person) and grant.holder in ports.admins
    if named and grant.role is Role.ADMIN:
        return f"{who(change)} is admin by D365BOT_ADMINS, which whoever runs the bot changes."
    return f"{who(change)} does not have the role {grant.role} {change.where}."
