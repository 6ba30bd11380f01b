"""What rows of `importjobs` and `asyncoperations` mean together, also odd ones."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.changes.remote import ImportOutcome, ImportState
from connection.errors import RemoteFault
from dynamics.import_jobs import SILENCE, ImportJob
from dynamics.import_log import LONGEST_LOG, MOST_NAMED, explained, told
from tests.dynamics.changing import JOB
from tests.dynamics.microsoft import NOW, Desk, Reply, the_access

OTHER = "7a1c0de0-0000-4000-8000-000000000002"
ROW = "7a1c0de0-0000-4000-8000-0000000000e2"
OPERATION = "7a1c0de0-0000-4000-8000-0000000000e1"
SOLUTION = "MicrosoftDynamicsNavIntegration"
BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><importexportxml>&b;</importexportxml>'
FAILED = '<e><result result="failure" errorcode="0x80048033" errortext="It is broken." /></e>'


def _at(seconds: float) -> str:
    return f"{NOW + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def job(**said: object) -> dict[str, object]:
    times = {"startedon": _at(-60), "createdon": _at(-60), "modifiedon": _at(-10)}
    return {"importjobid": JOB, "solutionname": SOLUTION, "progress": 40.5, **times, **said}


def operation(**said: object) -> dict[str, object]:
    usual = {"statecode": 2, "statuscode": 20, "startedon": _at(-61)}
    return {"asyncoperationid": OPERATION, **usual, **said}


def tell(
    desk: Desk, jobs: list[dict[str, object]], operations: list[dict[str, object]], log: str = ""
) -> None:
    desk.sales_says("importjobs?", Reply(body={"value": jobs}))
    desk.sales_says("importjobs?$select=data", Reply(body={"value": [{"data": log}]}))
    desk.sales_says("asyncoperations?", Reply(body={"value": operations}))


async def state(desk: Desk) -> ImportState:
    return await desk.sales_changes.import_state(the_access(), JOB)


async def running(desk: Desk) -> ImportState | None:
    return await desk.sales_changes.running_import(the_access(), SOLUTION)


async def test_an_operation_without_a_job_yet_counts_as_running(desk: Desk) -> None:
    tell(desk, [], [operation(startedon=None, statecode=0)])
    assert await running(desk) == ImportState("", ImportOutcome.RUNNING)


async def test_an_operation_of_another_solution_does_not(desk: Desk) -> None:
    tell(desk, [job(importjobid=OTHER, solutionname="Another")], [operation()])
    assert await running(desk) is None


async def test_an_operation_waits_behind_the_import_of_another_solution(desk: Desk) -> None:
    waiting = operation(asyncoperationid=ROW, startedon=None, statecode=0)
    tell(desk, [job(importjobid=OTHER, solutionname="Another")], [operation(), waiting])
    assert await running(desk) == ImportState("", ImportOutcome.RUNNING)


async def test_a_synchronous_import_of_another_solution_hides_no_operation(desk: Desk) -> None:
    waiting = operation(asyncoperationid=ROW, startedon=None, statecode=0)
    tell(desk, [job(importjobid=OTHER, solutionname="Another")], [waiting])
    assert await running(desk) == ImportState("", ImportOutcome.RUNNING)


async def test_an_operation_that_this_process_started_is_known_by_its_id(desk: Desk) -> None:
    tell(desk, [], [operation(startedon=None, statecode=0)])
    desk.sales_changes._remember(JOB, OPERATION)
    assert await running(desk) == ImportState(JOB, ImportOutcome.RUNNING)
    assert await state(desk) == ImportState(JOB, ImportOutcome.RUNNING)


async def test_a_job_that_is_never_listed_ends_with_its_operation(desk: Desk) -> None:
    tell(desk, [], [operation(statecode=3, statuscode=31, message="No room.")])
    assert (await state(desk)).outcome is ImportOutcome.UNKNOWN
    desk.sales_changes._remember(JOB, OPERATION)
    ended = await state(desk)
    assert ended.outcome is ImportOutcome.FAILED
    assert "No room." in ended.why


async def test_a_job_that_was_cut_off_long_ago_does_not_run(desk: Desk) -> None:
    tell(desk, [job(startedon=_at(-90_000), modifiedon=_at(-86_400))], [])
    assert await running(desk) is None
    cut = await state(desk)
    assert cut.outcome is ImportOutcome.FAILED
    assert "cut off" in cut.why
    assert cut.hint


async def test_a_synchronous_import_runs_without_an_operation(desk: Desk) -> None:
    tell(desk, [job()], [])
    found = await running(desk)
    assert found is not None
    assert (found.job_id, found.percent) == (JOB, 40.5)
    assert (await state(desk)).outcome is ImportOutcome.RUNNING


@pytest.mark.parametrize(
    ("progress", "log", "outcome"),
    [
        (100.0, "<importexportxml />", ImportOutcome.DONE),
        (100.0, FAILED, ImportOutcome.FAILED),
        (30.0, "<importexportxml />", ImportOutcome.FAILED),
        (30.0, "", ImportOutcome.FAILED),
    ],
)
async def test_how_a_synchronous_import_ended_says_its_log(
    desk: Desk, progress: float, log: str, outcome: ImportOutcome
) -> None:
    tell(desk, [job(completedon=_at(-1), progress=progress)], [], log)
    ended = await state(desk)
    assert ended.outcome is outcome
    assert bool(ended.why) is bool(ended.hint) is (outcome is ImportOutcome.FAILED)


async def test_an_operation_that_is_not_over_counts_more_than_the_jobs_end(desk: Desk) -> None:
    tell(desk, [job(completedon=_at(-1), progress=100.0)], [operation()])
    assert (await state(desk)).outcome is ImportOutcome.RUNNING


async def test_a_failed_operation_ends_a_job_without_an_end(desk: Desk) -> None:
    over = operation(statecode=3, statuscode=31, errorcode=-2147188641, message="No room.")
    tell(desk, [job()], [over])
    ended = await state(desk)
    assert ended.outcome is ImportOutcome.FAILED
    assert "No room." in ended.why


async def test_an_operation_that_began_at_another_time_is_of_another_import(desk: Desk) -> None:
    over = operation(statecode=3, statuscode=31, startedon=_at(-600))
    tell(desk, [job()], [over])
    assert (await state(desk)).outcome is ImportOutcome.RUNNING


async def test_a_log_longer_than_the_bot_reads_leaves_the_operations_words(desk: Desk) -> None:
    over = operation(statecode=3, statuscode=31, message="No room.")
    tell(desk, [job()], [over])
    desk.sales_says("importjobs?$select=data", Reply(content=b"x" * 9_000_000))
    assert "No room." in (await state(desk)).why


@pytest.mark.parametrize("log", [BOMB, "", "no XML", "<a>", "<a/>", " " * (LONGEST_LOG + 1)])
def test_a_log_that_says_nothing_is_not_believed(log: str) -> None:
    assert explained(log) is None


def test_many_missing_things_are_cut() -> None:
    many = "".join(f'<Required displayName="T{n}" solution="S" />' for n in range(9))
    found = explained(f'<e><result result="failure">{many}{many}</result></e>')
    assert found is not None
    assert found.why.count(" of S") == MOST_NAMED
    assert "and 4 more" in found.why


def test_a_part_tells_more_than_the_whole_and_what_is_missing_most() -> None:
    whole = f"<solutionManifest>{FAILED[3:-4]}</solutionManifest>"
    part = '<entity><result result="failure" errorcode="0x1" errortext="A part." /></entity>'
    missing = (
        '<entity><result result="failure"><x><Required displayName="T" /></x></result></entity>'
    )
    for log, said in ((whole, "broken"), (whole + part, "A part"), (whole + part + missing, "T.")):
        found = explained(f"<e>{log}</e>")
        assert found is not None
        assert said in found.why


async def test_what_is_missing_is_named_from_the_operations_words_too(desk: Desk) -> None:
    required = '<Required displayName="Price List Rule" solution="Pricing (2.0)" />'
    said = f"Some are missing: <MissingDependencies>{required}</MissingDependencies>"
    tell(
        desk, [job()], [operation(statecode=3, statuscode=31, errorcode=-2147188707, message=said)]
    )
    assert "needs: Price List Rule of Pricing (2.0)." in (await state(desk)).why


def test_the_part_that_failed_is_named() -> None:
    found = explained(f'<x><entity LocalizedName="Connection">{FAILED[3:-4]}</entity></x>')
    assert found is not None
    assert found.why.startswith("Sales could not import the solution (table Connection): It is")


def test_long_words_of_the_service_are_cut() -> None:
    assert len(told("0x80048033", "word " * 1_000).why) < 500


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_log_says_it_is_explained_or_left(code: str, text: str) -> None:
    found = told(code, text)
    assert found.why
    assert found.hint.endswith(".")
    assert explained(text) is None or text


@pytest.mark.parametrize("odd", [None, "", "x", 3, True, [], "2026-13-01T00:00:00Z"])
@pytest.mark.parametrize("column", ["progress", "startedon", "completedon", "modifiedon"])
def test_an_odd_column_counts_as_empty(column: str, odd: object) -> None:
    found = ImportJob.of(job(**{column: odd}))
    assert 0 <= found.progress <= 100
    assert found.is_silent(NOW + SILENCE * 2)


async def test_rows_without_an_id_are_named(desk: Desk) -> None:
    tell(desk, [{"importjobid": "x"}], [])
    with pytest.raises(RemoteFault):
        await state(desk)
