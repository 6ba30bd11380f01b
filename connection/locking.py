"""What Business Central locks while a connection is enabled, and so the bot.

Its page takes another Server Address, User Name, Password, Authentication Type or Connection
String only while the connection is not enabled (page 5330, version 15), and the page for Dataverse
another Client Id likewise. Not locked: where Business Central itself is, which no record of its
own holds; and secrets of an app, which may have several, so that the bot may hold one of its own
to test with. A user has one password.
"""

from collections.abc import Mapping

from connection.connection import Connection, Observed
from connection.errors import Mistake, WrongFields
from connection.setup import TYPED_FIELDS, ConnectionSetup, values_of
from connection.setup_fields import SetupField

LOCKED = "Business Central locks this while the connection is enabled."


def is_locked(connection: Connection, about: SetupField) -> bool:
    """Whether this field may not be changed now."""
    return about.locked and connection.observed is Observed.ENABLED


def what_to_do(connection: Connection) -> str:
    """How it is unlocked."""
    return f"Disable it first with /d365 disable {connection.name}."


def locked_in_form(connection: Connection) -> Mapping[str, str]:
    """Field name → what the form says at it, of each typed field that is locked now."""
    said = f"{LOCKED} {what_to_do(connection)}"
    return {about.name: said for about in TYPED_FIELDS if is_locked(connection, about)}


def refuse_locked(
    connection: Connection, saved: ConnectionSetup, wanted: Mapping[str, str]
) -> None:
    """Raises `WrongFields` with every locked field of the form that would be changed. One that the
    form does not show, because of a locked choice, is told at the choice."""
    before = values_of(saved)
    wrong = {
        about.name: f"{LOCKED} {what_to_do(connection)}{_as_it_is(about, before)}"
        for about in TYPED_FIELDS
        if is_locked(connection, about)
        and about.counts(wanted)
        and wanted[about.name] != before[about.name]
    }
    if wrong:
        raise WrongFields(wrong)


def _as_it_is(about: SetupField, before: Mapping[str, str]) -> str:
    value = before[about.name]
    shown = dict(about.choices).get(value, value)
    return f" To save the rest, leave it at “{shown}”." if shown else ""


def locked_secret(
    connection: Connection, setup: ConnectionSetup, about: SetupField
) -> Mistake | None:
    """Why a held secret cannot be replaced now. A first one replaces nothing: the bot is only told
    what Business Central has."""
    if is_locked(connection, about) and getattr(setup, about.name):
        return Mistake(f"{about.label}: {LOCKED}", what_to_do(connection))
    return None


def refuse_locked_secret(connection: Connection, setup: ConnectionSetup, about: SetupField) -> None:
    """Raises what `locked_secret` says."""
    locked = locked_secret(connection, setup, about)
    if locked:
        raise locked
