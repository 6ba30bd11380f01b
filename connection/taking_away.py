"""Taking a role back: one admin is enough, since that has to be quick."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from connection.access_record import end_waiting, name_of, record_change
from connection.access_words import Change, parse_change, who
from connection.admin_changes import record_members_lost
from connection.admins import is_admin_of_all
from connection.asks import Answer, Ask, Audience, Showing, Tone, What
from connection.audit import AuditTag
from connection.directory import FRESH_FOR, Standing
from connection.errors import DirectoryAway, Mistake
from connection.knowing import know_profile
from connection.people import Grant, Person, Role
from connection.ports import Ports, Reading, Transaction
from connection.rights import rights_of
from connection.second_admin import admins_of, other_admins_soon
from connection.showing import reply
from connection.still_admin import is_still_admin, know_who_asks


async def remove(ports: Ports, ask: Ask, words: list[str]) -> None:
    """`remove holder role [connection]`.

    Where nobody would be admin any more nothing is removed. Who loses the role admin is told, and
    so are the other admins. It does not wait for groups and people that Slack does not tell, but
    for the one who asks. Raises `Mistake`, `UnknownConnection` and `DirectoryAway`.
    """
    change = await ports.ledger.read(lambda reading: parse_change(reading, ask, words))
    others = await other_admins_soon(ports, ask) if is_admin_of_all(change.grant) else []
    if is_admin_of_all(change.grant):
        await _know_one_who_stays(ports, ask, change.grant, others)
    await know_who_asks(ports, ask)
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        if not is_still_admin(ports, tx, ask, now):
            return
        named = replace(change, name=name_of(tx, change.grant))
        taken = [one for one in _rows(tx, change.grant) if tx.revoke(one)]
        ended = end_waiting(tx, ask, named, now)
        if taken:
            _somebody_is_left(ports, tx, ask, change.grant, now)
            more = _losses(tx, ask, change.grant, now)
            record_change(tx, ask, named, AuditTag.ACCESS_REMOVED, now, **more)
            _tell(tx, ask, change.grant, others, now)
        hint = _still_held(ports, tx, change.grant, now) if taken else ""
        said = _said(ports, named, taken=bool(taken), ended=ended)
        reply(tx, ask, Answer(Tone.DONE, said, hint), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


async def _know_one_who_stays(
    ports: Ports, ask: Ask, removed: Grant, others: Sequence[Person]
) -> None:
    """Whoever may step down by it leaves an admin who is a member now, not a while ago."""
    own = isinstance(removed.holder, Person) and removed.holder.user == ask.person.user
    if isinstance(removed.holder, Person) and not own:
        return
    away: DirectoryAway | None = None
    for person in others:
        try:
            profile = await know_profile(ports, ask.workspace, person.user)
        except DirectoryAway as error:
            away = away or error
        else:
            if profile.standing is Standing.MEMBER:
                return
    if away is not None and own:
        raise away


def _losses(tx: Transaction, ask: Ask, removed: Grant, now: datetime) -> Mapping[str, object]:
    """A group or channel is admin no more: a row for each person in it, and how many they are if
    that is known for sure."""
    if isinstance(removed.holder, Person) or not is_admin_of_all(removed):
        return {}
    last = tx.last_roster(removed.workspace, removed.holder.id)
    lost = record_members_lost(tx, ask.person, last, now) if last else 0
    fresh = tx.roster(removed.workspace, removed.holder.id, now - FRESH_FOR)
    return {"members": lost} if fresh is not None else {}


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


def _somebody_is_left(
    ports: Ports, tx: Transaction, ask: Ask, removed: Grant, now: datetime
) -> None:
    """Raises `Mistake` (and the removal is undone) where nobody could give roles any more."""
    if not is_admin_of_all(removed):
        return
    known = admins_of(ports, tx, ask, now, everywhere=False)
    if not known.members and (known.unknown or known.unread):
        raise Mistake(
            "Slack does not tell whether anybody would be admin still. Nothing was changed.",
            "Try again in a moment.",
        )
    if not known.members:
        raise Mistake(
            "Nobody would be admin any more. Nothing was changed.",
            "Make somebody else admin first with /d365 access add @person admin.",
        )


def _tell(
    tx: Transaction, ask: Ask, removed: Grant, others: Sequence[Person], now: datetime
) -> None:
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
