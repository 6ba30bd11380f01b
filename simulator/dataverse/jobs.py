"""Jobs on solutions: started, moved on by the clock, and done to the world when they end.

A job is a fact of the organisation under `jobs` while it runs; its rows in `importjobs` and
`asyncoperations` are made of it and stay. Times: importjob.md, asyncoperation.md. That only one
runs at a time and the code for a second: SupportArticles, concurrent solution operation failures;
status 429 and the moment of the refusal (at once, not by the job) are inferred.
"""

from typing import TYPE_CHECKING, Any

from simulator.dataverse.errors import DataverseError
from simulator.dataverse.failures import VARIANTS, Failure
from simulator.dataverse.job_effects import EFFECTS
from simulator.dataverse.job_facts import PARTS
from simulator.dataverse.job_rows import rows_of, text_of
from simulator.dataverse.operations import OPERATIONS
from simulator.dataverse.packages import Package

if TYPE_CHECKING:
    from simulator.world import World

Organisation = dict[str, Any]
Job = dict[str, Any]
BUSY = "0x80071151"
QUEUED = 0.1
"""The part of its time that a job waits for its turn."""


def refuse_busy(organisation: Organisation, wanted: str) -> None:
    if not OPERATIONS[wanted].locks:
        return
    for job in organisation["jobs"].values():
        if OPERATIONS[job["operation"]].locks:
            raise DataverseError(
                429,
                BUSY,
                f"CustomizationLockException: [{wanted}] cannot start because there is another "
                f"[{job['operation']}] running at this moment.",
            )


def start(world: "World", organisation: Organisation, **said: Any) -> Job:
    """`said` is at least `operation` and `solution`. Raises 429 while another one runs."""
    refuse_busy(organisation, said["operation"])
    job = {"seconds": organisation["imports"].get("seconds", 0), **said}
    key = str(job.setdefault("key", world.draw.guid()))
    organisation["jobs"][key] = job
    _adopt(world, organisation, job)
    settle(world, organisation)
    return job


def settle(world: "World", organisation: Organisation) -> None:
    """Brings all that depends on jobs to where it is now; to ask twice changes nothing."""
    for part in PARTS:
        organisation.setdefault(part, {})
    jobs = organisation["jobs"]
    now = world.clock()
    for key, job in sorted(jobs.items(), key=lambda each: each[1].get("started", now)):
        _adopt(world, organisation, job)
        ended = now >= ends(job)
        if ended:
            if failure_of(job) is None:
                _finish(world, organisation, job)
            del jobs[key]
        for place, row in rows_of(organisation, job, _stage(job, now), world.draw):
            _write(world, organisation["tables"].setdefault(place, {}), row)
        world.touched()


def ends(job: Job) -> float:
    """When it is over, in seconds since 1970; a failing one stops where its progress stops."""
    failure = failure_of(job)
    if failure is None:
        return float(job["started"] + job["seconds"])
    running = (1 - QUEUED) * failure["stops_at"] / 100
    return float(job["started"] + job["seconds"] * (QUEUED + running))


def _stage(job: Job, now: float) -> dict[str, Any]:
    """How far it is: `began` and `ended` (null before), `progress`, and the `failure` if ended."""
    began, last = job["started"] + job["seconds"] * QUEUED, ends(job)
    ended = now >= last
    failure = failure_of(job)
    highest = 100.0 if failure is None else float(failure["stops_at"])
    progress = highest
    if not ended:
        share = (now - began) / (job["seconds"] * (1 - QUEUED))
        progress = min(max(share * 100, 0.0), highest, 99.99)
    return {
        "began": began if ended or now >= began else None,
        "ended": last if ended else None,
        "seen": min(now, last),
        "progress": round(progress, 2),
        "failure": failure if ended else None,
    }


def failure_of(job: Job) -> Failure | None:
    """What its package met, or the variant that the facts name."""
    given: Failure | None = job.get("failure")
    return given or VARIANTS.get(job.get("fails") or "")


def _adopt(world: "World", organisation: Organisation, job: Job) -> None:
    """Fills in what a job in a patch of the world need not say."""
    job.setdefault("started", world.clock())
    job.setdefault("seconds", organisation["imports"].get("seconds", 0))
    job.setdefault("solution", "")
    job.setdefault("asyncoperationid", world.draw.guid())
    job.setdefault("importjobid", world.draw.guid())
    job.setdefault("package", _foreign(job["solution"]))


def _foreign(name: str) -> Package:
    """The package of somebody else's job: nothing is known but its name."""
    return {
        "unique_name": name,
        "friendly_name": name,
        "version": "1.0.0.0",
        "managed": True,
        "publisher": "example",
        "package_version": "9.0",
        "components": [],
        "roles": {},
        "requires": [],
    }


def _finish(world: "World", organisation: Organisation, job: Job) -> None:
    now = text_of(ends(job)) or ""
    row = EFFECTS[job["operation"]](organisation, job, world.draw, now)
    if row is not None:
        row["versionnumber"] = world.next_version()
        job["solutionid"] = row["solutionid"]
    _version_roles(world, organisation)
    world.next_version()


def _version_roles(world: "World", organisation: Organisation) -> None:
    for row in organisation["tables"]["roles"].values():
        row.setdefault("versionnumber", world.next_version())


def _write(world: "World", rows: dict[str, Any], row: dict[str, Any]) -> None:
    """A row gets a new version only when something in it is another."""
    key = next(iter(row.values()))
    old = rows.get(key, {})
    if {**old, **row} != old:
        rows[key] = {**old, **row, "versionnumber": world.next_version()}
