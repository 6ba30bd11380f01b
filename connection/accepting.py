"""The entry of every act: who may, on which connection, and the one row that makes it a promise."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from connection.asks import About, Ask
from connection.audit import AuditTag
from connection.connection import Connection
from connection.directory import Standing
from connection.errors import AdminError, DirectoryAway, Mistake, NotAllowed
from connection.field_rules import connection_name
from connection.handover import Handover
from connection.knowing import TRIES, know, know_circles, unsettled
from connection.naming import Naming, asked_about, the_connection
from connection.patience import patiently
from connection.people import Role
from connection.ports import Ports, Reading, Transaction
from connection.refusing import lacks, not_a_member, unknown_person
from connection.report import Report
from connection.revisions import Draft
from connection.rights import rights_of
from connection.setting_up import draft_for
from connection.signing_in import SignIn


@dataclass(frozen=True, slots=True)
class Terms:
    """What an act asks of the one who asks: a role (None: everybody), and a connection.

    With `anywhere` a role on any connection will do. `opens_form` makes a draft for the ask, and
    holds the ask until the form is open.
    """

    role: Role | None
    naming: Naming = Naming.NONE
    anywhere: bool = False
    opens_form: bool = False


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
        entry = _Entry(ports, tx, ask, terms, now)
        outcome = _outcome(lambda: entry.decide(about, tx))
        if isinstance(entry.unless_unclear(outcome), _NotYet):
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
        if isinstance(outcome, _NotYet):  # what was read did not stand until it was looked at
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
    if isinstance(outcome, _NotYet):
        await patiently(lambda: know(ports, ask.workspace, ask.person.user), patience)
        outcome = await _settled(ports, ask, terms)
    if isinstance(outcome, _NotYet):
        await patiently(lambda: _know_enough(ports, ask, terms), patience)
        outcome = await _settled(ports, ask, terms)
    return outcome


async def _know_enough(ports: Ports, ask: Ask, terms: Terms) -> None:
    """A group of which Slack does not tell hinders nobody whom another one gives the role."""
    try:
        await know_circles(ports, ask.workspace)
    except DirectoryAway:
        if isinstance(await _settled(ports, ask, terms), _NotYet):
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
    """What comes of it; `_NotYet` where Slack may tell more."""
    now = ports.clock.now()
    about = ask.unsettled

    def still(reading: Reading) -> Ask | AdminError:
        entry = _Entry(ports, reading, ask, terms, now)
        return entry.unless_unclear(_outcome(entry.still))

    def decide(tx: Transaction) -> Ask | AdminError:
        entry = _Entry(ports, tx, ask, terms, now)
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


def _led_by_button(reading: Reading, ask: Ask, about: About) -> tuple[Ask, Connection | None]:
    """A button about one handover, sign-in or test: its connection counts; its id goes along."""
    if about is About.ACCESS_REQUEST:
        return replace(ask, rest=f"{ask.rest} {ask.subject}".strip()), None
    if about is About.HANDOVER:
        found: Handover | Report | SignIn | None = reading.handover(ask.subject)
    elif about is About.REPORT:
        found = reading.report(ask.subject)
    elif about is About.SIGN_IN:
        found = reading.sign_in(ask.subject)
    else:
        return ask, None
    if found is None or found.workspace != ask.workspace:
        raise Mistake("What this button was about is gone.", "Type the command again.")
    connection = reading.connection(found.connection_id)
    return replace(ask, rest=f"{ask.rest} {found.id}".strip()), connection


class _Refused(NotAllowed):
    """A refusal that is remembered, with the connection that it was about."""

    def __init__(self, why: NotAllowed, connection: Connection | None) -> None:
        super().__init__(why.message, why.hint)
        self.connection = connection


class _NotYet(NotAllowed):
    """A refusal that stands only if Slack does not tell more."""


class _Entry:
    """One person at the entry, with their rights read once."""

    def __init__(
        self, ports: Ports, reading: Reading, ask: Ask, terms: Terms, now: datetime
    ) -> None:
        self._reading = reading
        self._ask = ask
        self._terms = terms
        self._now = now
        self._rights = rights_of(reading, ask.workspace, ask.person, ports.admins, now)
        self._unclear = self._rights.may_grow

    def unless_unclear(self, outcome: Ask | AdminError) -> Ask | AdminError:
        """`_NotYet` in place of a refusal, where Slack has to be asked first."""
        if isinstance(outcome, AdminError) and self._unclear:
            return _NotYet(outcome.message, outcome.hint)
        return outcome

    def decide(self, about: About, tx: Transaction) -> Ask:
        """The ask as it counts. Raises `_Refused`, `UnknownConnection` and `Mistake`."""
        ask, terms = self._ask, self._terms
        self._let_in(None, anywhere=True)
        earlier = _own_draft(self._reading, ask) if about is About.DRAFT else None
        asked, connection = _led_by_button(self._reading, ask, about)
        connection = connection or self._connection(about, earlier)
        self._let_in(connection, anywhere=terms.anywhere)
        decided = replace(
            asked,
            connection=connection.name if connection else ask.connection,
            subject=connection.id if connection else "",
        )
        if not terms.opens_form:
            return decided
        draft = earlier or draft_for(tx, decided, connection, self._now)
        return replace(decided, subject=draft.id)

    def still(self) -> Ask:
        """An ask that was decided before. Raises `_Refused`."""
        ask = self._ask
        about = ask.subject
        if self._terms.opens_form:
            draft = self._reading.draft(ask.subject)
            about = draft.connection_id if draft else ""
        self._let_in(self._reading.connection(about), anywhere=self._terms.anywhere)
        return ask

    def _let_in(self, connection: Connection | None, *, anywhere: bool) -> None:
        rights, role = self._rights, self._terms.role
        if rights.standing and rights.standing is not Standing.MEMBER:
            raise _Refused(not_a_member(rights.standing), connection)
        place = connection.id if connection else ""
        if role is not None and not rights.given(role, place, anywhere=anywhere):
            seen = connection if rights.given(Role.VIEWER, place) else None
            elsewhere = rights.given(role, place, anywhere=True)
            why = lacks(self._ask.act, role, seen, elsewhere=elsewhere)
            raise _Refused(why, connection)
        if rights.standing is None:
            self._unclear = True
            raise _Refused(unknown_person(), connection)

    def _connection(self, about: About, draft: Draft | None) -> Connection | None:
        reading, ask, naming = self._reading, self._ask, self._terms.naming
        if draft is not None:
            return reading.connection(draft.connection_id) if draft.connection_id else None
        if about is About.CONNECTION:
            return asked_about(reading, ask)
        if naming is Naming.EXISTING or (naming is Naming.OPTIONAL and ask.connection):
            return the_connection(reading, ask.workspace, ask.connection, self._may_see)
        if naming is Naming.ANY and ask.connection:
            found = reading.connection_named(ask.workspace, ask.connection)
            if found is None:
                connection_name(ask.connection)
            return found
        if naming is Naming.ANY:
            known = reading.connections(ask.workspace)
            return next((one for one in known if one.is_default and self._may_see(one)), None)
        return None

    def _may_see(self, connection: Connection) -> bool:
        return self._rights.allow(Role.VIEWER, connection.id)


def _own_draft(reading: Reading, ask: Ask) -> Draft:
    draft = reading.draft(ask.subject)
    if draft is None or draft.person != ask.person:
        raise Mistake("This form was made for somebody else.", "Open your own with /d365 setup.")
    if draft.saved_revision:
        raise Mistake("This form was saved already.", "Open a new one with /d365 setup.")
    return draft


def _remembered(
    tx: Transaction, ask: Ask, terms: Terms, refusal: AdminError, now: datetime
) -> AdminError:
    """A refusal for lack of rights is audited; a mistake is not."""
    if not isinstance(refusal, _Refused):
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
