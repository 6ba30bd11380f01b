"""The entry of every act: who may, on which connection, and the one row that makes it a promise."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from connection.asks import Ask
from connection.audit import AuditTag
from connection.connection import Connection
from connection.errors import AdminError, Mistake, NotAllowed, UnknownConnection
from connection.people import Role, may
from connection.ports import Ports, Reading, Transaction
from connection.setting_up import draft_for
from connection.setup import Draft
from connection.words import nearest


class Naming(StrEnum):
    """How an act names its connection."""

    NONE = "none"
    OPTIONAL = "optional"  # an existing one, or none
    EXISTING = "existing"  # an existing one, the default one if none is named
    ANY = "any"  # an existing or a new one


@dataclass(frozen=True, slots=True)
class Terms:
    """What an act asks of the one who asks: a role (None: everybody), and a connection.

    With `anywhere` a role on any connection will do. `opens_form` makes a draft for the ask, or
    takes the one that `Ask.subject` names, and holds the ask until the form is open. Otherwise
    `Ask.subject` is the id of the connection that a button was about.
    """

    role: Role | None
    naming: Naming = Naming.NONE
    anywhere: bool = False
    opens_form: bool = False


async def accept(ports: Ports, ask: Ask, terms: Terms) -> Ask | None:
    """Accept an act, or raise why not; None if it was accepted before.

    Refusals are audited, and nothing else of a refused act is stored. Raises `NotAllowed`,
    `UnknownConnection`.
    """
    now = ports.clock.now()

    def work(tx: Transaction) -> Ask | AdminError | None:
        if not _covered(ports, tx, ask, replace(terms, anywhere=True), None):
            return _refuse(tx, ask, terms, None, now)
        earlier = _own_draft(tx, ask) if terms.opens_form and ask.subject else None
        connection = _named(ports, tx, ask, terms, earlier)
        if not _covered(ports, tx, ask, terms, connection):
            return _refuse(tx, ask, terms, connection, now)
        accepted = replace(ask, connection=connection.name) if connection else ask
        if terms.opens_form:
            draft = earlier or draft_for(tx, accepted, connection, now)
            accepted = replace(accepted, subject=draft.id)
        return accepted if tx.accept(accepted, held=terms.opens_form) else None

    outcome = await ports.ledger.run(work)
    if isinstance(outcome, AdminError):
        raise outcome
    return outcome


def new_id() -> str:
    """An id for anything that is stored."""
    return str(uuid.uuid4())


def the_connection(
    reading: Reading,
    workspace: str,
    name: str,
    may_know: Callable[[Connection], bool] = lambda _: True,
) -> Connection:
    """The named connection, or with '' the default one.

    Raises `UnknownConnection`, which names only connections that the person `may_know`.
    """
    existing = reading.connections(workspace)
    known = [connection for connection in existing if may_know(connection)]
    for connection in existing:
        if connection.name == name or (not name and connection.is_default):
            return connection
    if not existing:
        raise UnknownConnection("No connection is set up yet.", "Start with /d365 setup.")
    names = ", ".join(connection.name for connection in known[:10]) or "none"
    if not name:
        raise UnknownConnection("No connection is the default one.", f"Name one of: {names}.")
    near = nearest(name, [connection.name for connection in known])
    meant = f"Did you mean {near}? " if near else ""
    raise UnknownConnection(f"There is no connection {name}.", f"{meant}Known: {names}.")


def _own_draft(reading: Reading, ask: Ask) -> Draft:
    draft = reading.draft(ask.subject)
    if draft is None or draft.person != ask.person:
        raise Mistake("This form was made for somebody else.", "Open your own with /d365 setup.")
    if draft.saved_revision:
        raise Mistake("This form was saved already.", "Open a new one with /d365 setup.")
    return draft


def _named(
    ports: Ports, tx: Transaction, ask: Ask, terms: Terms, draft: Draft | None
) -> Connection | None:
    if draft is not None:
        return tx.connection(draft.connection_id) if draft.connection_id else None
    if ask.subject and (found := tx.connection(ask.subject)) is not None:
        return found if found.workspace == ask.workspace else None
    if terms.naming is Naming.EXISTING or (terms.naming is Naming.OPTIONAL and ask.connection):
        grants = tx.grants(ask.workspace)
        return the_connection(
            tx,
            ask.workspace,
            ask.connection,
            lambda one: may(ask.person, Role.VIEWER, one.id, grants, ports.admins),
        )
    if terms.naming is Naming.ANY and ask.connection:
        return tx.connection_named(ask.workspace, ask.connection)
    if terms.naming is Naming.ANY:
        return next((one for one in tx.connections(ask.workspace) if one.is_default), None)
    return None


def _covered(
    ports: Ports, tx: Transaction, ask: Ask, terms: Terms, connection: Connection | None
) -> bool:
    if terms.role is None or ask.person in ports.admins:
        return True
    grants = tx.grants(ask.workspace)
    places = {connection.id if connection else ""}
    if terms.anywhere:
        places.update(grant.connection_id for grant in grants)
    return any(may(ask.person, terms.role, place, grants, ports.admins) for place in places)


def _refuse(
    tx: Transaction, ask: Ask, terms: Terms, connection: Connection | None, now: datetime
) -> NotAllowed:
    role = terms.role or Role.VIEWER
    tx.record(
        at=now,
        workspace=ask.workspace,
        actor=ask.person,
        tag=AuditTag.COMMAND_REFUSED,
        connection=connection.name if connection else "",
        details={"act": ask.act, "needs": role.value},
    )
    on = f" on {connection.name}" if connection else ""
    give = f"an admin to give you the role with /d365 access add @you {role}."
    hints = {Role.VIEWER: f"Ask {give}", Role.ADMIN: "Ask an admin to do it."}
    return NotAllowed(
        f"Sorry, {ask.act} needs the role {role}{on}, which you do not have. Nothing was changed.",
        hints.get(role, f"Ask an {role} to do it, or {give}"),
    )
