"""Importing a solution: started under an id of our own, found again, followed to its end.

webapi/reference/importsolutionasync, importjob.md, asyncoperation.md. No column says which
operation belongs to which job; that both start at the same moment is inferred.
"""

import asyncio
import base64
from collections.abc import Callable, Sequence
from datetime import datetime

from connection.changes.remote import ImportOutcome, ImportState, SolutionPackage
from connection.errors import Unintelligible
from connection.identities import Access
from dynamics.bodies import object_of
from dynamics.calls import Service
from dynamics.dataverse_api import DataverseApi
from dynamics.http import utc_now
from dynamics.import_jobs import (
    APART,
    IMPORT_JOBS,
    OPERATIONS,
    ImportJob,
    Operation,
    begun_with,
    running,
    state_of,
    without_job,
)
from dynamics.odata import Row, encoded, guid, text_in
from dynamics.written import Written

PackageContent = Callable[[SolutionPackage], bytes]
"""Reads a package again. Raises `NotReady` if it is another one by now."""
REMEMBERED = 100


class SolutionImports:
    """The part of the port `SalesChanges` that is about solutions."""

    def __init__(
        self,
        api: DataverseApi,
        content: PackageContent,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._api = api
        self._content = content
        self._now = now
        self._operations: dict[str, str] = {}

    async def running_import(self, access: Access, unique_name: str) -> ImportState | None:
        those = encoded("operationtype eq 203 and statecode ne 3")
        operations = [
            Operation.of(row)
            for row in await self._rows(access, "asyncoperations", OPERATIONS, those)
        ]
        unfinished = encoded("completedon eq null") + "&$orderby=createdon desc"
        rows = await self._rows(access, "importjobs", IMPORT_JOBS, unfinished)
        jobs = [job for job in map(ImportJob.of, rows) if self._runs(job, operations)]
        for job in jobs:
            if job.solution.lower() == unique_name.lower():
                return running(job)
        return self._not_listed_yet(without_job(operations, jobs))

    async def start_import(self, access: Access, package: SolutionPackage, job_id: str) -> None:
        own = guid(Service.SALES, job_id)
        body = await asyncio.to_thread(self._body, package, own)
        answer = await self._api.post_once(access, "ImportSolutionAsync", body, large=True)
        operation = text_in(object_of(Service.SALES, answer), "AsyncOperationId")
        if operation:
            self._remember(own, guid(Service.SALES, operation))

    async def import_state(self, access: Access, job_id: str) -> ImportState:
        own = guid(Service.SALES, job_id)
        those = encoded(f"importjobid eq {own}")
        rows = await self._rows(access, "importjobs", IMPORT_JOBS, those)
        job = ImportJob.of(rows[0]) if rows else None
        operation = await self._operation(access, own, job)
        if job is None and operation is None:
            return ImportState(own, ImportOutcome.UNKNOWN)
        found = job or ImportJob(own, started=operation.started if operation else None)
        log = ""
        if found.may_have_failed(operation):
            log = await self._log(access, own)
        return await asyncio.to_thread(state_of, found, operation, log, self._now())

    async def _operation(self, access: Access, own: str, job: ImportJob | None) -> Operation | None:
        """By its id, as long as this process knows it, else by its beginning."""
        known, begun = self._operations.get(own), job.started if job else None
        if known:
            those = f"asyncoperationid eq {known}"
            rows = await self._rows(access, "asyncoperations", OPERATIONS, encoded(those))
            return Operation.of(rows[0]) if rows else None
        if begun is None:
            return None
        first, last = (f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in (begun - APART, begun + APART))
        those = f"operationtype eq 203 and startedon ge {first} and startedon le {last}"
        rows = await self._rows(access, "asyncoperations", OPERATIONS, encoded(those))
        return begun_with([Operation.of(row) for row in rows], begun)

    async def _log(self, access: Access, own: str) -> str:
        """'' where it is longer than the bot reads."""
        those = encoded(f"importjobid eq {own}")
        try:
            rows = await self._rows(access, "importjobs", "data", those)
        except Unintelligible:
            return ""
        return text_in(rows[0], "data") if rows else ""

    async def _rows(self, access: Access, table: str, columns: str, those: str) -> Sequence[Row]:
        return await self._api.rows(access, f"{table}?$select={columns}&$filter={those}")

    def _runs(self, job: ImportJob, operations: Sequence[Operation]) -> bool:
        """Of jobs without an end some are dead: their import was cut off."""
        return begun_with(operations, job.started) is not None or not job.is_silent(self._now())

    def _not_listed_yet(self, operations: Sequence[Operation]) -> ImportState | None:
        """An operation that has no job yet does not say which solution it imports."""
        if not operations:
            return None
        ours = {operation: own for own, operation in self._operations.items()}
        own = next((ours[one.id] for one in operations if one.id in ours), "")
        return ImportState(own, ImportOutcome.RUNNING)

    def _body(self, package: SolutionPackage, own: str) -> Written:
        """Put together by hand: as a text it would be in memory twice."""
        file = base64.b64encode(self._content(package))
        return Written(b"".join((_SWITCHES, own.encode(), _FILE, file, b'"}')))

    def _remember(self, own: str, operation: str) -> None:
        self._operations[own] = operation
        while len(self._operations) > REMEMBERED:
            del self._operations[next(iter(self._operations))]


_SWITCHES = b'{"OverwriteUnmanagedCustomizations":true,"PublishWorkflows":true,"ImportJobId":"'
_FILE = b'","CustomizationFile":"'
