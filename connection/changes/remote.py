"""What is read of the two sides in order to change them, and what is handed over for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from connection.identities import SecretOrigin, SecretRef


@dataclass(frozen=True, slots=True)
class IntegrationFacts:
    """Of the integration user's row in `systemusers`. `invitation` is `invitestatuscode`, 0 to 6,
    of which 4 is Invitation Accepted."""

    business_unit: str
    invitation: int
    integration_user: bool


@dataclass(frozen=True, slots=True)
class HeldSecret:
    """A stored secret and the place that it was given for; the adapter that sends it opens it."""

    ref: SecretRef
    origin: SecretOrigin


@dataclass(frozen=True, slots=True)
class NavRow:
    """A row of `nav_connections` with its id; `columns` are its `nav_` columns but the access key,
    which is never read."""

    id: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SetupCard:
    """Page 5330 as it was read: its controls by their OData names (text, number or switch), but
    those that hold a secret; `etag` goes with the change, `path` names the row."""

    values: Mapping[str, object]
    etag: str
    path: str


@dataclass(frozen=True, slots=True)
class SolutionPackage:
    """A solution package in `D365BOT_SOLUTION_DIR`, by what stands inside of it.

    `made_for` is the version of Dataverse that it needs, such as (9, 1); `file` its name, `digest`
    the SHA-256 of all of it, in hexadecimal.
    """

    file: str
    unique_name: str
    version: str
    managed: bool
    made_for: tuple[int, ...]
    digest: str = ""


class ImportOutcome(StrEnum):
    """How far an import of a solution is."""

    UNKNOWN = "unknown"  # Dataverse has no such job
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ImportState:
    """A row of `importjobs` with its row of `asyncoperations`.

    `percent` is 0 to 100. `why` explains a failure from the import's log, `hint` says what to do.
    """

    job_id: str
    outcome: ImportOutcome
    percent: float = 0.0
    started_at: datetime | None = None
    why: str = ""
    hint: str = ""
