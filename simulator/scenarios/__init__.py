"""What can be wrong with the world: all scenarios, and how one is found by its name."""

from typing import Any

from simulator.scenarios.bc_facts import BC_FACT_SCENARIOS
from simulator.scenarios.bc_refusals import BC_SCENARIOS
from simulator.scenarios.dataverse_refusals import DATAVERSE_SCENARIOS
from simulator.scenarios.imports import IMPORT_SCENARIOS
from simulator.scenarios.network import NETWORK_SCENARIOS
from simulator.scenarios.populations import POPULATION_SCENARIOS
from simulator.scenarios.sales_facts import SALES_SCENARIOS
from simulator.scenarios.scenario import Scenario
from simulator.scenarios.sign_ins import SIGN_IN_SCENARIOS
from simulator.scenarios.world_facts import FACT_SCENARIOS

SCENARIOS: tuple[Scenario, ...] = (
    Scenario("healthy", "Everything is as it should be."),
    *SIGN_IN_SCENARIOS,
    *FACT_SCENARIOS,
    *BC_FACT_SCENARIOS,
    *POPULATION_SCENARIOS,
    *SALES_SCENARIOS,
    *DATAVERSE_SCENARIOS,
    *IMPORT_SCENARIOS,
    *BC_SCENARIOS,
    *NETWORK_SCENARIOS,
)


class UnknownScenarioError(LookupError):
    """No scenario has this name."""


def scenario_named(name: str) -> Scenario:
    wanted = name.strip().lower().replace("_", "-")
    for scenario in SCENARIOS:
        if scenario.name == wanted:
            return scenario
    known = ", ".join(scenario.name for scenario in SCENARIOS)
    raise UnknownScenarioError(f"no scenario {name!r}; there are {known}")


def patch_of(name: str) -> dict[str, Any]:
    return scenario_named(name).patch
