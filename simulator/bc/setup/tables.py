"""Rows of Integration Table Mapping and Job Queue Entry as they are made and counted."""

from typing import Any

from simulator.bc.setup.defaults import (
    AVAILABILITY,
    JOBS,
    MAPPING_JOB,
    NOTES,
    ORDER_STATUS,
    ORDERS,
    QUOTES,
    STATISTICS,
    DefaultMapping,
)
from simulator.identifiers import Draw

Row = dict[str, Any]
Rows = dict[str, Row]
NO_TIME = "0001-01-01T00:00:00Z"
SYNCHRONISATION = 5340
"""Codeunit "CRM Integration Table Synch.", which a mapping of this connection names."""

ALONE = frozenset({ORDERS, QUOTES, NOTES, ORDER_STATUS, STATISTICS, AVAILABILITY})
COUNTED = frozenset({MAPPING_JOB, STATISTICS, ORDERS, QUOTES})
ACTIVE = ("Ready", "In Process")
RESTING = "On Hold with Inactivity Timeout"


def mapping_row(each: DefaultMapping) -> Row:
    """The names in small letters are columns that page 5335 does not show here."""
    return {
        "Name": each.name,
        "TableCaptionValue": each.table,
        "Direction": each.direction,
        "IntegrationTableCaptionValue": each.entity,
        "Synch_Only_Coupled_Records": each.only_coupled,
        "Synch_Modified_On_Filter": NO_TIME,
        "table_filter": each.table_filter,
        "integration_table_filter": each.entity_filter,
        "dependency_filter": each.depends_on,
        "synch_codeunit": SYNCHRONISATION,
        "temporary": False,
    }


def mapping_job(draw: Draw, each: DefaultMapping, product: str = "Dynamics 365 Sales") -> Row:
    """The blank before the name is Business Central's own."""
    row = _job(draw, MAPPING_JOB, f" {each.name} - {product} synchronization job.", each.minutes)
    return row | {
        "Status": "Ready",
        "mapping": each.name,
        "inactivity_minutes": each.inactivity,
        "max_attempts": 10,
    }


def lone_job(draw: Draw, codeunit: int) -> Row:
    job = JOBS[codeunit]
    row = _job(draw, codeunit, job.description, job.minutes)
    return row | {"Status": RESTING, "inactivity_minutes": job.minutes, "max_attempts": 2}


def _job(draw: Draw, codeunit: int, description: str, minutes: int) -> Row:
    return {
        "ID": draw.guid(),
        "Status": "On Hold",
        "Object_Type_to_Run": "Codeunit",
        "Object_ID_to_Run": codeunit,
        "Description": description,
        "Earliest_Start_Date_Time": NO_TIME,
        "Scheduled": False,
        "Recurring_Job": True,
        "No_of_Minutes_between_Runs": minutes,
        "mapping": None,
        "rerun_delay": 30,
    }


def is_of_connection(job: Row, mappings: Rows) -> bool:
    """What enabling makes Ready and disabling puts On Hold."""
    if job.get("mapping") is None:
        return job["Object_ID_to_Run"] in ALONE
    named = (each for each in mappings.values() if each["Name"] == job["mapping"])
    return any(
        each.get("synch_codeunit", SYNCHRONISATION) == SYNCHRONISATION
        and not each.get("temporary", False)
        for each in named
    )


def set_status(jobs: Rows, mappings: Rows, status: str) -> None:
    for job in jobs.values():
        if is_of_connection(job, mappings):
            job["Status"] = status


def counted(setup: Row, jobs: Rows) -> str:
    """`active of all`: nothing while disabled, mapping jobs only without the solution."""
    if not setup["Is_Enabled"]:
        return "0 of 0"
    wanted = COUNTED if setup["Is_CRM_Solution_Installed"] else {MAPPING_JOB}
    found = [job for job in jobs.values() if job["Object_ID_to_Run"] in wanted]
    active = sum(job["Status"] in ACTIVE for job in found)
    return f"{active} of {len(found)}"


def remove_jobs(jobs: Rows, *, codeunit: int, mapping: str | None = None) -> None:
    for key, job in list(jobs.items()):
        if job["Object_ID_to_Run"] == codeunit and job.get("mapping") == mapping:
            del jobs[key]


def install_lone_job(jobs: Rows, draw: Draw, codeunit: int) -> None:
    """Made anew: an existing job for the same codeunit goes first."""
    remove_jobs(jobs, codeunit=codeunit)
    jobs[JOBS[codeunit].key] = lone_job(draw, codeunit)


def install_mapping(
    mappings: Rows, jobs: Rows, draw: Draw, each: DefaultMapping, product: str
) -> None:
    """The mapping and, if it has one, its job, both made anew."""
    mappings[_key_of(mappings, each.name)] = mapping_row(each)
    remove_jobs(jobs, codeunit=MAPPING_JOB, mapping=each.name)
    if each.minutes:
        jobs[each.name] = mapping_job(draw, each, product)


def remove_mapping(mappings: Rows, jobs: Rows, name: str) -> None:
    mappings.pop(_key_of(mappings, name), None)
    remove_jobs(jobs, codeunit=MAPPING_JOB, mapping=name)


def _key_of(mappings: Rows, name: str) -> str:
    return next((key for key, row in mappings.items() if row["Name"] == name), name)
