"""Importing, staging and upgrading: from the parameters of an action to a job.

webapi/reference: importsolution, importsolutionasync, stagesolution, stageandupgrade(async) and
their answers; the way from a staged upload to an import: power-platform alm/solution-async.md.
Inferred: that nothing is imported in administration mode, and its code; that a synchronous import
answers with the code of what failed in its job.
"""

from typing import Any

from simulator.dataverse.errors import DataverseError, NotSimulatedError, bad_payload
from simulator.dataverse.failures import FAILED, IMPORT_FAILED, VARIANTS, Failure
from simulator.dataverse.import_rules import refusal_of
from simulator.dataverse.job_rows import signed
from simulator.dataverse.jobs import Job, ends, failure_of, refuse_busy, start
from simulator.dataverse.packages import Package, opened
from simulator.dataverse.session import Session

Values = dict[str, Any]
PRIVILEGE = "prvImportCustomization"
NOTHING_STAGED = "00000000-0000-0000-0000-000000000000"


async def import_now(session: Session, values: Values) -> Values | None:
    """Answers when the import is over, however long that takes."""
    job = _started(session, values, asynchronous=False)
    await session.world.clock.reach(ends(job))
    organisation = session.world.organisation_at(session.organisation["host"])
    failure = failure_of(job)
    if failure is not None:
        raise refused(failure)
    rows = {} if organisation is None else organisation["tables"].get("importjobs", {})
    if job["importjobid"] not in rows:
        raise DataverseError(503, "", "The world became another one while the import was running.")
    if job["operation"] == "Import":
        return None
    return {"SolutionId": rows[job["importjobid"]].get("solutionid")}


async def import_later(session: Session, values: Values) -> Values | None:
    """Answers at once; whether it succeeded says the row in `asyncoperations`."""
    job = _started(session, values, asynchronous=True)
    return {"ImportJobKey": job["importjobid"], "AsyncOperationId": job["asyncoperationid"]}


async def stage(session: Session, values: Values) -> Values | None:
    """Validates a package and keeps it for an import; a refused one is not kept."""
    _refuse_importing(session)
    package = opened(values["CustomizationFile"])
    failure = _failure(session, package, holding=False)
    if failure is not None and failure["at"] != "manifest":
        failure = None  # what goes wrong later goes wrong in the job
    upload = NOTHING_STAGED
    if failure is None:
        upload = str(values.get("StageSolutionUploadId") or session.world.draw.guid()).lower()
        session.organisation["staged"][upload] = package
    return {"StageSolutionResults": _results(package, upload, failure)}


def refused(failure: Failure) -> DataverseError:
    status = 403 if failure["code"] == "0x80040220" else 400
    code = failure["code"] if failure["statuscode"] == FAILED else IMPORT_FAILED
    return DataverseError(status, code, failure["text"])


def _started(session: Session, values: Values, *, asynchronous: bool) -> Job:
    _refuse_importing(session)
    package = _package(session, values)
    if values.get("ConvertToManaged"):
        package = {**package, "managed": True}
    refuse_busy(session.organisation, values["operation"])
    holding = bool(values.get("HoldingSolution")) or values["operation"] == "StageAndUpgrade"
    wanted = str(values.get("ImportJobId") or session.world.draw.guid()).lower()
    if wanted in session.rows("importjobs"):
        raise DataverseError(412, "0x80040237", "Cannot insert duplicate key.")
    return start(
        session.world,
        session.organisation,
        operation=values["operation"],
        solution=package["unique_name"],
        package=package,
        holding=bool(values.get("HoldingSolution")),
        failure=_failure(session, package, holding=holding),
        importjobid=wanted,
        asynchronous=asynchronous,
        user=session.user["systemuserid"],
    )


def _refuse_importing(session: Session) -> None:
    session.require(PRIVILEGE, "solution")
    if session.organisation["condition"] == "administration":
        raise DataverseError(
            403, "0x80048405", "Nothing is imported while the environment is administered."
        )


def _package(session: Session, values: Values) -> Package:
    """From the file, or from what StageSolution kept; one of them is needed."""
    parameters = values.get("SolutionParameters") or {}
    upload = parameters.get("StageSolutionUploadId")
    for key, value in parameters.items():
        if key == "SolutionComponentOptions" and value:
            raise NotSimulatedError("SolutionComponentOptions")
        if key.partition("@")[0] not in ("", "StageSolutionUploadId", "SolutionComponentOptions"):
            raise bad_payload(f"'{key}' is not declared on 'SolutionParameters'.")
    if values.get("CustomizationFile") is not None:
        return opened(values["CustomizationFile"])
    if upload is None:
        raise DataverseError(
            400, "0x80040203", "The required parameter 'CustomizationFile' is missing."
        )
    package: Package | None = session.organisation["staged"].get(str(upload).lower())
    if package is None:
        raise DataverseError(
            404, "0x80040217", f"Entity 'stagesolutionupload' With Id = {upload} Does Not Exist"
        )
    return package


def _failure(session: Session, package: Package, *, holding: bool) -> Failure | None:
    """What the package itself meets comes first, then what the facts want to fail."""
    met = refusal_of(session.organisation, package, holding=holding)
    return met or VARIANTS.get(session.organisation["imports"].get("fails") or "")


def _results(package: Package, upload: str, failure: Failure | None) -> Values:
    """StageSolutionResults ComplexType. What fails only while a job runs is not seen here."""
    seen = failure if failure is not None and failure["at"] == "manifest" else None
    return {
        "StageSolutionUploadId": upload,
        "StageSolutionStatus": "Passed" if seen is None else "Failed",
        "SolutionValidationResults": [] if seen is None else [_validation(seen)],
        "MissingDependencies": [_dependency(each) for each in (seen or {}).get("missing", [])],
        "SolutionDetails": {
            "SolutionUniqueName": package["unique_name"],
            "SolutionFriendlyName": package["friendly_name"],
            "SolutionVersion": package["version"],
            "IsManaged": package["managed"],
        },
        "SolutionComponentsDetails": [
            {"ComponentName": each["name"], "ComponentSchemaName": each["id"]}
            for each in package["components"]
        ],
    }


def _validation(failure: Failure) -> Values:
    return {
        "SolutionValidationResultType": "Error",
        "Message": failure["text"],
        "ErrorCode": signed(failure["code"]),
        "AdditionalInfo": None,
    }


def _dependency(missing: dict[str, dict[str, str]]) -> Values:
    """MissingDependency ComplexType."""
    answer: Values = {"CanResolveMissingDependency": False, "MissingPackages": []}
    for side, name in (("required", "Required"), ("dependent", "Dependent")):
        given = missing[side]
        answer |= {
            f"{name}ComponentId": given.get("id", NOTHING_STAGED).strip("{}"),
            f"{name}ComponentType": given.get("type"),
            f"{name}ComponentSchemaName": given.get("schemaName"),
            f"{name}ComponentDisplayName": given.get("displayName"),
            f"{name}ComponentParentSchemaName": given.get("parentSchemaName"),
            f"{name}ComponentParentDisplayName": given.get("parentDisplayName"),
        }
    return {**answer, "RequiredSolutionName": missing["required"].get("solution")}
