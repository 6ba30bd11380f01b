"""The companies of the standard and the automation API (resources/dynamics_company.md)."""

import re
from typing import Any

from simulator.bc.access import Session
from simulator.bc.errors import BusinessCentralError, no_resource
from simulator.bc.queries import Query, chosen, one
from simulator.odata.kinds import Kind

Row = dict[str, Any]
ONE = re.compile(r"companies\((?P<id>[0-9a-fA-F-]{36})\)")
CREATED = "2026-01-15T08:00:00Z"
NOBODY = "00000000-0000-0000-0000-000000000001"
COLUMNS = {
    "id": Kind.GUID,
    "systemVersion": Kind.STRING,
    "timestamp": Kind.LONG,
    "name": Kind.STRING,
    "displayName": Kind.STRING,
    "businessProfileId": Kind.STRING,
    "systemCreatedAt": Kind.TIME,
    "systemCreatedBy": Kind.GUID,
    "systemModifiedAt": Kind.TIME,
    "systemModifiedBy": Kind.GUID,
}


def answer(session: Session, root: str, rest: str, query: Query) -> Row:
    context = {"@odata.context": f"{session.base}/{root}/$metadata#companies"}
    if rest == "companies":
        companies = list(session.environment["companies"].items())
        return context | chosen(companies, query, COLUMNS, lambda each: _row(session, *each))
    return context | one(_row(session, *company_at(session, rest)), query.options, COLUMNS)


def company_at(session: Session, segment: str) -> tuple[str, Row]:
    """`companies(<id>)`."""
    matched = ONE.fullmatch(segment)
    if matched is None:
        raise no_resource(segment)
    for name, company in session.environment["companies"].items():
        if company["id"].lower() == matched["id"].lower():
            return name, company
    raise BusinessCentralError(
        404, "Internal_CompanyNotFound", f"The company {matched['id']} does not exist."
    )


def _row(session: Session, name: str, company: Row) -> Row:
    return {
        "id": company["id"],
        "systemVersion": session.environment["version"],
        "timestamp": 1,
        "name": name,
        "displayName": company["display_name"],
        "businessProfileId": company["business_profile_id"],
        "systemCreatedAt": CREATED,
        "systemCreatedBy": NOBODY,
        "systemModifiedAt": CREATED,
        "systemModifiedBy": NOBODY,
    }
