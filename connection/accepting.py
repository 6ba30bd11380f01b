"""The entry of every act: who may, on which connection, and the one row that makes it a promise."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from connection.asks import Ask
from connection.audit import AuditTag
from connection.connection import Connection
from connection.errors import AdminError, Mistake, NotAllowed
from connection.field_rules import connection_name
from connection.handover import Handover
from connection.naming import Naming, asked_about, the_connection
from connection.people import Role, may
from connection.ports import Ports, Reading, Transaction
from connection.revisions import Draft
from connection.setting_up import draft_for
from connection.signing_in import SignIn


class About(StrEnum):
    """What `Ask.subject` is before the ask is accepted; afterwards it is the connection's id, or
    the draft's where a form is opened."""

    NAME = "name"  # empty: the connection is named in `Ask.connection`
    CONNECTION = "connection"  # the id of a connection, from a button
    DRAFT = "draft"  # the id of a draft, from a button
    HANDOVER = "handover"  # the id of a handover, from a button; it follows in `Ask.rest`
    SIGN_IN = "sign_in"  # the id of a sign-in, from a button; it follows in `Ask.rest`


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

    Refusals are audited, and nothing else of a refused act is stored. Raises `NotAllowed`,
    `UnknownConnection` and `Mistake`.
    """
    now = ports.clock.now()

    def work(tx: Transaction) -> Ask | AdminError | None:
        entry = _Entry(ports, tx, ask, terms)
        if not entry.allows(anywhere=True):
            return _refuse(tx, ask, terms, None, now)
        earlier = _own_draft(tx, ask) if about is About.DRAFT else None
        asked, connection = _led_by_button(tx, ask, about)
        connection = connection or entry.connection(about, earlier)
        if not entry.allows(connection, anywhere=terms.anywhere):
            return _refuse(tx, ask, terms, connection, now)
        accepted = replace(
            asked,
            connection=connection.name if connection else ask.connection,
            subject=connection.id if connection else "",
        )
        if terms.opens_form:
            draft = earlier or draft_for(tx, accepted, connection, now)
            accepted = replace(accepted, subject=draft.id)
        return accepted if tx.accept(accepted, held=terms.opens_form) else None

    outcome = await ports.ledger.run(work)
    if isinstance(outcome, AdminError):
        raise outcome
    return outcome


def _led_by_button(reading: Reading, ask: Ask, about: About) -> tuple[Ask, Connection | None]:
    """A button about one handover or sign-in: its connection counts, and its id goes along."""
    if about is About.HANDOVER:
        found: Handover | SignIn | None = reading.handover(ask.subject)
    elif about is About.SIGN_IN:
        found = reading.sign_in(ask.subject)
    else:
        return ask, None
    if found is None or found.workspace != ask.workspace:
        raise Mistake("What this button was about is gone.", "Type the command again.")
    connection = reading.connection(found.connection_id)
    return replace(ask, rest=f"{ask.rest} {found.id}".strip()), connection


class _Entry:
    """One person at the entry, with the grants of the workspace read once."""

    def __init__(self, ports: Ports, reading: Reading, ask: Ask, terms: Terms) -> None:
        self._reading = reading
        self._ask = ask
        self._terms = terms
        self._is_admin = ask.person in ports.admins
        self._admins = ports.admins
        self._grants = () if self._is_admin else reading.grants(ask.workspace)

    def allows(self, connection: Connection | None = None, *, anywhere: bool = False) -> bool:
        if self._terms.role is None or self._is_admin:
            return True
        places = {connection.id if connection else ""}
        if anywhere:
            places.update(grant.connection_id for grant in self._grants)
        return any(self._holds(self._terms.role, place) for place in places)

    def connection(self, about: About, draft: Draft | None) -> Connection | None:
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
        return self._is_admin or self._holds(Role.VIEWER, connection.id)

    def _holds(self, role: Role, connection_id: str) -> bool:
        return may(self._ask.person, role, connection_id, self._grants, self._admins)


def _own_draft(reading: Reading, ask: Ask) -> Draft:
    draft = reading.draft(ask.subject)
    if draft is None or draft.person != ask.person:
        raise Mistake("This form was made for somebody else.", "Open your own with /d365 setup.")
    if draft.saved_revision:
        raise Mistake("This form was saved already.", "Open a new one with /d365 setup.")
    return draft


def _refuse(
    tx: Transaction, ask: Ask, terms: Terms, connection: Connection | None, now: datetime
) -> NotAllowed:
    role = terms.role or Role.VIEWER
    details: dict[str, object] = {"act": ask.act, "needs": role.value}
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
    on = f" on {connection.name}" if connection else ""
    named = f" {connection.name}" if connection else ""
    give = f"an admin to give you the role with /d365 access add @you {role}{named}."
    hints = {Role.VIEWER: f"Ask {give}", Role.ADMIN: "Ask an admin to do it."}
    return NotAllowed(
        f"Sorry, {ask.act} needs the role {role}{on}, which you do not have. Nothing was changed.",
        hints.get(role, f"Ask an {role} to do it, or {give}"),
    )
