"""Which facts about imports can be: a patch of the world that says another is refused."""

from collections.abc import Iterator
from typing import Any

from simulator.dataverse.failures import VARIANTS
from simulator.dataverse.operations import OPERATIONS


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
        imports, jobs = (organisation.get(part, {}) for part in ("imports", "jobs"))
        if not isinstance(imports, dict) or not isinstance(jobs, dict):
            yield f"sales.{name}: imports and jobs are objects"
            continue
        yield from _faults_of(f"sales.{name}.imports", imports)
        for key, job in jobs.items():
            yield from _faults_of_job(f"sales.{name}.jobs.{key}", job)


def _faults_of_job(place: str, job: object) -> Iterator[str]:
    if not isinstance(job, dict) or str(job.get("operation")) not in OPERATIONS:
        yield f"{place} is an object whose operation is one of {', '.join(OPERATIONS)}"
        return
    for part in ("solution", "user"):
        if not isinstance(job.get(part, ""), str):
            yield f"{place}.{part} cannot be {job[part]!r}; it is a text"
    yield from _faults_of(place, job)


def _faults_of(place: str, facts: dict[str, Any]) -> Iterator[str]:
    seconds = facts.get("seconds", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        yield f"{place}.seconds cannot be {seconds!r}; it is a number of seconds"
    fails = facts.get("fails")
    if fails is not None and not (isinstance(fails, str) and fails in VARIANTS):
        yield f"{place}.fails cannot be {fails!r}; it is one of {', '.join(VARIANTS)}"
