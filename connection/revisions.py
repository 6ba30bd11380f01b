"""What is kept of a setup: its revisions, and the drafts of open forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connection.people import Person
from connection.setup import ConnectionSetup


@dataclass(frozen=True, slots=True)
class SavedSetup:
    """One append-only revision of a connection's setup; numbers start at 1."""

    connection_id: str
    revision: int
    setup: ConnectionSetup
    saved_by: Person
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A form somebody has open. `base_revision` is the revision it was filled from, 0 for none.

    `typed` is what stood in the fields when the form was last sent; `asked_revision` is
    somebody else's revision that its person was asked about; `saved_revision` is set by the
    save, so that the same form sent twice saves once.
    """

    id: str
    workspace: str
    person: Person
    channel: str
    response_url: str
    connection_id: str
    base_revision: int
    typed: Mapping[str, str]
    asked_revision: int
    saved_revision: int
    created_at: datetime
