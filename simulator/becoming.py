"""Makes a scenario true: the world healthy but for its facts, and its fault rules alone."""

from simulator.faults import Faults
from simulator.scenarios import scenario_named
from simulator.scenarios.scenario import Scenario
from simulator.world import World


def become(name: str, world: World, faults: Faults) -> Scenario:
    """Raises `UnknownScenarioError`, and then changes nothing."""
    scenario = scenario_named(name)
    faults.clear()
    world.become(scenario.name)
    for rule in scenario.faults:
        faults.add(rule)
    return scenario
