"""The save of a setup: a new revision, what it unlinks, what is remembered and announced."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from connection.asks import Audience, Place, Showing, What
from connection.audit import AuditTag
from connection.connection import Connection, Health, Observed, Run, Wanted
from connection.handover_ends import end_unfit
from connection.observing import same_company
from connection.origins import unlink_secrets
from connection.ports import Hold, Transaction
from connection.revisions import Draft, SavedSetup
from connection.setup import ConnectionSetup, changed_fields, values_of


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save came to; `again` if this form had been saved before."""

    saved: SavedSetup
    changed: tuple[str, ...]
    unlinked: tuple[str, ...]
    again: bool = False


def save(tx: Transaction, hold: Hold, draft: Draft, setup: ConnectionSetup, now: datetime) -> Saved:
    """Append the revision and everything that goes with it, in the caller's transaction."""
    before = tx.setup(draft.connection_id).setup if draft.connection_id else ConnectionSetup()
    connection_id = draft.connection_id or _create(tx, draft, setup.name, now)
    if draft.connection_id and before.name != setup.name:
        tx.rename_connection(connection_id, setup.name)
    setup, unlinked = unlink_secrets(before, setup)
    changed = tuple(name for name in changed_fields(before, setup) if name not in unlinked)
    saved = tx.save_setup(connection_id, setup, draft.person, now)
    end_unfit(tx, hold, connection_id, setup, now)
    tx.set_health(connection_id, Health.UNTESTED)
    if not same_company(before, setup):  # another record, of which nothing was seen
        tx.set_observed(connection_id, Observed.UNKNOWN, now, "")
    tx.keep_draft(replace(draft, connection_id=connection_id, saved_revision=saved.revision))
    _remember(tx, draft, before, saved, changed, unlinked)
    tx.show(_announcement(draft, saved, now))
    return Saved(saved, changed, unlinked)


def _create(tx: Transaction, draft: Draft, name: str, now: datetime) -> str:
    connection = Connection(
        id=str(uuid.uuid4()),
        workspace=draft.workspace,
        name=name,
        is_default=False,
        wanted=Wanted.UNDECIDED,
        observed=Observed.UNKNOWN,
        observed_at=None,
        run=Run.NONE,
        health=Health.UNTESTED,
        disable_reason="",
        created_at=now,
    )
    first = not tx.connections(draft.workspace)
    tx.create_connection(connection)
    tags = [AuditTag.CONNECTION_CREATED]
    if first:
        tx.make_default(draft.workspace, connection.id)
        tags.append(AuditTag.CONNECTION_DEFAULTED)
    for tag in tags:
        tx.record(
            at=now,
            workspace=draft.workspace,
            actor=draft.person,
            tag=tag,
            connection=connection.id,
            details={"connection": name},
        )
    return connection.id


def _remember(
    tx: Transaction,
    draft: Draft,
    before: ConnectionSetup,
    saved: SavedSetup,
    changed: tuple[str, ...],
    unlinked: tuple[str, ...],
) -> None:
    old, new = values_of(before), values_of(saved.setup)
    tx.record(
        at=saved.saved_at,
        workspace=draft.workspace,
        actor=draft.person,
        tag=AuditTag.SETUP_SAVED,
        connection=saved.connection_id,
        details={
            "connection": saved.setup.name,
            "revision": saved.revision,
            "changed": {name: {"before": old[name], "after": new[name]} for name in changed},
        },
    )
    for name in unlinked:
        tx.erase_secret(old[name])
        tx.record(
            at=saved.saved_at,
            workspace=draft.workspace,
            actor=draft.person,
            tag=AuditTag.SECRET_UNLINKED,
            connection=saved.connection_id,
            details={
                "connection": saved.setup.name,
                "field": name,
                "revision": saved.revision,
            },
        )


def _announcement(draft: Draft, saved: SavedSetup, now: datetime) -> Showing:
    return Showing(
        id=draft.id,
        workspace=draft.workspace,
        what=What.SAVED,
        subject=f"{saved.connection_id}:{saved.revision}",
        audience=Audience.CHANNEL,
        person=draft.person,
        place=Place(draft.channel, draft.response_url),
        created_at=now,
    )
