"""Setup revisions, each kept for good, and the drafts of open forms."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from connection.people import Person
from connection.revisions import Draft, SavedSetup
from connection.setup import FIELDS, ConnectionSetup, values_of
from storage.tables import drafts, setup_revisions
from storage.upserting import insert_or_replace

_OF_CONNECTION = setup_revisions.c.connection_id == bindparam("which")

_APPEND = insert(setup_revisions)
_LAST_NUMBER = select(func.max(setup_revisions.c.revision)).where(_OF_CONNECTION)
_NEWEST = (
    select(setup_revisions)
    .where(_OF_CONNECTION)
    .order_by(setup_revisions.c.revision.desc())
    .limit(1)
)
_ONE = select(setup_revisions).where(
    _OF_CONNECTION, setup_revisions.c.revision == bindparam("number")
)
_KEEP_DRAFT = insert_or_replace(drafts, "id")
_DRAFT = select(drafts).where(drafts.c.id == bindparam("which"))


def save(
    connection: Connection,
    connection_id: str,
    setup: ConnectionSetup,
    person: Person,
    at: datetime,
) -> SavedSetup:
    """Append the next revision."""
    revision = (connection.scalar(_LAST_NUMBER, {"which": connection_id}) or 0) + 1
    values = {
        "connection_id": connection_id,
        "revision": revision,
        "fields": json.dumps(values_of(setup)),
        "organisation": person.organisation,
        "user_id": person.user,
        "saved_at": at,
    }
    connection.execute(_APPEND, values)
    return SavedSetup(connection_id, revision, setup, person, at)


def newest(connection: Connection, connection_id: str) -> SavedSetup:
    """Raises `LookupError` for an unknown connection; every other one has a revision."""
    row = connection.execute(_NEWEST, {"which": connection_id}).first()
    if row is None:
        raise LookupError(f"connection {connection_id} has no setup")
    return _saved(row)


def revision(connection: Connection, connection_id: str, number: int) -> SavedSetup | None:
    """One revision."""
    row = connection.execute(_ONE, {"which": connection_id, "number": number}).first()
    return _saved(row) if row else None


def keep_draft(connection: Connection, draft: Draft) -> None:
    """Insert or replace."""
    values = {
        "id": draft.id,
        "workspace": draft.workspace,
        "organisation": draft.person.organisation,
        "user_id": draft.person.user,
        "channel": draft.channel,
        "response_url": draft.response_url,
        "connection_id": draft.connection_id,
        "base_revision": draft.base_revision,
        "typed": json.dumps(dict(draft.typed)),
        "asked_revision": draft.asked_revision,
        "saved_revision": draft.saved_revision,
        "created_at": draft.created_at,
    }
    connection.execute(_KEEP_DRAFT, values)


def draft(connection: Connection, draft_id: str) -> Draft | None:
    """By id."""
    row = connection.execute(_DRAFT, {"which": draft_id}).first()
    if row is None:
        return None
    return Draft(
        id=row.id,
        workspace=row.workspace,
        person=Person(row.organisation, row.user_id),
        channel=row.channel,
        response_url=row.response_url,
        connection_id=row.connection_id,
        base_revision=row.base_revision,
        typed=json.loads(row.typed),
        asked_revision=row.asked_revision,
        saved_revision=row.saved_revision,
        created_at=row.created_at,
    )


def _saved(row: Row[Any]) -> SavedSetup:
    """A field that came later has its default; one that is gone is left out."""
    stored = json.loads(row.fields)
    known = {about.name: stored[about.name] for about in FIELDS if about.name in stored}
    return SavedSetup(
        connection_id=row.connection_id,
        revision=row.revision,
        setup=ConnectionSetup(**known),
        saved_by=Person(row.organisation, row.user_id),
        saved_at=row.saved_at,
    )
