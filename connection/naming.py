"""Which connection somebody means, and what they are told if there is none that they may see."""

from collections.abc import Callable
from enum import StrEnum

from connection.asks import Ask
from connection.connection import Connection
from connection.errors import UnknownConnection
from connection.ports import Reading
from connection.words import nearest

MaySee = Callable[[Connection], bool]


class Naming(StrEnum):
    """How an act names its connection."""

    NONE = "none"
    OPTIONAL = "optional"  # an existing one, or none
    EXISTING = "existing"  # an existing one, the default one if none is named
    ANY = "any"  # an existing or a new one
    REQUEST = "request"  # that of a request for a change, such as R42
    ANY_REQUEST = "any_request"  # the same, or none


def _everybody(_connection: Connection) -> bool:
    return True


def the_connection(
    reading: Reading, workspace: str, name: str, may_see: MaySee = _everybody
) -> Connection:
    """The named connection, or with '' the default one.

    Raises `UnknownConnection`, also for a connection that the person may not see; it names only
    those that they may.
    """
    existing = reading.connections(workspace)
    seen = [connection for connection in existing if may_see(connection)]
    for connection in seen:
        if connection.name == name or (not name and connection.is_default):
            return connection
    if not existing:
        raise UnknownConnection("No connection is set up yet.", "Start with /d365 setup.")
    names = ", ".join(connection.name for connection in seen[:10]) or "none that you may see"
    if not name:
        raise UnknownConnection("Name a connection.", f"There are: {names}.")
    near = nearest(name, [connection.name for connection in seen])
    meant = f"Did you mean {near}? " if near else ""
    raise UnknownConnection(f"There is no connection {name}.", f"{meant}There are: {names}.")


def asked_about(reading: Reading, ask: Ask) -> Connection:
    """The connection that an accepted ask is about: by its id, as names can change hands."""
    connection = reading.connection(ask.subject)
    if connection is None or connection.workspace != ask.workspace:
        raise UnknownConnection(
            f"The connection {ask.connection} is gone.".replace("  ", " "),
            "/d365 list shows those that there are.",
        )
    return connection
