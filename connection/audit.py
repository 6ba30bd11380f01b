"""What is remembered of every act: the tags, and one entry of the chained record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AuditTag(StrEnum):
    """`thing:act[:outcome]`, lower case, past tense."""

    ACCESS_ASKED = "access:asked"
    ACCESS_GRANTED = "access:granted"
    ACCESS_EXPIRED = "access:expired"
    ACCESS_GAINED = "access:gained"
    ACCESS_LOST = "access:lost"
    ACCESS_REJECTED = "access:rejected"
    ACCESS_REMOVED = "access:removed"
    ACCESS_WITHDRAWN = "access:withdrawn"
    ADMIN_SIGNED_IN = "admin:signed_in"
    ADMIN_SIGNED_OUT = "admin:signed_out"
    ADMIN_SIGN_IN_FAILED = "admin:sign_in:failed"
    ADMIN_SIGN_IN_STARTED = "admin:sign_in:started"
    APPLY_FINISHED = "apply:finished"
    APPLY_STARTED = "apply:started"
    APPLY_STOPPED = "apply:finished:stopped"
    APPLY_WAITS = "apply:interrupted"
    AUDIT_KEY_CREATED = "audit:key:created"
    CERTIFICATE_MADE = "certificate:made"
    COMMAND_LIMITED = "command:limited"
    COMMAND_REFUSED = "command:refused"
    CONNECTION_CREATED = "connection:created"
    CONNECTION_DEFAULTED = "connection:defaulted"
    DATABASE_CREATED = "database:created"
    ENCRYPTION_KEY_CREATED = "encryption:key:created"
    ENCRYPTION_KEY_ROTATED = "encryption:key:rotated"
    JOB_FAILED = "job:failed"
    POLICY_CHANGED = "policy:changed"
    REQUEST_APPROVED = "request:approved"
    REQUEST_EXPIRED = "request:expired"
    REQUEST_FORCED = "request:forced"
    REQUEST_LEFT = "request:left"
    REQUEST_MADE = "request:made"
    REQUEST_NOT_DECIDED = "request:decided:refused"
    REQUEST_REJECTED = "request:rejected"
    REQUEST_REMINDED = "request:reminded"
    REQUEST_RESUMED = "request:resumed"
    REQUEST_REVIEWED = "request:reviewed"
    REQUEST_UNDONE = "request:undone"
    REQUEST_VOIDED = "request:voided"
    REQUEST_WITHDRAWN = "request:withdrawn"
    SECRET_DISCARDED = "secret:discarded"  # noqa: S105 - a tag, not a secret
    SECRET_GIVEN = "secret:given"  # noqa: S105
    SECRET_LINK_REFUSED = "secret:link:refused"  # noqa: S105
    SECRET_OFFERED = "secret:offered"  # noqa: S105
    SECRET_REFUSED = "secret:refused"  # noqa: S105
    SECRET_SET = "secret:set"  # noqa: S105
    SECRET_UNLINKED = "secret:unlinked"  # noqa: S105
    SECRET_USED_ONCE = "secret:used:once"  # noqa: S105
    SETUP_SAVED = "setup:saved"
    STEP_FAILED = "step:finished:failed"
    STEP_FINISHED = "step:finished"
    STEP_STARTED = "step:started"
    TEST_FINISHED = "test:finished"
    TEST_STARTED = "test:started"
    USERS_CHECKED = "users:checked"
    USERS_CHECK_FAILED = "users:checked:failed"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row of the chain. `n` starts at 1 and has no gaps; `hash` covers the row and `previous`.

    `actor` is `T…/U…`, `E…/U…` or `cli/<login>`; `connection` is the connection's id, because its
    name may change hands; `details` is JSON-able, holds the name, and never holds a secret.
    """

    n: int
    at: datetime
    workspace: str
    actor: str
    tag: AuditTag
    connection: str
    details: Mapping[str, object]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest row's number and hash; `ChainHead(0, '')` is an empty chain."""

    n: int
    hash: str

    def __str__(self) -> str:
        return f"{self.n}:{self.hash}"
