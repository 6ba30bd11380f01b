"""What synchronises, beside Business Central's defaults."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.remote import JobQueueEntry, TableMapping
from connection.sync.comparing import Comparison, Row, compare
from connection.sync.defaults import DEFAULTS, Default, defaults_of


def a_mapping(of: Default) -> TableMapping:
    return TableMapping(of.name, of.direction, of.coupled)


def a_job(name: str, status: str = "Ready") -> JobQueueEntry:
    return JobQueueEntry(5339, status, f" {name} - Dynamics 365 Sales synchronization job.")


def by_default(version: int) -> tuple[list[TableMapping], list[JobQueueEntry]]:
    defaults = defaults_of(version)
    return [a_mapping(one) for one in defaults], [a_job(one.name) for one in defaults if one.job]


def row_of(found: Comparison, name: str) -> Row:
    (row,) = [row for row in found.rows if row.name == name]
    return row


@pytest.mark.parametrize(("version", "mappings"), [(15, 16), (16, 17), (25, 17), (26, 19)])
def test_the_defaults_are_as_the_defaults(version: int, mappings: int) -> None:
    found = compare(version, *by_default(version))
    assert found.deviating == 0
    assert len(found.rows) == mappings
    assert {row.jobs for row in found.rows} == {("Ready",), ()}


def test_without_any_mapping_all_but_the_orders_are_missing() -> None:
    found = compare(15, [], [])
    assert {row.differs for row in found.rows} == {("missing",)}
    assert "SALESORDER-ORDER" not in {row.name for row in found.rows}


def test_each_difference_is_told_by_its_name() -> None:
    mappings, jobs = by_default(15)
    held = {one.name: one for one in mappings}
    held["CUSTOMER"] = TableMapping("CUSTOMER", "To Integration Table", only_coupled=False)
    jobs = [job for job in jobs if "CUSTOMER" not in job.description]
    found = compare(15, list(held.values()), jobs)
    assert row_of(found, "CUSTOMER").differs == ("direction", "coupled", "job")
    assert found.deviating == 1


def test_a_mapping_of_ones_own_is_no_deviation() -> None:
    mappings, jobs = by_default(15)
    own = TableMapping("Customer - Mine", "Bidirectional", only_coupled=False)
    found = compare(15, [*mappings, own], [*jobs, a_job("CUSTOMER - MINE", "Error")])
    assert found.deviating == 0
    row = row_of(found, "CUSTOMER - MINE")
    assert row.default is None
    assert row.jobs == ("Error",)
    assert row_of(found, "CUSTOMER").jobs == ("Ready",)


def test_jobs_that_name_no_mapping_are_not_guessed_at() -> None:
    mappings, jobs = by_default(15)
    foreign = JobQueueEntry(5339, "On Hold", "KUNDE - Dynamics 365 Sales-Synchronisierung")
    found = compare(15, mappings, [*jobs, foreign])
    assert found.unnamed == ("On Hold",)
    assert found.deviating == 0
    assert {row.jobs for row in found.rows} == {None}


def test_other_jobs_are_told_by_their_codeunit() -> None:
    found = compare(15, [], [JobQueueEntry(5350, "Ready", "x"), JobQueueEntry(9999, "Ready", "y")])
    assert {codeunit: states for codeunit, states in found.others.items() if states} == {
        5350: ("Ready",)
    }


NAMES = st.sampled_from([one.name for one in DEFAULTS]) | st.text("AB -", max_size=4)
STATES = st.sampled_from(["Ready", "Error", "On Hold", ""])


@given(
    st.sampled_from([15, 16, 26]),
    st.lists(st.builds(TableMapping, NAMES, st.text(max_size=3), st.booleans()), max_size=8),
    st.lists(st.builds(a_job, NAMES, STATES), max_size=8),
)
def test_every_mapping_and_every_job_is_told_once(
    version: int, mappings: Sequence[TableMapping], jobs: Sequence[JobQueueEntry]
) -> None:
    found = compare(version, mappings, jobs)
    names = [row.name for row in found.rows]
    assert len(names) == len(set(names))
    assert {mapping.name.upper() for mapping in mappings} <= set(names)
    told = [state for row in found.rows for state in row.jobs or ()]
    if not found.unnamed:
        assert sorted(told) == sorted(job.status for job in jobs)
    assert 0 <= found.deviating <= len(found.rows)
