"""What the platform fills in of itself when a row is created or changed."""

from typing import Any

from simulator.dataverse.errors import DataverseError
from simulator.dataverse.session import Session
from simulator.dataverse.shapes import Table
from simulator.healthy.sales import application_user

Row = dict[str, Any]


def finish_row(session: Session, table: Table, row: Row) -> Row:
    """Fills in a new row: state and reason, owner, names."""
    if table.entity_set == "systemusers":
        return finish_user(session, row)
    for name in ("statecode", "statuscode"):
        options = table.columns[name].options if name in table.columns else None
        if options:
            row.setdefault(name, next(iter(options)))
    if "_ownerid_value" in table.columns:
        row.setdefault("_ownerid_value", session.user["systemuserid"])
    if "_businessunitid_value" in table.columns:
        row.setdefault("_businessunitid_value", session.user["_businessunitid_value"])
    return finish_names(table, row, row)


def finish_names(table: Table, row: Row, changes: Row) -> Row:
    """A full name follows its parts; that of an application is its own."""
    if "fullname" in table.columns and changes.keys() & {"firstname", "lastname"}:
        names = (row.get("firstname"), row.get("lastname"))
        row["fullname"] = " ".join(name for name in names if name)
    return row


def finish_user(session: Session, row: Row) -> Row:
    """Fills in a new user; an application user is named after its service principal.

    Create an application user (pa/use-single-tenant-server-server-authentication.md). The codes of
    the refusals are inferred, save that of the duplicate.
    """
    row.setdefault("_businessunitid_value", _root_unit(session))
    row["organizationid"] = session.organisation["id"]
    client_id = row.get("applicationid")
    if client_id is None:
        return _finish_person(row)
    found = session.world.app_of(client_id, session.organisation["tenant"])
    if found is None:
        text = f"The application {client_id} was not found in the tenant."
        raise DataverseError(400, "0x80072559", text)
    _refuse_second(session, client_id, row["systemuserid"])
    return application_user(row["systemuserid"], found[1]) | row


def refuse_user_change(session: Session, row: Row, changes: Row) -> None:
    """Access mode is for administrators (error reference); a moved user loses all roles."""
    if "accessmode" in changes and not session.is_administrator:
        raise DataverseError(
            403, "0x80048d2f", "Only a system administrator can change the access mode."
        )
    if changes.get("applicationid"):
        _refuse_second(session, changes["applicationid"], row["systemuserid"])
    unit = "_businessunitid_value"
    if unit in changes and changes[unit] != row[unit]:
        key = session.key_of("systemusers", "systemuserid", row["systemuserid"])
        session.organisation["user_roles"][key] = {}


def _refuse_second(session: Session, client_id: str, own: str) -> None:
    """An application has one user."""
    for each in session.rows("systemusers").values():
        if each.get("applicationid") == client_id and each["systemuserid"] != own:
            raise DataverseError(412, "0x80040237", "Cannot insert duplicate key.")


def _finish_person(row: Row) -> Row:
    for needed in ("domainname", "internalemailaddress"):
        if not row.get(needed):
            text = f"A required field is missing: '{needed}'."
            raise DataverseError(400, "0x80040203", text)
    names = (row.get("firstname"), row.get("lastname"))
    defaults = {"isdisabled": False, "islicensed": False, "isintegrationuser": False}
    full = " ".join(name for name in names if name) or row["domainname"]
    return {**defaults, "accessmode": 0, "invitestatuscode": 0, "fullname": full, **row}


def _root_unit(session: Session) -> str | None:
    units = session.rows("businessunits").values()
    return next(
        (unit["businessunitid"] for unit in units if unit["_parentbusinessunitid_value"] is None),
        None,
    )
