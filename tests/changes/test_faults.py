"""Every fault at every write: a clear outcome, and Resume finishes once the fault is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from connection.changes.plan import Act
from connection.changes.request import RequestState, StepState
from connection.changes.table import BY_ID, STEPS
from tests.changes.stage import Bench, failed


@dataclass(frozen=True)
class Write:
    """How the write of a step is met by a rule."""

    site: str
    method: str
    path: str
    skip: int = 0
    rule: Mapping[str, Any] = field(default_factory=dict)


_PAGE = "*CRM_Connection_Setup*"
WRITES: dict[str, Write] = {
    "solution": Write("dataverse", "POST", "*/ImportSolutionAsync"),
    "roles": Write("dataverse", "POST", "*/systemuserroles_association/$ref"),
    "marks": Write("dataverse", "PATCH", "*/systemusers(*"),
    "sales_orders": Write("dataverse", "PATCH", "*/organizations(*"),
    "setup_page": Write("bc", "PATCH", _PAGE),
    "enabled": Write("bc", "PATCH", _PAGE, skip=1),
    "connection_row": Write("dataverse", "POST", "*/nav_connections"),
    "features": Write("bc", "PATCH", _PAGE, skip=2),
}

_BUSY = {"status": 503, "json": {"error": {"code": "0x80040216", "message": "Made-up words."}}}
FAULTS: dict[str, Mapping[str, Any]] = {
    "server down": {"status": 500, "json": {"error": {"code": "X", "message": "Made-up words."}}},
    "busy": _BUSY,
    "cut": {"cut": True},
    "cut in the middle": {"cut": "body"},
    "web page": {"html": True, "status": 200},
    "garbage": {"garbage": True, "status": 200},
    "not found": {"status": 404, "json": {"error": {"code": "0x80040217", "message": "No."}}},
    "changed": {
        "status": 412,
        "json": {"error": {"code": "0x80060882", "message": "Made-up words."}},
    },
    "refused": {"status": 400, "json": {"error": {"code": "0x80040203", "message": "No."}}},
}


def test_every_step_that_writes_is_tried() -> None:
    writing = {step.id for step in STEPS if step.put and Act.ENABLE in step.acts}
    assert writing - {"availability"} == set(WRITES)


@pytest.mark.parametrize("what", FAULTS)
@pytest.mark.parametrize("step", WRITES)
async def test_a_fault_at_a_write_stops_it_clearly_and_resume_finishes(
    bench: Bench, step: str, what: str
) -> None:
    ask = await bench.approved(Act.ENABLE, "defaults")
    write = WRITES[step]
    place = {"site": write.site, "method": write.method, "path": write.path, "skip": write.skip}
    await bench.fault(**place, **FAULTS[what])
    request = await bench.apply(ask)
    if request.state is not RequestState.APPLIED:  # what was done behind a lost answer is done
        assert request.state is RequestState.STOPPED, request.said
        blamed = failed(request)
        assert blamed is not None
        assert (blamed.step, bool(blamed.said), bool(blamed.hint)) == (step, True, True)
        assert "Made-up words" not in blamed.said
        before = [one.state for one in request.steps[: _position(request.steps, step)]]
        assert set(before) <= {StepState.DONE, StepState.ALREADY}
        await bench.mend()
        request = await bench.go_on(request)
    assert request.state is RequestState.APPLIED, [one for one in request.steps if one.said]
    page = await bench.page()
    assert page["Is_Enabled"] is True
    assert page["Auto_Process_Sales_Quotes"] is True
    assert BY_ID[step].title


def _position(steps: Any, step: str) -> int:
    return next(number for number, one in enumerate(steps) if one.step == step)
