"""Rows of Business Central's pages, as values; the names are those of the controls.

Every character of a control's name that is no letter or digit is `_` in OData. A row that lacks
something is an answer of another kind, and raises `Unintelligible`.
"""

from connection.errors import Unintelligible
from connection.remote import ConnectionPage, JobQueueEntry, TableMapping
from dynamics.calls import Service
from dynamics.odata import Row, plain_option, text_in

SYNCHRONISING = (5339, 5349, 5350, 5352, 5354, 5355, 5356)
"""Codeunits: mappings, orders, statistics, order status, quotes, notes, item availability."""

JOBS_FILTER = " or ".join(f"Object_ID_to_Run eq {codeunit}" for codeunit in SYNCHRONISING)
JOB_COLUMNS = "Status,Object_Type_to_Run,Object_ID_to_Run,Description"
MAPPING_COLUMNS = "Name,Direction,Synch_Only_Coupled_Records"
SETUP_COLUMNS = "Server_Address,User_Name,Is_Enabled,CRM_Version,Is_CRM_Solution_Installed"


def table_mapping(row: Row) -> TableMapping:
    """Of page 5335."""
    return TableMapping(
        _text(row, "Name"),
        plain_option(text_in(row, "Direction")),
        row.get("Synch_Only_Coupled_Records") is True,
    )


def job_queue_entry(row: Row) -> JobQueueEntry:
    """Of page 672."""
    return JobQueueEntry(
        _number(row, "Object_ID_to_Run"),
        plain_option(_text(row, "Status")),
        text_in(row, "Description"),
    )


def synchronises(row: Row) -> bool:
    """A report may have the number of a codeunit."""
    return text_in(row, "Object_Type_to_Run") in ("Codeunit", "")


def connection_page(row: Row) -> ConnectionPage:
    """Of page 5330."""
    return ConnectionPage(
        server_address=_text(row, "Server_Address"),
        user_name=text_in(row, "User_Name"),
        enabled=_switch(row, "Is_Enabled"),
        crm_version=text_in(row, "CRM_Version"),
        solution_installed=row.get("Is_CRM_Solution_Installed") is True,
    )


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise _lacking(name)
    return value


def _number(row: Row, name: str) -> int:
    value = row.get(name)
    if type(value) is not int:
        raise _lacking(name)
    return value


def _switch(row: Row, name: str) -> bool:
    value = row.get(name)
    if type(value) is not bool:
        raise _lacking(name)
    return value


def _lacking(name: str) -> Unintelligible:
    return Unintelligible(
        f"{Service.BUSINESS_CENTRAL} shows a row without {name}.",
        "Look whether the page that is published under that name is the right one.",
    )
