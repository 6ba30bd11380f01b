"""The rules of the checks of Business Central and Slack: none passes what it did not see."""

from dataclasses import replace

import pytest

from connection.checks import (
    availability,
    currencies,
    setup_page,
    slack_side,
    solution,
    synchronisation,
)
from connection.checks.looking import Look
from connection.checks.published_pages import ITEM_AVAILABILITY, found_among
from connection.errors import DirectoryAway
from connection.identities import Identity, SecretOrigin, SecretRef
from connection.own_app import AppStanding
from connection.remote import ConnectionPage, JobQueueEntry, PublishedService
from connection.report import Outcome
from tests.parity.fakes import CONNECTED, SALES_URL, FakeBusinessCentral, FakeSales
from tests.parity.looks import a_look

PASS, WARN, SKIPPED, UNTESTED = Outcome.PASS, Outcome.WARN, Outcome.SKIPPED, Outcome.UNTESTED
READY, ON_HOLD, ERROR = "Ready", "On Hold", "Error"
RESTING = "On Hold with Inactivity Timeout"


def _jobs(*states: str) -> FakeBusinessCentral:
    jobs = [JobQueueEntry(5339, state, f"CUSTOMER {n}") for n, state in enumerate(states)]
    return FakeBusinessCentral(jobs=jobs)


async def test_what_sales_asks_for_is_not_known_where_sales_was_not_read() -> None:
    found = await availability.availability_page(a_look(FakeSales()))
    assert found.outcome is SKIPPED
    assert "does not ask" not in found.sentence


async def test_without_the_solution_nobody_asks_for_item_availability() -> None:
    look = a_look(FakeSales())
    assert (await solution.solution_tables(look)).outcome is SKIPPED
    assert (await availability.availability_page(look)).outcome is PASS


@pytest.mark.parametrize(
    ("enabled", "states", "outcome"),
    [
        (None, (ON_HOLD, ON_HOLD), UNTESTED),
        (None, (ON_HOLD,), UNTESTED),
        (None, (RESTING, ON_HOLD), WARN),
        (None, (READY, ON_HOLD), WARN),
        (None, (RESTING, RESTING), PASS),
        (None, (ON_HOLD, ERROR), WARN),
        (False, (ON_HOLD, ON_HOLD), PASS),
        (False, (RESTING, ON_HOLD), PASS),
        (True, (ON_HOLD, ON_HOLD), WARN),
        (None, (), PASS),
    ],
)
async def test_jobs_on_hold_are_at_rest_only_where_the_connection_is(
    enabled: bool | None, states: tuple[str, ...], outcome: Outcome
) -> None:
    """Disabling puts every job on hold; one that waits for something to do was not."""
    look = a_look(FakeSales(), _jobs(*states))
    look.findings.connection_enabled = enabled
    found = await synchronisation.job_queue_entries(look)
    assert found.outcome is outcome
    assert enabled is False or "while the connection is not enabled." not in found.sentence


async def test_one_job_is_one_job() -> None:
    found = await synchronisation.job_queue_entries(a_look(FakeSales(), _jobs(READY)))
    assert found.sentence.startswith("There is 1 synchronisation job:")


async def test_no_currency_on_either_side_is_no_agreement() -> None:
    look = a_look(FakeSales(currency=""), FakeBusinessCentral(local_currency=""))
    assert (await currencies.base_currency(look)).outcome is Outcome.FAIL


def _as_an_app() -> Look:
    page = ConnectionPage(SALES_URL, "somebody@domain.net", True, "9.2", True)
    look = a_look(
        FakeSales(),
        FakeBusinessCentral(page=page),
        integration_auth="client_secret",
        integration_client_id="00000000-1111-2222-3333-777777777777",
    )
    look.findings.integration_signed_in = True
    origin = SecretOrigin("h", "t", "client_secret", "l")
    held = SecretRef("s1", "T1", "c1", "integration_client_secret", origin)
    access = replace(look.accesses[Identity.INTEGRATION], secret=held)
    return replace(look, accesses={**look.accesses, Identity.INTEGRATION: access})


async def test_an_app_is_not_said_to_be_compared_with_page_5330() -> None:
    found = await setup_page.setup_page(_as_an_app())
    assert found.outcome is PASS
    assert "user" not in found.sentence


async def test_that_slack_is_away_says_nothing_of_the_connection() -> None:
    class _Away:
        async def standing(self, _workspace: str) -> AppStanding:
            raise DirectoryAway("Slack could not be asked about the bot's app.", "Try again.")

    look = replace(a_look(FakeSales()), own_app=_Away())
    found = await slack_side.slack_app(look)
    assert (found.outcome, found.sentence) == (
        UNTESTED,
        "Slack could not be asked about the bot's app.",
    )
    assert (await slack_side.slack_clock(look)).outcome is UNTESTED


def _published(name: str) -> Look:
    look = a_look(FakeSales())
    service = PublishedService(name, ITEM_AVAILABILITY.properties)
    look.findings.services = found_among([service])
    look.findings.nav_connections = [CONNECTED]
    return look


async def test_sales_asks_for_item_availability_by_the_name_of_the_service() -> None:
    """Business Central publishes it as ProductItemAvailability, which stands in the address."""
    found = await availability.availability_page(_published(ITEM_AVAILABILITY.name))
    assert found.outcome is PASS
    found = await availability.availability_page(_published("Stock"))
    assert found.outcome is Outcome.FAIL
    assert "as Stock" in found.sentence
    assert "ProductItemAvailability" in found.remedy
    look = _published("Stock")
    look.findings.nav_connections = [replace(CONNECTED, odata_url="")]
    assert (await availability.availability_page(look)).outcome is PASS
    look.findings.nav_connections = None
    assert (await availability.availability_page(look)).outcome is PASS


def test_the_log_of_the_job_queue_is_not_taken_for_the_job_queue() -> None:
    """Page 674 shows what ran once, by the same names for state and codeunit."""
    entries = {"ID", "Status", "Object_Type_to_Run", "Object_ID_to_Run", "Description"}
    queue = PublishedService("Jobs", frozenset({*entries, "Scheduled", "Recurring_Job"}))
    log = PublishedService("Log", frozenset({*entries, "Start_Date_Time", "Error_Message"}))
    assert found_among([log]) == {}
    assert found_among([log, queue]) == {672: queue}
