"""Giving roles and taking them back, by an admin and with a trace.

Once two admins exist, the roles approver and admin are given by two of them.
"""

from dataclasses import replace
from datetime import datetime

from connection.access_requests import LIFE, AccessRequest, AccessState
from connection.access_words import USAGE, Change, parse_change, parse_decision, who
from connection.asks import Answer, Ask, Audience, Showing, Tone, What
from connection.audit import AuditTag
from connection.deciding_access import DECISIONS, decide, record_change
from connection.errors import Mistake
from connection.holders import check_holder
from connection.people import Grant, Person, Role
from connection.ports import Ports, Reading, Transaction
from connection.second_admin import is_only_admin, lately_removed, other_admins
from connection.showing import reply, show_to_person
from connection.still_admin import is_still_admin, refuse
from connection.taking_away import remove

WEIGHTY = frozenset({Role.APPROVER, Role.ADMIN})
"""Roles that need two admins."""


async def change_access(ports: Ports, ask: Ask) -> None:
    """`access`; `access add|remove @person|@group|#channel role [connection]`;
    `access approve|reject|withdraw number`.

    Raises `Mistake` for anything else, `UnknownConnection`, `NotAllowed` and `DirectoryAway`.
    """
    words = ask.rest.split()
    if not words or words == ["list"]:
        await show_to_person(ports, ask, What.ACCESS)
    elif words[0] in DECISIONS:
        await decide(ports, ask, parse_decision(words), DECISIONS[words[0]])
    elif words[0] == "add":
        await _add(ports, ask, words)
    elif words[0] == "remove":
        await remove(ports, ask, words)
    else:
        raise Mistake(f"I did not understand access {words[0][:40]}.", f"Use {USAGE}.")


async def _add(ports: Ports, ask: Ask, words: list[str]) -> None:
    change = await ports.ledger.read(lambda reading: parse_change(reading, ask, words))
    name = await check_holder(ports, change.grant)
    change = replace(change, name=name)
    others = await other_admins(ports, ask) if change.grant.role in WEIGHTY else []
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        grant = change.grant
        if not is_still_admin(ports, tx, ask, now):
            return
        if _stands(ports, tx, grant):
            said = f"{who(change)} already has the role {grant.role} {change.where}."
            reply(tx, ask, Answer(Tone.DONE, said), now)
        elif grant.role in WEIGHTY and not is_only_admin(ports, tx, ask, now):
            _ask_another(tx, ask, change, others, now)
        elif grant.role in WEIGHTY and lately_removed(tx, ask, grant, now):
            refuse(tx, ask, _ALONE, now)
        else:
            tx.grant(grant, ask.person, now)
            record_change(tx, ask, change, AuditTag.ACCESS_GRANTED, now)
            said = f"{who(change)} now has the role {grant.role} {change.where}."
            reply(tx, ask, Answer(Tone.DONE, said), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


_ALONE = Answer(
    Tone.REFUSED,
    "This needs another admin, and the last one was removed less than a day ago. "
    "Nothing was changed.",
    "Whoever runs this bot can name another one in D365BOT_ADMINS.",
)


def _stands(ports: Ports, reading: Reading, grant: Grant) -> bool:
    holder = grant.holder
    if grant.role is Role.ADMIN and isinstance(holder, Person) and holder in ports.admins:
        return True
    return grant in reading.grants(grant.workspace)


def _ask_another(
    tx: Transaction, ask: Ask, change: Change, others: list[Person], now: datetime
) -> None:
    """The request is shown where it was made, and to the other admins themselves."""
    waiting = next(
        (one for one in tx.access_requests(ask.workspace) if one.grant == change.grant), None
    )
    if waiting is not None:
        said = f"That waits for another admin already, as number {waiting.number}."
        reply(tx, ask, Answer(Tone.DONE, said, "/d365 access shows what waits."), now)
        return
    request = AccessRequest(
        id=ask.id,
        number=tx.next_access_request(ask.workspace),
        grant=change.grant,
        asked_by=ask.person,
        place=ask.place,
        state=AccessState.WAITING,
        asked_at=now,
        ends_at=now + LIFE,
    )
    tx.keep_access_request(request)
    record_change(tx, ask, change, AuditTag.ACCESS_ASKED, now, number=request.number)
    copy = Showing(
        id=ask.id,
        workspace=ask.workspace,
        what=What.ACCESS_REQUEST,
        subject=request.id,
        audience=Audience.CHANNEL,
        person=ask.person,
        place=ask.place,
        created_at=now,
    )
    tx.show(copy)
    for other in others:
        own = replace(copy, id=f"{ask.id}:{other}", audience=Audience.DIRECT, person=other)
        tx.show(replace(own, place=replace(own.place, channel="", response_url="")))
    tx.finish(ask.id, now)
