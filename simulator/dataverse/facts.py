"""Which facts about imports can be: a patch of the world that says another is refused."""

from collections.abc import Iterator
from typing import Any

from simulator.dataverse.failures import VARIANTS
from simulator.dataverse.operations import OPERATIONS


def faults_in(facts: dict[str, Any]) -> Iterator[str]:
    """One sentence for each fact about imports and jobs that cannot be."""
    for name, organisation in facts.get("sales", {}).items():
        imports = organisation.get("imports", {})
        jobs = organisation.get("jobs", {})
        if not isinstance(imports, dict) or not isinstance(jobs, dict):
            yield f"sales.{name}: imports and jobs are objects"
            continue
        yield from _faults_of(f"sales.{name}.imports", imports)
        for key, job in jobs.items():
            place = f"sales.{name}.jobs.{key}"
            if not isinstance(job, dict) or job.get("operation") not in OPERATIONS:
                yield f"{place} is an object whose operation is one of {', '.join(OPERATIONS)}"
            else:
                yield from _faults_of(place, job)


def _faults_of(place: str, facts: dict[str, Any]) -> Iterator[str]:
    seconds = facts.get("seconds", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        yield f"{place}.seconds cannot be {seconds!r}; it is a number of seconds"
    fails = facts.get("fails")
    if fails is not None and fails not in VARIANTS:
        yield f"{place}.fails cannot be {fails!r}; it is one of {', '.join(VARIANTS)}"
