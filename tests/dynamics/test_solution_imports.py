"""A solution is imported into the simulated Sales: started, adopted, followed, explained."""

import base64
import logging
import os
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connection.changes.remote import ImportOutcome, ImportState
from connection.errors import (
    Changed,
    Forbidden,
    NotReady,
    PrivilegeMissing,
    RemoteFault,
    RequestRefused,
    ServerDown,
    Throttled,
    Unintelligible,
    Unreachable,
)
from connection.identities import Access
from dynamics.gateway import Dynamics
from tests.dynamics.changing import CHOSEN, JOB, put
from tests.dynamics.simulated import access_to, dynamics
from tests.simulator.conftest import Visitor
from tests.simulator.importing import begun, later
from tests.simulator.packing import INTEGRATION, needs, package, zipped
from tests.simulator.packing import files as package_files


@pytest.fixture
async def room(visitor: Visitor, tmp_path: Path) -> AsyncIterator[Dynamics]:
    await visitor.become("solution-missing")
    put(tmp_path)
    secret = visitor.ready["apps"]["bot"]["client_secret"]
    async with dynamics(visitor, secret, solution_dir=tmp_path) as opened:
        yield opened


@pytest.fixture
def access(visitor: Visitor) -> Access:
    return access_to(visitor, "client_secret", correlation="c1")


async def _fails(visitor: Visitor, how: str) -> None:
    await visitor.patch_sales({"imports": {"fails": how}})


async def _fault(visitor: Visitor, **rule: Any) -> None:
    answer = await visitor.control.post("/_faults", json={"site": "dataverse", **rule})
    assert answer.status_code < 300, answer.text


async def _ended(visitor: Visitor, room: Dynamics, access: Access) -> ImportState:
    await later(visitor, 60)
    return await room.sales_changes.import_state(access, JOB)


async def test_an_import_is_started_under_our_own_id_and_followed_to_its_end(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    changes = room.sales_changes
    assert await changes.import_state(access, JOB) == ImportState(JOB, ImportOutcome.UNKNOWN)
    assert await changes.running_import(access, INTEGRATION) is None
    await changes.start_import(access, CHOSEN, JOB)
    await later(visitor, 1)
    state = await changes.import_state(access, JOB)
    assert state.outcome is ImportOutcome.RUNNING
    assert 0 < state.percent < 100
    assert state.started_at is not None
    running = await changes.running_import(access, INTEGRATION)
    assert running is not None
    assert (running.job_id, running.outcome) == (JOB, ImportOutcome.RUNNING)
    done = await _ended(visitor, room, access)
    assert (done.outcome, done.percent, done.why, done.hint) == (ImportOutcome.DONE, 100.0, "", "")
    assert await changes.running_import(access, INTEGRATION) is None
    solution = await room.sales.solution(access, INTEGRATION)
    assert solution is not None
    assert (solution.version, solution.managed) == ("9.2.0.0", True)


async def test_an_import_that_somebody_else_started_is_found(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    job = await begun(visitor)
    for _moment in range(2):
        running = await room.sales_changes.running_import(access, INTEGRATION.lower())
        assert running is not None
        assert running.job_id == job["ImportJobKey"]
        await later(visitor, 1)
    state = await room.sales_changes.import_state(access, job["ImportJobKey"])
    assert state.outcome is ImportOutcome.RUNNING
    assert await room.sales_changes.running_import(access, "Another") is None


async def test_after_a_restart_the_import_is_found_again(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    await room.sales_changes.start_import(access, CHOSEN, JOB)
    await _fails(visitor, "timeout")
    secret = visitor.ready["apps"]["bot"]["client_secret"]
    async with dynamics(visitor, secret) as restarted:
        running = await restarted.sales_changes.running_import(access, INTEGRATION)
        assert running is not None
        assert running.job_id == JOB
        done = await _ended(visitor, restarted, access)
    assert done.outcome is ImportOutcome.DONE


EXPLAINED = {
    "dependencies": ("Price List Rule (example) of ExamplePricing (2.1.0.0)", "Install or update"),
    "component": ("A component of the solution failed.", "import log"),
    "privileges": ("prvCreateEntity", "prvCreateEntity"),
    "timeout": ("Sales did not finish in time", "few people"),
    "canceled": ("Somebody canceled the import", "Ask who did"),
    "newer-version": ("newer version of Dataverse", "D365BOT_SOLUTION_DIR"),
}


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("how", EXPLAINED)
async def test_each_way_to_fail_is_explained(
    visitor: Visitor, room: Dynamics, access: Access, how: str, restarted: bool
) -> None:
    await _fails(visitor, how)
    await room.sales_changes.start_import(access, CHOSEN, JOB)
    if restarted:
        room.sales_changes._operations.clear()
    state = await _ended(visitor, room, access)
    why, hint = EXPLAINED[how]
    assert state.outcome is ImportOutcome.FAILED
    assert why in state.why
    assert hint in state.hint
    assert state.percent < 100
    assert await room.sales_changes.running_import(access, INTEGRATION) is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"managed": False}, "managed in Sales, and the package is not"),
        ({"version": "0.0.0.1"}, "is lower"),
        ({"publisher": "somebody"}, "by another publisher"),
        ({"dependencies": needs("ExampleOffers (1.0.0.0)")}, "Example of ExampleOffers (1.0.0.0)"),
    ],
)
async def test_what_the_package_itself_meets_is_explained(
    visitor: Visitor,
    room: Dynamics,
    access: Access,
    tmp_path: Path,
    said: dict[str, Any],
    why: str,
) -> None:
    await begun(visitor)
    await later(visitor, 60)
    put(tmp_path, encoded=package(**said))
    chosen = {name: value for name, value in said.items() if name in ("managed", "version")}
    await room.sales_changes.start_import(access, replace(CHOSEN, **chosen), JOB)
    state = await _ended(visitor, room, access)
    assert state.outcome is ImportOutcome.FAILED
    assert why in state.why
    assert state.hint.endswith(".")


