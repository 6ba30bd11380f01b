"""Fifty people decide at the same moment, in one process and in several: one of them wins."""

import asyncio
import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connection.asks import Place
from connection.changes.plan import Act, Plan, PlannedStep
from connection.changes.request import Policy, Request, RequestState, StepRun
from connection.directory import Profile, Standing
from connection.people import Grant, Role
from connection.ports import Transaction
from storage.database import Database
from tests.parity.fakes import ports_on
from tests.stage import bare_environment
from tests.storage.clicking import CONNECTION, REQUEST, WORKSPACE, approver, click
from tests.storage.samples import ANNA, Stored, a_connection, a_setup

pytestmark = pytest.mark.race

PEOPLE = 50
PROCESSES = 5
PLAN = Plan(Act.DISABLE, 1, (PlannedStep("enabled", {"Enabled": "yes"}, {"Enabled": "no"}),))


async def prepare(database: Database) -> None:
    """A request of Anna's that waits, and fifty who may decide about it."""
    now = datetime.now(UTC)
    request = Request(
        id=REQUEST,
        workspace=WORKSPACE,
        number=1,
        connection_id=CONNECTION,
        name="contoso",
        plan=PLAN,
        plan_hash=PLAN.hash,
        policy=Policy(),
        roster=tuple(approver(number) for number in range(PEOPLE)),
        asked_by=ANNA,
        place=Place("C1"),
        asked_at=now,
        ends_at=now + Policy().life,
        state=RequestState.PENDING,
        steps=(StepRun("enabled"),),
    )

    def work(tx: Transaction) -> None:
        tx.create_connection(a_connection())
        tx.save_setup(CONNECTION, a_setup(), ANNA, now)
        for person in request.roster:
            tx.grant(Grant(WORKSPACE, person, Role.APPROVER), ANNA, now)
            tx.keep_profile(Profile(WORKSPACE, person.user, Standing.MEMBER, datetime.now(UTC)))
        tx.keep_request(request)

    await database.ledger.run(work)


async def check(database: Database, told: list[str]) -> None:
    """One decision, at most one apply, and an answer for everybody."""
    request = await database.ledger.read(lambda reading: reading.request(REQUEST))
    decisions = await database.ledger.read(lambda reading: reading.decisions(REQUEST))
    asks = await database.ledger.read(lambda reading: reading.open_asks())
    assert request is not None
    (decision,) = decisions
    applies = [one for one in asks if one.act == "apply"]
    if decision.verdict.value == "approve":
        assert request.state is RequestState.APPLYING
        assert [one.id for one in applies] == [f"{REQUEST}-run-1"]
    else:
        assert request.state is RequestState.REJECTED
        assert applies == []
    won = [one for one in told if "already" not in one]
    lost = [one for one in told if f"already, by <@{decision.person.user}>" in one]
    assert (len(won), len(lost)) == (1, PEOPLE - 1)


async def test_fifty_clicks_in_one_process(stored: Stored) -> None:
    with closing(Database.open(stored.url, stored.keys)) as database:
        await prepare(database)
        ports = ports_on(database)
        told = await asyncio.gather(*(click(ports, number) for number in range(PEOPLE)))
        await check(database, list(told))


async def test_fifty_clicks_in_several_processes(stored: Stored) -> None:
    with closing(Database.open(stored.url, stored.keys)) as database:
        await prepare(database)
    each = PEOPLE // PROCESSES
    clicking = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.storage.clicking", stored.url, str(stored.keys)),
            *(str(each * number), str(each * (number + 1))),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=bare_environment(),
            cwd=Path(__file__).parents[2],
        )
        for number in range(PROCESSES)
    ]
    told: list[str] = []
    for process in clicking:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    for process in clicking:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
    for process in clicking:
        said, _ = await process.communicate()
        assert process.returncode == 0
        told += json.loads(said)
    with closing(Database.open(stored.url, stored.keys)) as database:
        await check(database, told)
