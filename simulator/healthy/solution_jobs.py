"""How imports go in a healthy organisation, and the one import that is over since long."""

from typing import Any

from simulator.healthy.roles import SHIPPED
from simulator.identifiers import Draw

SECONDS = 3
INSTALLED = "2026-01-15T08:00:00Z"
NAME = "MicrosoftDynamicsNavIntegration"


def no_jobs() -> dict[str, Any]:
    """`imports` says how the next ones go; the rest is what jobs and packages leave behind."""
    return {
        "imports": {"seconds": SECONDS},
        "jobs": {},
        "staged": {},
        "exports": {},
        "solution_parts": {
            name: {"roles": dict.fromkeys(roles, True)} for name, roles in SHIPPED.items()
        },
    }


def past_jobs(draw: Draw) -> dict[str, dict[str, dict[str, Any]]]:
    times = {"createdon": INSTALLED, "startedon": INSTALLED, "completedon": INSTALLED}
    log = '<importexportxml start="" stop="" progress="100" processed="true" />'
    return {
        "importjobs": {
            (first := draw.guid()): {
                "importjobid": first,
                "name": NAME,
                "solutionname": NAME,
                "progress": 100.0,
                "data": log,
                **times,
                "modifiedon": INSTALLED,
            }
        },
        "asyncoperations": {
            (second := draw.guid()): {
                "asyncoperationid": second,
                "name": f"Import solution {NAME}",
                "operationtype": 203,
                "statecode": 3,
                "statuscode": 30,
                **times,
                "modifiedon": INSTALLED,
            }
        },
    }
