"""Checks of what synchronises: integration table mappings and their jobs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from connection.checks.looking import Found, Look, passed, untested, warned
from connection.checks.published_pages import (
    JOB_QUEUE_ENTRIES,
    TABLE_MAPPINGS,
    page_in_bc,
    reading,
)
from connection.remote import JobQueueEntry

ACTIVE = ("Ready", "In Process")
RESTING = "On Hold with Inactivity Timeout"
"""It found nothing to do, and goes on by itself. Disabling the connection leaves none so."""
ON_HOLD, ERROR = "On Hold", "Error"
_STATUS = {ERROR: "stopped with an error", ON_HOLD: "on hold"}
SETUP_TITLE = "Microsoft Dynamics 365 Connection Setup"
SHOWN = 10


async def table_mappings(look: Look) -> Found:
    """Page 5335 can be read, and has mappings."""
    mappings = await reading(look, TABLE_MAPPINGS, look.business_central.table_mappings)
    if isinstance(mappings, Found):
        return mappings
    if not mappings:
        return warned(
            "The company has no integration table mapping, so nothing would be synchronised.",
            f"{page_in_bc(look.setup, 5330, SETUP_TITLE)} and choose "
            "Use Default Synchronization Setup; enabling the connection installs the defaults too.",
        )
    noun = "mapping" if len(mappings) == 1 else "mappings"
    return passed(f"The company has {len(mappings)} integration table {noun}.")


async def job_queue_entries(look: Look) -> Found:
    """Page 672 can be read, and no synchronisation job failed or was stopped.

    Disabling puts every such job on hold, so all of them on hold are no fault, and nobody knows
    where page 5330 was not read.
    """
    jobs = await reading(look, JOB_QUEUE_ENTRIES, look.business_central.synchronisation_jobs)
    if isinstance(jobs, Found):
        return jobs
    number = Counter(job.status for job in jobs)
    enabled = look.findings.connection_enabled
    alive = any(number[status] for status in (*ACTIVE, RESTING))
    at_work = alive if enabled is None else enabled
    amiss = [status for status in (ERROR, ON_HOLD) if number[status]]
    if not at_work and ON_HOLD in amiss:
        amiss.remove(ON_HOLD)
    if amiss:
        return _stopped(look, jobs, amiss)
    if not jobs and at_work:
        return warned(
            "The connection is enabled, but there is no job queue entry that synchronises.",
            f"{page_in_bc(look.setup, 5330, SETUP_TITLE)} and choose Use Default Synchronization "
            "Setup.",
        )
    if number[ON_HOLD] and enabled is None:
        return untested(
            f"{_how_many(number)} on hold. That is right while the connection is not enabled, "
            "which was not read from page 5330; if it is enabled, nothing is synchronised."
        )
    return passed(_in_order(number, at_work=at_work))


def _in_order(number: Counter[str], *, at_work: bool) -> str:
    if not number.total():
        return "There is no synchronisation job; enabling the connection makes them."
    if not at_work:
        return f"{_how_many(number)} at rest while the connection is not enabled."
    active = sum(number[status] for status in ACTIVE)
    there = "There is" if number.total() == 1 else "There are"
    what = f"{there} {_noun(number)}: {active} ready or in process"
    left = number.total() - active
    return f"{what}, {left} waiting for something to do." if left else f"{what}."


def _how_many(number: Counter[str]) -> str:
    return f"{_noun(number)} {'is' if number.total() == 1 else 'are'}"


def _noun(number: Counter[str]) -> str:
    total = number.total()
    return "1 synchronisation job" if total == 1 else f"{total} synchronisation jobs"


def _stopped(look: Look, jobs: Sequence[JobQueueEntry], amiss: Sequence[str]) -> Found:
    """The descriptions are Business Central's own words, so a channel does not read them."""
    stopped = [job for job in jobs if job.status in amiss]
    number = Counter(job.status for job in stopped)
    how = ", ".join(f"{number[status]} {_STATUS[status]}" for status in amiss)
    shown = [f"{job.description.strip() or job.codeunit} ({job.status})" for job in stopped[:SHOWN]]
    more = f" and {len(stopped) - SHOWN} more" if len(stopped) > SHOWN else ""
    found = warned(
        f"Of {len(jobs)} synchronisation jobs: {how}.",
        f"{page_in_bc(look.setup, JOB_QUEUE_ENTRIES.page, JOB_QUEUE_ENTRIES.title)}, look at what "
        "Show Error says of each of them, mend it, and choose Restart, or Set Status to Ready.",
    )
    return replace(found, private=f"Job queue entries: {', '.join(shown)}{more}.")
