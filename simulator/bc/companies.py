"""The standard API's companies (bc/api-reference/v2.0/resources/dynamics_company.md)."""

import re
from collections.abc import Mapping
from typing import Any

from simulator.bc.access import Session
from simulator.bc.errors import BusinessCentralError, no_resource
from simulator.bc.queries import chosen, selected

Row = dict[str, Any]
ONE = re.compile(r"companies\((?P<id>[0-9a-fA-F-]{36})\)")


def answer(session: Session, rest: str, query: Mapping[str, str]) -> Row:
    context = {"@odata.context": f"{session.base}/api/v2.0/$metadata#companies"}
    rows = [_row(session, name, each) for name, each in session.environment["companies"].items()]
    if rest == "companies":
        return context | chosen(rows, query)
    matched = ONE.fullmatch(rest)
    if matched is None:
        raise no_resource(rest)
    for row in rows:
        if row["id"].lower() == matched["id"].lower():
            return context | selected(row, query)
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
        "systemCreatedAt": "2026-01-15T08:00:00Z",
        "systemCreatedBy": "00000000-0000-0000-0000-000000000001",
        "systemModifiedAt": "2026-01-15T08:00:00Z",
        "systemModifiedBy": "00000000-0000-0000-0000-000000000001",
    }
