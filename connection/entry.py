"""One person at the entry of an act: what they mean, and whether they may."""

from dataclasses import dataclass, replace
from datetime import datetime

from connection.asks import About, Ask
from connection.changes.request import Request
from connection.connection import Connection
from connection.directory import Standing
from connection.errors import AdminError, Mistake, NotAllowed
from connection.field_rules import connection_name
from connection.handover import Handover
from connection.naming import Naming, asked_about, the_connection
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


def _led_by_button(reading: Reading, ask: Ask, about: About) -> tuple[Ask, Connection | None]:
    """A button about one handover, sign-in or test: its connection counts; its id goes along."""
    if about is About.ACCESS_REQUEST:
        return replace(ask, rest=f"{ask.rest} {ask.subject}".strip()), None
    if about is About.HANDOVER:
        found: Handover | Report | Request | SignIn | None = reading.handover(ask.subject)
    elif about is About.REPORT:
        found = reading.report(ask.subject)
    elif about is About.SIGN_IN:
        found = reading.sign_in(ask.subject)
    elif about is About.REQUEST:
        found = reading.request(ask.subject)
    else:
        return ask, None
    if found is None or found.workspace != ask.workspace:
        raise Mistake("What this button was about is gone.", "Type the command again.")
    connection = reading.connection(found.connection_id)
    words = (found.id, ask.rest) if about is About.REQUEST else (ask.rest, found.id)
    return replace(ask, rest=" ".join(words).strip()), connection


class Refused(NotAllowed):
    """A refusal that is remembered, with the connection that it was about."""

    def __init__(self, why: NotAllowed, connection: Connection | None) -> None:
        super().__init__(why.message, why.hint)
        self.connection = connection


class NotYet(NotAllowed):
    """A refusal that stands only if Slack does not tell more."""


class Entry:
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
        """`NotYet` in place of a refusal, where Slack has to be asked first."""
        if isinstance(outcome, AdminError) and self._unclear:
            return NotYet(outcome.message, outcome.hint)
        return outcome

    def decide(self, about: About, tx: Transaction) -> Ask:
        """The ask as it counts. Raises `Refused`, `UnknownConnection` and `Mistake`."""
        ask, terms = self._ask, self._terms
        self._let_in(None, anywhere=True)
        earlier = _own_draft(self._reading, ask) if about is About.DRAFT else None
        asked, connection = _led_by_button(self._reading, ask, about)
        if about is About.NAME and terms.naming in (Naming.REQUEST, Naming.ANY_REQUEST):
            asked, connection = self._of_request()
        connection = connection or self._connection(about, earlier)
        self._let_in(connection, anywhere=terms.anywhere and connection is None)
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
        """An ask that was decided before. Raises `Refused`."""
        ask = self._ask
        about = ask.subject
        if self._terms.opens_form:
            draft = self._reading.draft(ask.subject)
            about = draft.connection_id if draft else ""
        found = self._reading.connection(about)
        self._let_in(found, anywhere=self._terms.anywhere and found is None)
        return ask

    def _of_request(self) -> tuple[Ask, Connection | None]:
        """By its number; its id goes before the rest. Raises `Mistake`, also for one that the
        person may not see."""
        ask, reading = self._ask, self._reading
        if not ask.connection and self._terms.naming is Naming.ANY_REQUEST:
            return ask, None
        number = ask.connection.removeprefix("r")
        known = number.isascii() and number.isdigit() and len(number) < 10
        found = reading.request_numbered(ask.workspace, int(number)) if known else None
        connection = reading.connection(found.connection_id) if found else None
        if found is None or connection is None or not self._may_see(connection):
            raise Mistake(
                f"There is no request {ask.connection[:20].upper()}."
                if ask.connection
                else "Say which request, such as R42.",
                "/d365 request lists those that you may see.",
            )
        return replace(ask, rest=f"{found.id} {ask.rest}".strip()), connection

    def _let_in(self, connection: Connection | None, *, anywhere: bool) -> None:
        rights, role = self._rights, self._terms.role
        if rights.standing and rights.standing is not Standing.MEMBER:
            raise Refused(not_a_member(rights.standing), connection)
        place = connection.id if connection else ""
        if role is not None and not rights.given(role, place, anywhere=anywhere):
            seen = connection if rights.given(Role.VIEWER, place) else None
            elsewhere = rights.given(role, place, anywhere=True)
            why = lacks(self._ask.act, role, seen, elsewhere=elsewhere)
            raise Refused(why, connection)
        if rights.standing is None:
            self._unclear = True
            raise Refused(unknown_person(), connection)

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
