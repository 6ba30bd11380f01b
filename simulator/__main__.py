"""`python -m simulator`: runs the simulation until it is told to stop."""

import asyncio
import json
import signal
from pathlib import Path

import click

from simulator.ready import write_ready_file
from simulator.scenarios import SCENARIOS, UnknownScenarioError, scenario_named
from simulator.simulation import Simulation


@click.command(epilog="Scenarios: " + ", ".join(scenario.name for scenario in SCENARIOS))
@click.option("--scenario", default="healthy", help="What is wrong with the world.")
@click.option("--ready-file", type=click.Path(path_type=Path, dir_okay=False), default=None)
@click.option("--events-url", default="", help="Where Slack's events and commands are sent.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--seed", type=int, default=None, help="Draws the same ids and secrets again.")
def main(
    scenario: str, ready_file: Path | None, events_url: str, host: str, seed: int | None
) -> None:
    """Slack, Entra ID, Dataverse and Business Central on loopback."""
    try:
        name = scenario_named(scenario).name
    except UnknownScenarioError as error:
        raise click.BadParameter(str(error), param_hint="--scenario") from error
    ca_file = ready_file.with_name(f"{ready_file.stem}-ca.pem") if ready_file else None
    simulation = Simulation(
        scenario=name, seed=seed, host=host, events_url=events_url, ca_file=ca_file
    )
    asyncio.run(_run(simulation, ready_file))


async def _run(simulation: Simulation, ready_file: Path | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with simulation:
        if ready_file:
            write_ready_file(ready_file, simulation.ready)
        click.echo(json.dumps(simulation.ready))
        await stop.wait()


if __name__ == "__main__":
    main()
