"""The simulator's README tells all of it."""

from pathlib import Path

import pytest

from simulator import faults
from simulator.scenarios import SCENARIOS
from simulator.scenarios.network import NETWORK_SCENARIOS
from simulator.simulation import Simulation

README = (Path(faults.__file__).parent / "README.md").read_text()


@pytest.fixture(autouse=True)
def healthy(simulation: Simulation) -> None:
    """Whatever another test made of the world."""
    simulation.world.become("healthy")


@pytest.mark.parametrize("site", [".", "entra", "dataverse", "bc", "slack"])
def test_readme_begins_with_what_is_not_simulated(site: str) -> None:
    text = (Path(faults.__file__).parent / site / "README.md").read_text()
    first = next(line for line in text.splitlines() if line.startswith("## "))
    assert first == "## What it does not simulate"


def test_every_top_level_key_of_the_world_is_described(simulation: Simulation) -> None:
    for key in (*simulation.world.facts, "slack"):
        assert f"| `{key}` |" in README


def test_every_key_of_the_ready_file_is_described(simulation: Simulation) -> None:
    inner = [key for part in ("bc", "managed_identity") for key in simulation.ready[part]]
    for key in (*simulation.ready, *inner):
        assert f"`{key}`" in README


def test_every_fact_about_apps_and_accounts_is_described(simulation: Simulation) -> None:
    facts = simulation.world.facts
    drawn = {"tenant", "object_id", "display_name", "name"}
    for part in ("tenants", "apps", "accounts", "on_premises", "managed_identity"):
        records = facts[part].values() if part != "managed_identity" else [facts[part]]
        for key in {key for record in records for key in record} - drawn:
            assert f"`{key}`" in README, f"{part}: {key}"


def test_every_scenario_is_named() -> None:
    for scenario in SCENARIOS:
        if scenario in NETWORK_SCENARIOS:
            site, _, fault = scenario.name.partition("-")
            assert f"`{site}-`" in README
            assert f"`{fault}`" in README, scenario.name
        elif scenario.name != "healthy":
            assert f"`{scenario.name}`" in README, scenario.name


def test_every_part_of_a_fault_rule_is_described() -> None:
    for part in faults.FIELDS:
        assert f"`{part}`" in README
