"""`/d365 users [connection]`: both sides are read, everybody is mapped, and the result is kept.

The channel reads numbers. The one who asked gets names and the whole list by direct message.
"""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from connection.asks import Ask, Audience, Showing, What
from connection.audit import AuditTag
from connection.errors import AdminError, Mistake, NotReady, RemoteFault
from connection.names import veiled
from connection.ports import Ports, Transaction
from connection.users.check import UserCheck, UserList
from connection.users.findings import Side
from connection.users.me import who_am_i
from connection.users.reading import BothSides, StaleLink
from connection.users.roles import AVAILABILITY_USER
from connection.users.rule import rule_of
from connection.users.subject import Subject, subject_of
from connection.users.table import Tally, packed_file, tallied

INTEGRATION_ROLE = "Integration User"


async def users(ports: Ports, turn: asyncio.Semaphore, ask: Ask) -> None:
    """Everybody, or with the word `me` the one who asks. Raises `Mistake` for other words.

    `turn` lets one connection's users be in memory at a time.
    """
    if ask.rest == "me":
        await who_am_i(ports, ask)
    elif ask.rest:
        raise Mistake(
            f"I did not understand “{ask.rest[:60]}”.", "Use /d365 users, or /d365 users me."
        )
    else:
        await _check(ports, turn, ask)


async def _check(ports: Ports, turn: asyncio.Semaphore, ask: Ask) -> None:
    """Carried out again after a crash it goes on at the page that was reached."""
    subject = await ports.ledger.read(lambda reading: subject_of(reading, ask))
    check = await _begin(ports, ask, subject)
    async with turn:
        try:
            both = await _read(ports, check, subject)
        except AdminError as error:
            await _fail(ports, check, _told(error))
            raise
        except Exception:
            await _fail(ports, check, "Something went wrong in the bot. Check again.")
            raise
        tally = await tallied(both.mapping)
        await _finish(ports, ask, _done(ports, both, tally))
        packed = await packed_file(both.mapping)
    await _tell_the_asker(ports, ask, UserList(check.id, tally.names, packed, ports.clock.now()))


async def _begin(ports: Ports, ask: Ask, subject: Subject) -> UserCheck:
    now = ports.clock.now()
    saved = subject.saved
    new = UserCheck(
        id=ask.id,
        workspace=ask.workspace,
        connection_id=subject.connection.id,
        name=subject.connection.name,
        revision=saved.revision,
        asked_by=ask.person,
        started_at=now,
        finished_at=None,
        rule=rule_of(saved.setup),
    )

    def work(tx: Transaction) -> UserCheck:
        before = tx.user_check(ask.id)
        if before is not None and before.failed:
            raise NotReady(before.failed)
        if before is not None and before.revision != saved.revision:
            tx.drop_user_pages(ask.id)
        check = replace(new, started_at=before.started_at if before else now)
        tx.keep_user_progress(check)
        tx.show(_showing(ask, What.USERS, Audience.CHANNEL, now, final=False))
        return check

    check = await ports.ledger.run(work)
    ports.messenger.nudge()
    return check


async def _read(ports: Ports, check: UserCheck, subject: Subject) -> BothSides:
    """Where a side was left may be known no more, of the one and then of the other."""
    correlation = str(uuid.uuid4())
    access = replace(subject.access, correlation=correlation)
    bc_access = replace(subject.bc_access, correlation=correlation)
    for _ in Side:
        both = BothSides(ports, check)
        try:
            await both.read(access, bc_access)
        except StaleLink as stale:
            await ports.ledger.run(partial(_begin_anew, check.id, stale.side))
        else:
            return both
    both = BothSides(ports, check)
    await both.read(access, bc_access)
    return both


def _begin_anew(check_id: str, side: Side, tx: Transaction) -> None:
    tx.drop_user_pages(check_id, side)


def _done(ports: Ports, both: BothSides, tally: Tally) -> UserCheck:
    roles = both.mapping.roles
    lacking = ((INTEGRATION_ROLE, roles.integration), (AVAILABILITY_USER, roles.availability))
    return replace(
        both.check,
        finished_at=ports.clock.now(),
        counts=tally.counts,
        rows=tally.rows,
        no_role=tuple(name for name, held in lacking if held is None),
    )


async def _finish(ports: Ports, ask: Ask, done: UserCheck) -> None:
    """The channel has its numbers before the file is made."""

    def work(tx: Transaction) -> None:
        if not tx.ask_is_open(ask.id):
            return
        counts = {finding.value: number for finding, number in done.counts.items()}
        if not _is_finished(tx, done.id):
            _record(tx, done, AuditTag.USERS_CHECKED, {"rule": done.rule.value, "found": counts})
        tx.keep_user_check(done)
        tx.touch(What.USERS, done.id, final=True)

    await ports.ledger.run(work)
    ports.messenger.nudge()


async def _tell_the_asker(ports: Ports, ask: Ask, found: UserList) -> None:
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        if not tx.ask_is_open(ask.id):
            return
        tx.keep_user_list(found)
        tx.drop_user_pages(ask.id)
        tx.show(_showing(ask, What.USER_NAMES, Audience.DIRECT, now))
        tx.finish(ask.id, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _told(error: AdminError) -> str:
    """What a channel reads of it has none of the service's own words."""
    said = error.unquoted if isinstance(error, RemoteFault) else error.message
    return veiled(f"{said} {error.hint}".strip())


async def _fail(ports: Ports, check: UserCheck, sentence: str) -> None:
    failed = replace(check, finished_at=ports.clock.now(), failed=sentence)

    def work(tx: Transaction) -> None:
        if _is_finished(tx, check.id):
            return
        tx.keep_user_check(failed)
        tx.drop_user_pages(check.id)
        _record(tx, failed, AuditTag.USERS_CHECK_FAILED, {"because": sentence})
        tx.touch(What.USERS, check.id, final=True)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _is_finished(tx: Transaction, check_id: str) -> bool:
    before = tx.user_check(check_id)
    return before is not None and before.finished_at is not None


def _showing(
    ask: Ask, what: What, audience: Audience, now: datetime, *, final: bool = True
) -> Showing:
    """Each its own: a refusal that comes later has the ask's id."""
    return Showing(
        id=f"{ask.id}:{what.value}",
        workspace=ask.workspace,
        what=what,
        subject=ask.id,
        audience=audience,
        person=ask.person,
        place=ask.place,
        created_at=now,
        final=final,
    )


def _record(
    tx: Transaction, check: UserCheck, tag: AuditTag, details: Mapping[str, object]
) -> None:
    tx.record(
        at=check.finished_at or check.started_at,
        workspace=check.workspace,
        actor=check.asked_by,
        tag=tag,
        connection=check.connection_id,
        details={
            "connection": check.name,
            "revision": check.revision,
            "check": check.id,
            "read": {side.value: number for side, number in check.read.items()},
            **details,
        },
    )
