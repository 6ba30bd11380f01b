"""A request for a change: what is asked, who decides, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from connection.asks import Place
from connection.changes.plan import Act, Plan
from connection.people import Person, Role


class RequestState(StrEnum):
    """See the diagram in docs/architecture.md."""

    PLANNING = "planning"
    PENDING = "pending"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    VOID = "void"
    WAITING_FOR_SIGN_IN = "waiting_for_sign_in"
    APPLYING = "applying"
    APPLIED = "applied"
    STOPPED = "stopped"
    UNDONE = "undone"
    LEFT = "left"

    @property
    def words(self) -> str:
        """As people read it."""
        return self.value.replace("_", " ")


OPEN = (
    RequestState.PLANNING,
    RequestState.PENDING,
    RequestState.WAITING_FOR_SIGN_IN,
    RequestState.APPLYING,
    RequestState.STOPPED,
)
"""Of these a connection has one at most."""


class Verdict(StrEnum):
    """What one person said to a request."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    ALONE = "alone"  # an admin, without the approvers
    REVIEWED = "reviewed"  # what an admin did alone was looked at by another


@dataclass(frozen=True, slots=True)
class Policy:
    """How changes of a connection are decided. `reminders` are hours between them, 0 for none."""

    approvals: int = 1
    requesters: Role = Role.OPERATOR
    approvers: Role = Role.APPROVER
    reason_required: bool = False
    expiry_hours: int = 8
    reminder_hours: int = 2

    @property
    def life(self) -> timedelta:
        """How long a request waits for its decision."""
        return timedelta(hours=self.expiry_hours)


@dataclass(frozen=True, slots=True)
class Decision:
    """One row, never changed. A person decides once about a request."""

    request_id: str
    person: Person
    verdict: Verdict
    at: datetime
    reason: str = ""


class StepState(StrEnum):
    """How far a step of an apply is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    ALREADY = "already"  # it was so before
    BY_HAND = "by_hand"  # somebody does it, and says so
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepRun:
    """One step of an apply. `said` is a sentence, `hint` what to do; `job` the import that it
    started, `percent` how far that is. `reached` says that the step got as far as changing
    something, which Undo takes back."""

    step: str
    state: StepState = StepState.WAITING
    said: str = ""
    hint: str = ""
    at: datetime | None = None
    job: str = ""
    percent: float = 0.0
    reached: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """`name` is the connection's when it was asked, `number` what people type behind R.

    `roster` are the people who could approve when it was asked, which counts to the end. `undoes`
    is the id of the request that it takes back, `runs` counts its applies, `sign_in` names an
    administrator's sign-in. `alone_asked_by` was asked back whether to apply it alone. `said` tells
    why it stopped or is void.
    """

    id: str
    workspace: str
    number: int
    connection_id: str
    name: str
    plan: Plan
    plan_hash: str
    policy: Policy
    roster: tuple[Person, ...]
    asked_by: Person
    place: Place
    asked_at: datetime
    ends_at: datetime
    reason: str = ""
    state: RequestState = RequestState.PENDING
    remind_at: datetime | None = None
    reminders: int = 0
    undoes: str = ""
    runs: int = 0
    sign_in: str = ""
    alone: Person | None = None
    alone_asked_by: Person | None = None
    alone_reason: str = ""
    reviewed_by: Person | None = None
    steps: tuple[StepRun, ...] = ()
    said: str = ""
    changed_at: datetime | None = None
    wants_policy: Policy | None = None

    @property
    def title(self) -> str:
        """Such as `R42`."""
        return f"R{self.number}"

    @property
    def decided_by(self) -> Role:
        """The role that approves it: who decides about changes is an admin's to say."""
        return Role.ADMIN if self.plan.act is Act.POLICY else self.policy.approvers

    @property
    def is_open(self) -> bool:
        """Whether no other change of the connection may be asked for."""
        return self.state in OPEN

    @property
    def review_is_open(self) -> bool:
        """An admin applied alone, and nobody else has looked at it yet."""
        return self.alone is not None and self.reviewed_by is None
