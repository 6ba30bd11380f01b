"""What messages and forms are drawn from: values read from the database, nothing decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connection.access_requests import AccessRequest
from connection.asks import Answer, Ask
from connection.audit import AuditEntry, ChainHead
from connection.changes.request import Request
from connection.connection import Connection
from connection.directory import Roster
from connection.locking import locked_in_form
from connection.naming import asked_about
from connection.people import Admins, Circle, Grant, Role
from connection.ports import Reading
from connection.report import Report
from connection.revisions import Draft, SavedSetup
from connection.rights import rights_of
from connection.saving import Saved
from connection.secrets import SecretFacts
from connection.setup import SECRET_FIELDS, ConnectionSetup, changed_fields, values_of


@dataclass(frozen=True, slots=True)
class StatusPicture:
    """A connection with its newest setup. `secrets` maps secret fields to facts, or None."""

    connection: Connection
    saved: SavedSetup
    secrets: Mapping[str, SecretFacts | None]
    last_report: Report | None
    open_request: Request | None = None


@dataclass(frozen=True, slots=True)
class ListPicture:
    """Every connection of a workspace."""

    statuses: Sequence[StatusPicture]


@dataclass(frozen=True, slots=True)
class AuditPicture:
    """The newest entries, newest first; `connection` is the name, '' for the whole workspace."""

    connection: str
    entries: Sequence[AuditEntry]
    head: ChainHead


@dataclass(frozen=True, slots=True)
class AccessPicture:
    """Who holds which role. `names` maps connection ids to names; `rosters` maps groups and
    channels to what is known of them, also if that is too old to count."""

    grants: Sequence[Grant]
    names: Mapping[str, str]
    rosters: Mapping[str, Roster | None]
    waiting: Sequence[AccessRequest]
    admins: Admins


@dataclass(frozen=True, slots=True)
class AccessRequestPicture:
    """A role that waits, or waited, for a second admin; `where` are the connections' words."""

    request: AccessRequest
    roster: Roster | None
    where: str


@dataclass(frozen=True, slots=True)
class HelpPicture:
    """The roles of the one who asks, on any connection; `word` is what help was asked about."""

    roles: frozenset[Role]
    word: str


@dataclass(frozen=True, slots=True)
class FormPicture:
    """A form to open. `values` fills the fields; `secrets` as in StatusPicture; `locked` maps
    fields that cannot be changed now to the reason."""

    draft: Draft
    title_name: str
    values: Mapping[str, str]
    secrets: Mapping[str, SecretFacts | None]
    locked: Mapping[str, str] = field(default_factory=dict)


AUDIT_ROWS = 60


def status_picture(reading: Reading, connection_id: str) -> StatusPicture | None:
    """None if the connection is gone."""
    connection = reading.connection(connection_id)
    if connection is None:
        return None
    saved = reading.setup(connection.id)
    return StatusPicture(
        connection,
        saved,
        _secrets(reading, saved.setup),
        reading.last_report(connection.id),
        reading.open_request(connection.id),
    )


def list_picture(reading: Reading, ask: Ask, admins: Admins, now: datetime) -> ListPicture:
    """Ordered by name; only what the one who asks may see."""
    rights = rights_of(reading, ask.workspace, ask.person, admins, now)
    statuses = (
        status_picture(reading, one.id)
        for one in reading.connections(ask.workspace)
        if rights.allow(Role.VIEWER, one.id)
    )
    return ListPicture([status for status in statuses if status])


def audit_picture(reading: Reading, ask: Ask) -> AuditPicture:
    """Of the connection that the ask names, else of the workspace."""
    connection = asked_about(reading, ask) if ask.subject else None
    entries = reading.audit_entries(
        ask.workspace, limit=AUDIT_ROWS, connection=connection.id if connection else None
    )
    return AuditPicture(connection.name if connection else "", entries, reading.audit_head())


def access_picture(reading: Reading, ask: Ask, admins: Admins) -> AccessPicture:
    """Grants of the workspace, and the people that the operator named."""
    names = {one.id: one.name for one in reading.connections(ask.workspace)}
    grants, waiting = reading.grants(ask.workspace), reading.access_requests(ask.workspace)
    holders = {one.holder for one in (*grants, *(request.grant for request in waiting))}
    rosters = {
        one.id: reading.last_roster(ask.workspace, one.id)
        for one in holders
        if isinstance(one, Circle)
    }
    return AccessPicture(grants, names, rosters, waiting, admins)


def access_request_picture(reading: Reading, request_id: str) -> AccessRequestPicture | None:
    """None if it is gone."""
    request = reading.access_request(request_id)
    if request is None:
        return None
    grant = request.grant
    circle = grant.holder if isinstance(grant.holder, Circle) else None
    roster = reading.last_roster(grant.workspace, circle.id) if circle else None
    connection = reading.connection(grant.connection_id) if grant.connection_id else None
    where = connection.name if connection else "a connection that is gone"
    return AccessRequestPicture(
        request, roster, where if grant.connection_id else "all connections"
    )


def help_picture(reading: Reading, ask: Ask, admins: Admins, now: datetime) -> HelpPicture:
    """A role counts here if it is held on any connection."""
    rights = rights_of(reading, ask.workspace, ask.person, admins, now)
    return HelpPicture(rights.roles, ask.rest.partition(" ")[0])


def form_picture(reading: Reading, draft_id: str) -> FormPicture | None:
    """None if there is no such draft."""
    draft = reading.draft(draft_id)
    if draft is None:
        return None
    if not draft.connection_id:
        empty = ConnectionSetup()
        return FormPicture(draft, "", {**values_of(empty), **draft.typed}, _secrets(reading, empty))
    saved = reading.setup(draft.connection_id)
    values = {**values_of(saved.setup), **draft.typed}
    connection = reading.connection(draft.connection_id)
    locked = locked_in_form(connection) if connection else {}
    return FormPicture(draft, saved.setup.name, values, _secrets(reading, saved.setup), locked)


def saved_picture(reading: Reading, subject: str) -> tuple[Saved, StatusPicture] | None:
    """`subject` is `<connection id>:<revision>`."""
    connection_id, _, number = subject.rpartition(":")
    status = status_picture(reading, connection_id)
    saved = reading.revision(connection_id, int(number))
    if status is None or saved is None:
        return None
    earlier = reading.revision(connection_id, saved.revision - 1)
    before = earlier.setup if earlier else ConnectionSetup()
    changed = changed_fields(before, saved.setup)
    secret = {about.name for about in SECRET_FIELDS}
    return (
        Saved(
            saved,
            tuple(name for name in changed if name not in secret),
            tuple(name for name in changed if name in secret and getattr(before, name)),
        ),
        status,
    )


def answer_picture(reading: Reading, ask_id: str) -> Answer | None:
    """The kept answer."""
    return reading.answer(ask_id)


def _secrets(reading: Reading, setup: ConnectionSetup) -> dict[str, SecretFacts | None]:
    return {
        about.name: reading.secret(getattr(setup, about.name))
        if getattr(setup, about.name)
        else None
        for about in SECRET_FIELDS
    }
