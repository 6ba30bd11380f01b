"""Giving roles and taking them back, by an admin and with a trace.

Once two admins exist, the roles approver and admin are given by two of them.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from connection.access_record import end_waiting, expire, record_change
from connection.access_requests import LIFE, AccessRequest, AccessState
from connection.access_words import USAGE, Change, parse_change, parse_decision, who
from connection.admins import is_established
from connection.asks import Answer, Ask, Audience, Showing, Tone, What
from connection.audit import AuditTag
from connection.changes.policies import change_policy
from connection.deciding_access import DECISIONS, decide, too_new
from connection.errors import DirectoryAway, Mistake
from connection.holders import check_holder
from connection.knowing import know
from connection.patience import PATIENCE, patiently
from connection.people import Grant, Person, Role
from connection.ports import Ports, Reading, Transaction
from connection.rights import rights_of
from connection.second_admin import (
    admins_of,
    is_only_admin,
    know_those_before,
    lately_removed,
    other_admins,
)
from connection.showing import reply, show_to_person
from connection.still_admin import CHANGED, is_still_admin, know_who_asks, refuse
from connection.taking_away import remove

WEIGHTY = frozenset({Role.APPROVER, Role.ADMIN})
"""Roles that need two admins."""


async def change_access(ports: Ports, ask: Ask, patience: float = PATIENCE) -> None:
    """`access`; `access add|remove @person|@group|#channel role [connection]`;
    `access approve|reject|withdraw number`; `access policy …`. Slack has so many seconds to tell
    who is who.

    Raises `Mistake` for anything else, `UnknownConnection`, `NotAllowed` and `DirectoryAway`.
    """
    words = ask.rest.split()
    if not words or words == ["list"]:
        await show_to_person(ports, ask, What.ACCESS)
    elif words[0] in DECISIONS:
        await decide(ports, ask, parse_decision(words), DECISIONS[words[0]], patience)
    elif words[0] == "policy":
        await change_policy(ports, ask, words[1:])
    elif words[0] == "add":
        await _add(ports, ask, words, patience)
    elif words[0] == "remove":
        await remove(ports, ask, words)
    else:
        raise Mistake(f"I did not understand access {words[0][:40]}.", f"Use {USAGE}.")


async def _add(ports: Ports, ask: Ask, words: list[str], patience: float) -> None:
    change = await ports.ledger.read(lambda reading: parse_change(reading, ask, words))
    weighty = change.grant.role in WEIGHTY
    name, others = "", list[Person]()

    async def know_slack() -> None:
        nonlocal name, others
        name = await check_holder(ports, change.grant)
        others = await other_admins(ports, ask) if weighty else []

    await patiently(know_slack, patience)
    if weighty:
        await _know_earlier(ports, ask, change.grant)
    await know_who_asks(ports, ask)
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        if is_still_admin(ports, tx, ask, now):
            _give(ports, tx, ask, replace(change, name=name), others, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


async def _know_earlier(ports: Ports, ask: Ask, grant: Grant) -> None:
    """Of whom it may depend whether somebody is alone, or whether what waits can be decided."""
    waiting = await ports.ledger.read(lambda reading: _waiting(reading, grant))
    if waiting is not None:
        with contextlib.suppress(DirectoryAway):
            await know(ports, ask.workspace, waiting.asked_by.user)
    await know_those_before(ports, ask, grant)


def _give(
    ports: Ports,
    tx: Transaction,
    ask: Ask,
    change: Change,
    others: Sequence[Person],
    now: datetime,
) -> None:
    grant = change.grant
    weighty = grant.role in WEIGHTY
    if _stands(ports, tx, grant):
        end_waiting(tx, ask, change, now)
        said = f"{who(change)} already has the role {grant.role} {change.where}."
        reply(tx, ask, Answer(Tone.DONE, said), now)
    elif weighty and not is_established(ports.admins, tx, ask.workspace, ask.person, now):
        refuse(tx, ask, too_new("You are"), now)
    elif weighty and not is_only_admin(ports, tx, ask, now):
        known = admins_of(ports, tx, ask, now)
        if others or known.members - {ask.person.user}:
            _ask_another(ports, tx, ask, change, others, now)
        else:  # nobody would be told, and nobody could decide
            refuse(tx, ask, CHANGED, now)
    elif weighty and lately_removed(tx, ask, grant, now):
        refuse(tx, ask, _ALONE, now)
    else:
        tx.grant(grant, ask.person, now)
        record_change(tx, ask, change, AuditTag.ACCESS_GRANTED, now)
        end_waiting(tx, ask, change, now)
        said = f"{who(change)} now has the role {grant.role} {change.where}."
        reply(tx, ask, Answer(Tone.DONE, said), now)


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


def _waiting(reading: Reading, grant: Grant) -> AccessRequest | None:
    requests = reading.access_requests(grant.workspace)
    return next((one for one in requests if one.grant == grant), None)


def _is_over(ports: Ports, reading: Reading, request: AccessRequest, now: datetime) -> bool:
    """Nobody can grant it any more: its time is over, or whoever asked is surely no admin."""
    rights = rights_of(reading, request.grant.workspace, request.asked_by, ports.admins, now)
    unclear = rights.standing is None or rights.may_grow
    return request.ends_at <= now or not (unclear or rights.allow(Role.ADMIN, ""))


def _ask_another(
    ports: Ports,
    tx: Transaction,
    ask: Ask,
    change: Change,
    others: Sequence[Person],
    now: datetime,
) -> None:
    """The request is shown where it was made, and to the other admins themselves."""
    waiting = _waiting(tx, change.grant)
    if waiting is not None and _is_over(ports, tx, waiting, now):
        expire(tx, waiting, now)
    elif waiting is not None:
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
    _show_to_admins(tx, ask, others, now)
    tx.finish(ask.id, now)


def _show_to_admins(tx: Transaction, ask: Ask, others: Sequence[Person], now: datetime) -> None:
    """The request has the id of its ask."""
    copy = Showing(
        id=ask.id,
        workspace=ask.workspace,
        what=What.ACCESS_REQUEST,
        subject=ask.id,
        audience=Audience.CHANNEL,
        person=ask.person,
        place=ask.place,
        created_at=now,
    )
    tx.show(copy)
    for other in others:
        own = replace(copy, id=f"{ask.id}:{other}", audience=Audience.DIRECT, person=other)
        tx.show(replace(own, place=replace(own.place, channel="", response_url="")))
