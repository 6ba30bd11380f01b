"""How many synchronisation jobs are at work, as Business Central counts them."""

import pytest

from connection.checks.synchronisation import job_queue_entries
from connection.remote import JobQueueEntry
from connection.report import Outcome
from tests.parity.fakes import FakeBusinessCentral, FakeSales
from tests.parity.looks import a_look


def jobs(*statuses: str) -> list[JobQueueEntry]:
    """Of the connection."""
    return [JobQueueEntry(5339, status, "A synchronisation job.") for status in statuses]


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        (("Ready", "In Process", "Ready"), "3 ready or in process."),
        (("Ready", "On Hold with Inactivity Timeout"), "1 ready or in process, 1 waiting"),
    ],
)
async def test_ready_and_running_jobs_are_counted_as_active(
    statuses: tuple[str, ...], said: str
) -> None:
    look = a_look(FakeSales(), FakeBusinessCentral(jobs=jobs(*statuses)))
    look.findings.connection_enabled = True
    found = await job_queue_entries(look)
    assert found.outcome is Outcome.PASS
    assert said in found.sentence


async def test_a_connection_that_is_not_enabled_has_no_active_job() -> None:
    look = a_look(FakeSales(), FakeBusinessCentral(jobs=jobs("On Hold", "On Hold")))
    look.findings.connection_enabled = False
    found = await job_queue_entries(look)
    assert found.outcome is Outcome.PASS
    assert "at rest" in found.sentence
    assert "in process" not in found.sentence
