"""Secrets typed into a modal, where the operator allows it: after the setup was saved."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from connection.admitting import still_operator
from connection.asks import Place
from connection.connection import Connection
from connection.errors import Mistake, WrongFields
from connection.handing_over import take
from connection.handover import WORD_LIFE, Handover, HandoverState
from connection.identities import SecretRef
from connection.keeping_secrets import Checked, checked, link, ref_for, secret_field
from connection.locking import locked_secret
from connection.origins import origin_for
from connection.people import Person
from connection.ports import Ports, Reading, Transaction
from connection.revisions import Draft
from connection.setup import ConnectionSetup, secrets_of
from connection.setup_fields import SecretKind, SetupField


@dataclass(frozen=True, slots=True)
class SecretInputs:
    """What the modal asks for: the secrets that the setup uses, and which of them are held."""

    draft_id: str
    name: str
    fields: tuple[SetupField, ...]
    held: frozenset[str]


async def secret_inputs(ports: Ports, draft_id: str) -> SecretInputs | None:
    """None where nothing can be typed: not allowed, not saved, or no secret of one line."""
    if not ports.secrets_in_slack:
        return None

    def query(reading: Reading) -> SecretInputs | None:
        draft = reading.draft(draft_id)
        connection = reading.connection(draft.connection_id) if draft else None
        if draft is None or connection is None:
            return None
        setup = reading.setup(connection.id).setup
        fields = tuple(
            about for about in typeable(setup) if not locked_secret(connection, setup, about)
        )
        held = frozenset(about.name for about in fields if getattr(setup, about.name))
        return SecretInputs(draft.id, setup.name, fields, held) if fields else None

    return await ports.ledger.read(query)


def typeable(setup: ConnectionSetup) -> tuple[SetupField, ...]:
    """The secrets of one line that a setup uses and names everything for."""
    return tuple(
        about
        for about in secrets_of(setup)
        if about.secret is not SecretKind.CERTIFICATE and _is_named(about, setup)
    )


def _is_named(about: SetupField, setup: ConnectionSetup) -> bool:
    given_for = about.given_for
    return given_for is not None and all(
        getattr(setup, part) for part in (given_for.host, given_for.login)
    )


async def type_secrets(
    ports: Ports, draft_id: str, person: Person, typed: Mapping[str, str]
) -> None:
    """Keep what was typed, each secret by itself; while encryption is off the person is asked.

    Raises `WrongFields`, `NotAllowed`, and `Mistake` where the operator does not allow it.
    """
    if not ports.secrets_in_slack:
        raise Mistake(
            "Secrets cannot be typed into Slack here.", "Give them with /d365 secret instead."
        )
    draft, connection = await ports.ledger.read(
        lambda reading: _allowed(ports, reading, draft_id, person)
    )
    for field, given in _all_checked(ports, typed).items():
        await _receive(ports, draft, connection, field, given)
    ports.messenger.nudge()


def _allowed(
    ports: Ports, reading: Reading, draft_id: str, person: Person
) -> tuple[Draft, Connection]:
    draft = reading.draft(draft_id)
    connection = reading.connection(draft.connection_id) if draft else None
    if draft is None or connection is None or draft.person != person:
        raise Mistake("This form is no longer open for you.", "Open it again with /d365 setup.")
    still_operator(ports, reading, draft.workspace, person, connection.id)
    return draft, connection


def _all_checked(ports: Ports, typed: Mapping[str, str]) -> dict[str, Checked]:
    now = ports.clock.now()
    found: dict[str, Checked] = {}
    wrong: dict[str, str] = {}
    for field, value in typed.items():
        if not value:
            continue
        try:
            found[field] = checked(ports.certificates, secret_field(field), value, None, now)
        except Mistake as mistake:
            wrong[field] = f"{mistake.message} {mistake.hint}".strip()
    if wrong:
        raise WrongFields(wrong)
    return found


async def _receive(
    ports: Ports, draft: Draft, connection: Connection, field: str, given: Checked
) -> None:
    now = ports.clock.now()
    about = secret_field(field)

    def keep(tx: Transaction) -> None:
        ref = _ref_as_shown(tx, draft, connection, about)
        facts = tx.seal_secret(ref, given.value, draft.person, now)
        link(tx, connection, facts, draft.person, now)

    if ports.encryption.on():
        await ports.ledger.run(keep)
        return
    ref = await ports.ledger.read(lambda reading: _ref_as_shown(reading, draft, connection, about))
    asked = Handover(
        id=str(uuid.uuid4()),
        workspace=draft.workspace,
        connection_id=connection.id,
        field=field,
        origin=ref.origin,
        person=draft.person,
        place=Place(draft.channel, draft.response_url),
        state=HandoverState.OPEN,
        created_at=now,
        ends_at=now + WORD_LIFE,
    )
    await take(ports, asked, given, now)


def _ref_as_shown(
    reading: Reading, draft: Draft, connection: Connection, about: SetupField
) -> SecretRef:
    """For the host, tenant and login that its person saved. Raises `Mistake` if they changed."""
    ref = ref_for(connection, reading.setup(connection.id).setup, about)
    shown = reading.revision(connection.id, draft.saved_revision)
    if shown is None or origin_for(about, shown.setup) != ref.origin:
        raise Mistake(
            f"The setup of {connection.name} was changed meanwhile, so nothing was kept.",
            f"Look at it with /d365 setup {connection.name}, and give the secret after that.",
        )
    return ref
