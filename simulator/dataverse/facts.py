"""Which facts about imports can be: a patch of the world that says another is refused."""

from collections.abc import Iterator
from typing import Any

from simulator.dataverse.failures import VARIANTS
from simulator.dataverse.job_facts import JOB, PARTS, SHAPES, faults_of_shape, is_moment
from simulator.dataverse.operations import OPERATIONS

LONGEST_AHEAD = 366 * 86_400


def faults_in(facts: dict[str, Any]) -> Iterator[str]:
    """One sentence for each fact about imports and jobs that cannot be."""
    organisations = facts.get("sales", {})
    if not isinstance(organisations, dict):
        yield f"sales cannot be {organisations!r}; it is an object"
        return
    for name, organisation in organisations.items():
        if not isinstance(organisation, dict):
            yield f"sales.{name} cannot be {organisation!r}; it is an object"
            continue
        no_objects = [part for part in PARTS if not isinstance(organisation.get(part, {}), dict)]
        if no_objects:
            yield f"sales.{name}: {' and '.join(no_objects)} cannot be; they are objects"
            continue
        ahead = organisation.get("clock_ahead", 0)
        if type(ahead) not in (int, float) or not abs(ahead) <= LONGEST_AHEAD:
            yield f"sales.{name}.clock_ahead cannot be {ahead!r}; it is a number of seconds"
        imports, jobs = (organisation.get(part, {}) for part in ("imports", "jobs"))
        yield from _faults_of(f"sales.{name}.imports", imports)
        for key, job in jobs.items():
            yield from _faults_of_job(f"sales.{name}.jobs.{key}", job)
        for part, shape in SHAPES.items():
            for key, value in organisation.get(part, {}).items():
                yield from faults_of_shape(f"sales.{name}.{part}.{key}", value, shape)


def _faults_of_job(place: str, job: object) -> Iterator[str]:
    if not isinstance(job, dict) or str(job.get("operation")) not in OPERATIONS:
        yield f"{place} is an object whose operation is one of {', '.join(OPERATIONS)}"
        return
    yield from faults_of_shape(place, job, JOB)
    yield from _faults_of(place, job)


def _faults_of(place: str, facts: dict[str, Any]) -> Iterator[str]:
    seconds = facts.get("seconds", 0)
    if not is_moment(seconds):
        yield f"{place}.seconds cannot be {seconds!r}; it is a number of seconds"
    fails = facts.get("fails")
    if fails is not None and not (isinstance(fails, str) and fails in VARIANTS):
        yield f"{place}.fails cannot be {fails!r}; it is one of {', '.join(VARIANTS)}"
