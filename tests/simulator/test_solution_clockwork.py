"""Whatever is begun, asked for and waited for in whatever order, jobs stay in order."""

import asyncio
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simulator.clock import Clock
from simulator.dataverse.errors import DataverseError
from simulator.dataverse.failures import VARIANTS
from simulator.dataverse.import_rules import refusal_of
from simulator.dataverse.jobs import start
from simulator.dataverse.packages import opened, version_of
from simulator.healthy.sales import HOST
from simulator.identifiers import Draw
from simulator.world import World
from tests.simulator.packing import INTEGRATION, package

VERSIONS = ("9.0", "9.1.0.12", "9.2", "10.0", "11.0")
PACKAGES = {version: opened(package(version=version)) for version in VERSIONS}
FAILS = some.none() | some.sampled_from([*VARIANTS])


class Clockwork(RuleBasedStateMachine):
    """A world whose clock moves only when a step says so, and what was last seen of its jobs."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(Draw(3), Clock(lambda: 1_800_000_000.0))
        self.seen: dict[str, dict[str, Any]] = {}
        self.version = "0"

    @property
    def organisation(self) -> dict[str, Any]:
        found = self.world.organisation_at(HOST)
        assert found is not None
        return found

    @rule(
        version=some.sampled_from(VERSIONS),
        fails=FAILS,
        seconds=some.sampled_from([0, 1, 7, 600]),
        operation=some.sampled_from(["Import", "StageAndUpgrade"]),
    )
    def begin(self, version: str, fails: str | None, seconds: int, operation: str) -> None:
        organisation, wanted = self.organisation, PACKAGES[version]
        running = bool(organisation["jobs"])
        holding = operation == "StageAndUpgrade"
        job = {
            "operation": operation,
            "solution": INTEGRATION,
            "package": wanted,
            "seconds": seconds,
            "fails": fails,
            "failure": refusal_of(organisation, wanted, holding=holding),
        }
        if running:
            with pytest.raises(DataverseError, match=r"another \[.*\] running"):
                start(self.world, organisation, **job)
        else:
            start(self.world, organisation, **job)

    @rule(seconds=some.sampled_from([0, 0.25, 1, 5, 100, 1000]))
    def advance(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @rule()
    def show(self) -> None:
        assert self.world.shown() == self.world.shown()

    @rule()
    def patch(self) -> None:
        self.world.patch({"sales": {"adventure": {"name": "Adventure Example"}}})

    @invariant()
    def progress_only_grows_and_what_is_over_stays_as_it_is(self) -> None:
        rows = self.organisation["tables"]["importjobs"]
        assert self.seen.keys() <= rows.keys()
        for key, before in self.seen.items():
            assert rows[key]["progress"] >= before["progress"]
            if before["completedon"] is not None:
                assert rows[key] == before
        self.seen = {key: dict(row) for key, row in rows.items()}

    @invariant()
    def completed_is_said_with_state_three_alone(self) -> None:
        tables = self.organisation["tables"]
        for row in tables["asyncoperations"].values():
            assert (row["completedon"] is not None) == (row["statecode"] == 3)
            assert row["statuscode"] in {0: (0,), 2: (20,), 3: (30, 31, 32)}[row["statecode"]]
        over = [row for row in tables["importjobs"].values() if row["completedon"] is not None]
        assert all(0 <= row["progress"] <= 100 for row in tables["importjobs"].values())
        assert all(row["startedon"] <= row["completedon"] for row in over)

    @invariant()
    def one_runs_at_most(self) -> None:
        tables = self.organisation["tables"]
        open_ones = [row for row in tables["importjobs"].values() if row["completedon"] is None]
        assert len(open_ones) == len(self.organisation["jobs"]) <= 1

    @invariant()
    def version_is_never_lower(self) -> None:
        version = self.organisation["tables"]["solutions"][INTEGRATION]["version"]
        assert version_of(version) >= version_of(self.version)
        self.version = version


Clockwork.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, derandomize=True
)


TestClockwork = Clockwork.TestCase


async def test_whoever_waits_is_answered_by_time_itself_too() -> None:
    clock = Clock()
    async with asyncio.timeout(1):
        await clock.reach(clock() + 0.01)
