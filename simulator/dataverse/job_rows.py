"""How a job shows in `importjobs` and `asyncoperations`.

Columns: importjob.md and asyncoperation.md. statecode 0 ready, 2 locked, 3 completed; statuscode 0
waiting for resources, 20 in progress, 30 succeeded, 31 failed, 32 canceled. The texts in `name`,
`importcontext` and `operationcontext` are inferred.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from simulator.dataverse.import_log import import_log
from simulator.dataverse.operations import OPERATIONS
from simulator.identifiers import Draw

Row = dict[str, Any]
SUCCEEDED = 30


def rows_of(
    organisation: dict[str, Any], job: dict[str, Any], stage: dict[str, Any], draw: Draw
) -> Iterator[tuple[str, Row]]:
    """Table and row, its id first: each job has one operation unless it was synchronous."""
    if OPERATIONS[job["operation"]].logs:
        yield "importjobs", _import_row(organisation, job, stage)
    if job.get("asynchronous", True):
        job.setdefault("correlationid", draw.guid())
        yield "asyncoperations", _operation_row(organisation, job, stage)


def _import_row(organisation: dict[str, Any], job: dict[str, Any], stage: dict[str, Any]) -> Row:
    package = job["package"]
    log = import_log(
        package,
        started=stage["began"] or job["started"],
        seen=stage["seen"],
        progress=stage["progress"],
        failure=stage["failure"],
    )
    return {
        "importjobid": job["importjobid"],
        "name": package["unique_name"],
        "solutionname": package["unique_name"],
        "solutionid": job.get("solutionid"),
        "_solutionid_value": job.get("solutionid"),
        "progress": stage["progress"],
        "data": log,
        "startedon": text_of(stage["began"]),
        "completedon": text_of(stage["ended"]),
        "importcontext": "ImportHolding" if job.get("holding") else "ImportInstall",
        "operationcontext": job["operation"],
        "createdon": text_of(job["started"]),
        "modifiedon": text_of(stage["seen"]),
        "_createdby_value": _user(organisation, job),
        "_organizationid_value": organisation["id"],
    }


def _operation_row(organisation: dict[str, Any], job: dict[str, Any], stage: dict[str, Any]) -> Row:
    operation, failure = OPERATIONS[job["operation"]], stage["failure"]
    state, status = _state(stage)
    failed = failure is not None
    return {
        "asyncoperationid": job["asyncoperationid"],
        "name": f"{operation.title} {job['solution']}".strip(),
        "operationtype": operation.type,
        "messagename": operation.message,
        "statecode": state,
        "statuscode": status,
        "message": failure["text"] if failed else None,
        "friendlymessage": failure["text"] if failed else None,
        "errorcode": signed(failure["code"]) if failed else None,
        "startedon": text_of(stage["began"]),
        "completedon": text_of(stage["ended"]),
        "executiontimespan": _span(stage),
        "correlationid": job["correlationid"],
        "depth": 1,
        "retrycount": 0,
        "createdon": text_of(job["started"]),
        "modifiedon": text_of(stage["seen"]),
        "_createdby_value": _user(organisation, job),
        "_ownerid_value": _user(organisation, job),
    }


def _state(stage: dict[str, Any]) -> tuple[int, int]:
    if stage["ended"] is not None:
        failure = stage["failure"]
        return 3, SUCCEEDED if failure is None else failure["statuscode"]
    return (0, 0) if stage["began"] is None else (2, 20)


def _span(stage: dict[str, Any]) -> float | None:
    return None if stage["ended"] is None else round(max(stage["ended"] - stage["began"], 0.0), 2)


def _user(organisation: dict[str, Any], job: dict[str, Any]) -> str | None:
    """`user` is an id, or the key of a row in systemusers."""
    said: str | None = job.get("user")
    row = organisation["tables"]["systemusers"].get(said, {})
    found: str | None = row.get("systemuserid", said)
    return found


def signed(code: str) -> int:
    number = int(code, 16)
    return number - (1 << 32) if number >= 1 << 31 else number


def text_of(moment: float | None) -> str | None:
    """A time to the second, rounded down: no time shows as later than it is."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