async def test_a_second_import_is_not_started_beside_another(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    await begun(visitor)
    with pytest.raises(Throttled) as caught:
        await room.sales_changes.start_import(access, CHOSEN, JOB)
    assert "busy importing" in caught.value.message
    assert "Nothing was started" in caught.value.hint


async def test_the_same_id_starts_one_import_only(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    await room.sales_changes.start_import(access, CHOSEN, JOB)
    assert (await _ended(visitor, room, access)).outcome is ImportOutcome.DONE
    with pytest.raises(Changed):
        await room.sales_changes.start_import(access, CHOSEN, JOB)


async def test_an_import_needs_the_privilege(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    await visitor.patch_sales({"user_roles": {"bot": None}})
    with pytest.raises(PrivilegeMissing):
        await room.sales_changes.start_import(access, CHOSEN, JOB)


async def test_nothing_is_imported_while_sales_is_administered(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    await visitor.patch_sales({"condition": "administration"})
    with pytest.raises(Forbidden) as caught:
        await room.sales_changes.start_import(access, CHOSEN, JOB)
    assert "administration mode" in caught.value.hint


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"customizations.xml": None}, "cannot open"),
        ({"customizations.xml": "<a"}, "cannot read"),
        ({"customizations.xml": "<Other />"}, "does not accept"),
    ],
)
async def test_a_package_that_sales_refuses_is_explained(
    room: Dynamics, access: Access, tmp_path: Path, files: dict[str, str | None], word: str
) -> None:
    whole = {**package_files(), **files}
    put(tmp_path, encoded=zipped({name: text for name, text in whole.items() if text}))
    with pytest.raises(RequestRefused) as caught:
        await room.sales_changes.start_import(access, CHOSEN, JOB)
    assert f"Sales {word} the solution package" in caught.value.message
    assert "D365BOT_SOLUTION_DIR" in caught.value.hint


async def test_after_429_the_import_is_started_once(
    visitor: Visitor, room: Dynamics, access: Access
) -> None:
    await _fault(visitor, method="POST", status=429, headers={"Retry-After": "0"}, times=1)
    await room.sales_changes.start_import(access, CHOSEN, JOB)
    assert await _starts(visitor) == [429, 200]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"cut": True}, Unreachable),
        ({"cut": "body"}, Unreachable),
        ({"status": 503, "headers": {"Retry-After": "0"}}, ServerDown),
        ({"status": 504, "headers": {"Retry-After": "0"}}, ServerDown),
        ({"html": True, "status": 200}, Unintelligible),
    ],
)
async def test_nobody_knows_what_became_of_it_so_it_is_not_started_again(
    visitor: Visitor,
    room: Dynamics,
    access: Access,
    rule: dict[str, Any],
    fault: type[RemoteFault],
) -> None:
    await _fault(visitor, method="POST", **rule)
    with pytest.raises(fault):
        await room.sales_changes.start_import(access, CHOSEN, JOB)
    assert len(await _starts(visitor)) == 1


async def _starts(visitor: Visitor) -> list[int]:
    calls = await visitor.calls(site="dataverse")
    return [one["status"] for one in calls if one["path"].endswith("ImportSolutionAsync")]


async def test_another_content_than_the_chosen_one_is_not_sent(
    visitor: Visitor, room: Dynamics, access: Access, tmp_path: Path
) -> None:
    put(tmp_path, encoded=package(version="9.9.0.0"))
    with pytest.raises(NotReady):
        await room.sales_changes.start_import(access, CHOSEN, JOB)
    assert await _starts(visitor) == []


async def test_a_large_package_goes_out_whole_and_stands_in_no_log(
    visitor: Visitor,
    room: Dynamics,
    access: Access,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    file = put(tmp_path)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("large.bin", os.urandom(10_000_000))
    room.journal.watch("c1")
    await room.sales_changes.start_import(access, CHOSEN, JOB)
    begins = base64.b64encode(file.read_bytes()[:300]).decode()
    assert begins not in caplog.text + repr(room.journal.taken("c1"))
    assert (await _ended(visitor, room, access)).outcome is ImportOutcome.DONE
