"""Makes a scenario true: the world healthy but for its facts, and its fault rules alone."""

from simulator.faults import Faults
from simulator.scenarios import scenario_named
from simulator.scenarios.scenario import Scenario
from simulator.world import World


def become(name: str, world: World, faults: Faults, *, go_on: bool = False) -> Scenario:
    """With `go_on` the world stays as it is but for what the scenario changes.

    Raises `UnknownScenarioError`, and then changes nothing.
    """
    scenario = scenario_named(name)
    faults.clear()
    if go_on:
        world.break_on(scenario.name)
    else:
        world.become(scenario.name)
    for rule in scenario.faults:
        faults.add(rule)
    return scenario
