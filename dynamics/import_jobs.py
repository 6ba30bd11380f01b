"""Rows of `importjobs` and `asyncoperations`, and what they say together of an import.

importjob.md, asyncoperation.md: an operation whose statecode is 3 is over, and its statuscode says
how. A job without an operation is of a synchronous import; it is over when it has `completedon`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connection.changes.remote import ImportOutcome, ImportState
from dynamics.calls import Service
from dynamics.import_log import Explained, explained, told
from dynamics.odata import Row, guid, text_in

IMPORT_JOBS = "importjobid,solutionname,progress,startedon,completedon,createdon,modifiedon"
OPERATIONS = "asyncoperationid,statecode,statuscode,message,friendlymessage,errorcode,startedon"
OVER, SUCCEEDED, CANCELED = 3, 30, 32
APART = timedelta(seconds=30)
"""What lies between the beginnings of a job and of its operation, at most (inferred)."""
SILENCE = timedelta(hours=1)
"""A synchronous import that changed nothing for as long is not believed to run (inferred)."""
_CANCELED = Explained(
    "Somebody canceled the import in Sales.",
    "Ask who did and why: the Power Platform maker portal shows it under Solutions, History. Then "
    "import again.",
)
_SILENT = Explained(
    "The import in Sales was cut off: it neither goes on nor ended.",
    "Look in the Power Platform maker portal, under Solutions, History. Then import again.",
)


@dataclass(frozen=True, slots=True)
class ImportJob:
    """A row of `importjobs`; `changed` is when it last told something new."""

    id: str
    solution: str = ""
    progress: float = 0.0
    started: datetime | None = None
    completed: datetime | None = None
    changed: datetime | None = None

    @classmethod
    def of(cls, row: Row) -> "ImportJob":
        """With `IMPORT_JOBS`."""
        progress = row.get("progress")
        part = float(progress) if type(progress) in (int, float) else 0.0  # type: ignore[arg-type]
        return cls(
            guid(Service.SALES, row.get("importjobid")),
            text_in(row, "solutionname"),
            min(max(part, 0.0), 100.0),
            moment(row, "startedon"),
            moment(row, "completedon"),
            moment(row, "modifiedon") or moment(row, "createdon"),
        )

    def is_silent(self, now: datetime) -> bool:
        """It has changed nothing for so long that nobody works on it."""
        return self.changed is None or now - self.changed > SILENCE

    def may_have_failed(self, operation: "Operation | None") -> bool:
        """Only its log tells, or tells why."""
        if operation is None:
            return self.completed is not None
        return operation.is_over and operation.status != SUCCEEDED


@dataclass(frozen=True, slots=True)
class Operation:
    """A row of `asyncoperations`."""

    id: str
    state: int
    status: int
    started: datetime | None
    code: int
    said: str

    @classmethod
    def of(cls, row: Row) -> "Operation":
        """With `OPERATIONS`."""
        return cls(
            guid(Service.SALES, row.get("asyncoperationid")),
            _number(row, "statecode"),
            _number(row, "statuscode"),
            moment(row, "startedon"),
            _number(row, "errorcode"),
            text_in(row, "friendlymessage") or text_in(row, "message"),
        )

    @property
    def is_over(self) -> bool:
        """However it ended."""
        return self.state == OVER


def moment(row: Row, name: str) -> datetime | None:
    """A column with a time; None where it is empty or none."""
    try:
        found = datetime.fromisoformat(text_in(row, name))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def begun_with(operations: Sequence[Operation], begun: datetime | None) -> Operation | None:
    """The one that began when the job did."""
    near = [(abs(one.started - begun), one) for one in operations if begun and one.started]
    apart, nearest = min(near, key=lambda each: each[0], default=(APART, None))
    return nearest if apart <= APART else None


def without_job(operations: Sequence[Operation], jobs: Sequence[ImportJob]) -> Sequence[Operation]:
    """Those that no job is of. Which waiting one a waiting job is of nothing says, so as many of
    them are left out."""
    left = [one for one in operations if not any(begun_with([one], job.started) for job in jobs)]
    return left[sum(job.started is None for job in jobs) :]


def running(job: ImportJob) -> ImportState:
    """It goes on."""
    return ImportState(job.id, ImportOutcome.RUNNING, job.progress, job.started)


def state_of(job: ImportJob, operation: Operation | None, log: str, now: datetime) -> ImportState:
    """The operation is believed before the job, which may lack an end, and the log last."""
    if operation is not None and operation.is_over:
        if operation.status == SUCCEEDED:
            return _done(job)
        if operation.status == CANCELED:
            return _failed(job, _CANCELED)
        return _failed(job, explained(log) or told(operation.code, operation.said))
    if operation is not None:
        return running(job)
    if job.completed is None:
        return _failed(job, _SILENT) if job.is_silent(now) else running(job)
    failure = explained(log)
    if failure is None and job.progress >= 100:
        return _done(job)
    return _failed(job, failure or told("", ""))


def _done(job: ImportJob) -> ImportState:
    return ImportState(job.id, ImportOutcome.DONE, 100.0, job.started)


def _failed(job: ImportJob, why: Explained) -> ImportState:
    return ImportState(job.id, ImportOutcome.FAILED, job.progress, job.started, why.why, why.hint)


def _number(row: Row, name: str) -> int:
    value = row.get(name)
    return value if type(value) is int else 0
