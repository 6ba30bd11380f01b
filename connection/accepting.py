"""The entry of every act: who may, on which connection, and the one row that makes it a promise."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from connection.asks import About, Ask
from connection.audit import AuditTag
from connection.entry import Entry, NotYet, Refused, Terms
from connection.errors import AdminError, DirectoryAway
from connection.knowing import TRIES, know, know_circles, unsettled
from connection.patience import patiently
from connection.ports import Ports, Reading, Transaction
from connection.rights import rights_of


async def accept(ports: Ports, ask: Ask, terms: Terms, about: About = About.NAME) -> Ask | None:
    """Accept an act, or raise why not; None if it was accepted before.

    Where Slack has to be asked first who this is, the act is accepted unsettled: `settle` decides
    before anything is done. Refusals are audited, and nothing else of a refused act is stored.
    Raises `NotAllowed`, `UnknownConnection` and `Mistake`.
    """
    now = ports.clock.now()

    def work(tx: Transaction) -> Ask | AdminError | None:
        if tx.was_asked(ask.workspace, ask.dedupe_key):
            return None
        entry = Entry(ports, tx, ask, terms, now)
        outcome = _outcome(lambda: entry.decide(about, tx))
        if isinstance(entry.unless_unclear(outcome), NotYet):
            unsettled = replace(ask, unsettled=about)
            return unsettled if tx.accept(unsettled, held=terms.opens_form) else None
        if isinstance(outcome, AdminError):
            return _remembered(tx, ask, terms, outcome, now)
        return outcome if tx.accept(outcome, held=terms.opens_form) else None

    outcome = await ports.ledger.run(work)
    if isinstance(outcome, AdminError):
        raise outcome
    return outcome


async def settle(ports: Ports, ask: Ask, terms: Terms, patience: float = 0.0) -> Ask:
    """Before an accepted act is carried out: once more who may, by what Slack says now.

    Slack is asked where what is stored is too old, for so many seconds in all. Raises as `accept`
    does, and `DirectoryAway`.
    """
    ends = time.monotonic() + patience
    known_all = terms.role is not None and not terms.anywhere
    for _ in range(TRIES):
        left = max(ends - time.monotonic(), 0.001) if patience else 0.0
        outcome = await _told(ports, ask, terms, left)
        if isinstance(outcome, NotYet):  # what was read did not stand until it was looked at
            continue
        if isinstance(outcome, AdminError):
            now, refusal = ports.clock.now(), outcome
            await ports.ledger.run(lambda tx: _remembered(tx, ask, terms, refusal, now))  # noqa: B023
            raise refusal
        ask = replace(outcome, unsettled=None)
        if known_all:
            return ask
        with contextlib.suppress(DirectoryAway, TimeoutError):
            async with asyncio.timeout(left or None):
                await _know_all(ports, ask, terms)
        known_all = True  # and once more who may, since that took its time
    raise unsettled()


async def _told(ports: Ports, ask: Ask, terms: Terms, patience: float) -> Ask | AdminError:
    """What comes of it once Slack was asked for what is missing. Raises `DirectoryAway`."""
    outcome = await _settled(ports, ask, terms)
    if isinstance(outcome, NotYet):
        await patiently(lambda: know(ports, ask.workspace, ask.person.user), patience)
        outcome = await _settled(ports, ask, terms)
    if isinstance(outcome, NotYet):
        await patiently(lambda: _know_enough(ports, ask, terms), patience)
        outcome = await _settled(ports, ask, terms)
    return outcome


async def _know_enough(ports: Ports, ask: Ask, terms: Terms) -> None:
    """A group of which Slack does not tell hinders nobody whom another one gives the role."""
    try:
        await know_circles(ports, ask.workspace)
    except DirectoryAway:
        if isinstance(await _settled(ports, ask, terms), NotYet):
            raise


async def _know_all(ports: Ports, ask: Ask, terms: Terms) -> None:
    """What shows all that somebody may is to be complete."""
    now = ports.clock.now()
    rights = await ports.ledger.read(
        lambda reading: rights_of(reading, ask.workspace, ask.person, ports.admins, now)
    )
    everywhere = terms.role is not None and rights.allow(terms.role, "")
    if rights.may_grow and not everywhere:
        await know_circles(ports, ask.workspace)


async def _settled(ports: Ports, ask: Ask, terms: Terms) -> Ask | AdminError:
    """What comes of it; `NotYet` where Slack may tell more."""
    now = ports.clock.now()
    about = ask.unsettled

    def still(reading: Reading) -> Ask | AdminError:
        entry = Entry(ports, reading, ask, terms, now)
        return entry.unless_unclear(_outcome(entry.still))

    def decide(tx: Transaction) -> Ask | AdminError:
        entry = Entry(ports, tx, ask, terms, now)
        outcome = _outcome(lambda: entry.decide(about or About.NAME, tx))
        if isinstance(outcome, Ask):
            tx.settle(outcome)
        return entry.unless_unclear(outcome)

    return await (ports.ledger.run(decide) if about else ports.ledger.read(still))


def _outcome(decide: Callable[[], Ask]) -> Ask | AdminError:
    """Raised outside the transaction only, so that the audit row of a refusal stays."""
    try:
        return decide()
    except AdminError as error:
        return error


def _remembered(
    tx: Transaction, ask: Ask, terms: Terms, refusal: AdminError, now: datetime
) -> AdminError:
    """A refusal for lack of rights is audited; a mistake is not."""
    if not isinstance(refusal, Refused):
        return refusal
    connection = refusal.connection
    details: dict[str, object] = {"act": ask.act}
    if terms.role:
        details["needs"] = terms.role.value
    if connection:
        details["connection"] = connection.name
    tx.record(
        at=now,
        workspace=ask.workspace,
        actor=ask.person,
        tag=AuditTag.COMMAND_REFUSED,
        connection=connection.id if connection else "",
        details=details,
    )
    return refusal
