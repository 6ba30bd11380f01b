"""Setting a connection up: the form, and what has to be asked back before it is saved."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from connection import sign_in_ends
from connection.admitting import still_operator
from connection.asks import Ask
from connection.audit import AuditTag
from connection.checked_setup import check_fields, with_choices
from connection.connection import Connection
from connection.errors import Mistake, WrongFields
from connection.locking import refuse_locked
from connection.merging import Merge, merge
from connection.pasted_secrets import secret_in
from connection.people import Person
from connection.ports import Ports, Reading, Transaction
from connection.revisions import Draft, SavedSetup
from connection.sales_url import proposed_sales_url
from connection.saving import Saved, save
from connection.setup import TYPED_FIELDS, values_of
from connection.setup_features import followed

_SIGNED_IN_AT = frozenset({"sales_url", "tenant", "admin_client_id"})
"""What an administrator's sign-in was made for."""


@dataclass(frozen=True, slots=True)
class OtherEdit:
    """Somebody saved `saved` while the form was open. `conflicts` are fields both changed."""

    saved: SavedSetup
    theirs: tuple[str, ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """What has to be confirmed before a form is saved. `proposed_url` is '' if nothing is asked.

    `typed` is what the form's person wants in each field.
    """

    draft_id: str
    typed: Mapping[str, str]
    entered_url: str
    proposed_url: str
    other_edit: OtherEdit | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The answers: the proposed URL instead of the entered one, and fields to leave as theirs."""

    use_proposed_url: bool
    keep_theirs: frozenset[str]


def draft_for(tx: Transaction, ask: Ask, connection: Connection | None, now: datetime) -> Draft:
    """The form of an ask: of an existing connection, or of a new one with the name as typed."""
    base = tx.setup(connection.id) if connection else None
    draft = Draft(
        id=str(uuid.uuid4()),
        workspace=ask.workspace,
        person=ask.person,
        channel=ask.place.channel,
        response_url=ask.place.response_url,
        connection_id=connection.id if connection else "",
        base_revision=base.revision if base else 0,
        typed=values_of(base.setup) if base else {"name": ask.connection},
        asked_revision=0,
        saved_revision=0,
        created_at=now,
    )
    tx.keep_draft(draft)
    return draft


async def submit(
    ports: Ports, draft_id: str, person: Person, typed: Mapping[str, str], answers: Confirmed | None
) -> Questions | Saved:
    """Save a form, or say what has to be confirmed first.

    `typed` maps field names to text; with `answers` (the confirmation) what was typed before
    counts. Raises `WrongFields`, and `Mistake` or `NotAllowed` where the form as a whole cannot
    be saved.
    """
    now = ports.clock.now()

    def work(tx: Transaction) -> Questions | Saved:
        draft = _own_draft(tx, draft_id, person)
        if draft.saved_revision:
            return _saved_before(tx, draft)
        still_operator(ports, tx, draft.workspace, draft.person, draft.connection_id)
        wanted = dict(draft.typed) if answers else _typed(typed, draft)
        setup = check_fields(wanted)
        _name_is_free(tx, draft, setup.name)
        merged, other = _merged(tx, draft, values_of(setup))
        _nothing_locked(tx, draft, merged.values)
        entered = merged.values["sales_url"]
        proposed = _proposal(tx, draft, entered)
        asked = other.saved.revision if other else 0
        unanswered = answers is None and bool(proposed or other)
        if unanswered or asked > draft.asked_revision:
            tx.keep_draft(replace(draft, typed=wanted, asked_revision=asked))
            return Questions(draft.id, wanted, entered, proposed, other)
        decided = _decided(merged, other, proposed, answers)
        return save(tx, ports.hold, draft, check_fields(decided), now)

    outcome = await ports.ledger.run(work)
    if isinstance(outcome, Saved) and _SIGNED_IN_AT.intersection(outcome.changed):
        await sign_in_ends.end_for(ports, outcome.saved.connection_id)
    ports.messenger.nudge()
    return outcome


async def keep_typed(ports: Ports, draft_id: str, person: Person, typed: Mapping[str, str]) -> None:
    """The form is drawn anew for other choices: nothing that was typed is lost.

    A secret among it is not kept, and that it was there is remembered. Raises `Mistake` for a
    form that is not this person's.
    """
    harmless = {name: value for name, value in typed.items() if not secret_in(value)}

    def work(tx: Transaction) -> None:
        draft = _own_draft(tx, draft_id, person)
        still_operator(ports, tx, draft.workspace, person, draft.connection_id)
        if len(harmless) < len(typed):
            tx.record(
                at=ports.clock.now(),
                workspace=draft.workspace,
                actor=person,
                tag=AuditTag.SECRET_REFUSED,
                details={"where": "form"},
            )
        if not draft.saved_revision:
            before = with_choices(draft.typed)["import_solution"]
            kept = _typed(followed(before, harmless), draft)
            tx.keep_draft(replace(draft, typed={**draft.typed, **kept}))

    await ports.ledger.run(work)


def _own_draft(reading: Reading, draft_id: str, person: Person) -> Draft:
    draft = reading.draft(draft_id)
    if draft is None or draft.person != person:
        raise Mistake("This form is no longer open for you.", "Open it again with /d365 setup.")
    return draft


def _saved_before(reading: Reading, draft: Draft) -> Saved:
    saved = reading.revision(draft.connection_id, draft.saved_revision)
    if saved is None:
        raise Mistake("This form was saved before.", "See /d365 status.")
    return Saved(saved, (), (), again=True)


def _typed(typed: Mapping[str, str], draft: Draft) -> dict[str, str]:
    """A field that the form did not show keeps the value it was opened with."""
    return {
        about.name: typed.get(about.name, draft.typed.get(about.name, "")).strip()
        for about in TYPED_FIELDS
    }


def _name_is_free(reading: Reading, draft: Draft, name: str) -> None:
    other = reading.connection_named(draft.workspace, name)
    if other is not None and other.id != draft.connection_id:
        raise WrongFields(
            {"name": f"There is a connection {name} already. Edit it with /d365 setup {name}."}
        )


def _nothing_locked(reading: Reading, draft: Draft, wanted: Mapping[str, str]) -> None:
    connection = reading.connection(draft.connection_id) if draft.connection_id else None
    if connection is not None:
        refuse_locked(connection, reading.setup(connection.id).setup, wanted)


def _merged(
    reading: Reading, draft: Draft, mine: Mapping[str, str]
) -> tuple[Merge, OtherEdit | None]:
    names = [about.name for about in TYPED_FIELDS]
    typed = {name: mine[name] for name in names}
    if not draft.connection_id:
        return Merge(typed, (), ()), None
    current = reading.setup(draft.connection_id)
    if current.revision == draft.base_revision:
        return Merge(typed, (), ()), None
    base = reading.revision(draft.connection_id, draft.base_revision)
    merged = merge(values_of(base.setup) if base else {}, typed, values_of(current.setup))
    if not merged.theirs:
        return merged, None
    return merged, OtherEdit(current, merged.theirs, merged.conflicts)


def _proposal(reading: Reading, draft: Draft, entered: str) -> str:
    """Nothing is asked about a URL that stands as it was saved before."""
    if draft.connection_id and reading.setup(draft.connection_id).setup.sales_url == entered:
        return ""
    return proposed_sales_url(entered)


def _decided(
    merged: Merge, other: OtherEdit | None, proposed: str, answers: Confirmed | None
) -> dict[str, str]:
    values = dict(merged.values)
    if answers is None:
        return values
    if proposed and answers.use_proposed_url:
        values["sales_url"] = proposed
    if other is not None:
        theirs = values_of(other.saved.setup)
        values.update(
            {name: theirs[name] for name in merged.conflicts if name in answers.keep_theirs}
        )
    return values
