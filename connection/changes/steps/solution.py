"""The integration solution in Sales: imported where it is missing, upgraded on demand.

Version 15 imports it only where it is absent (assisted setup, ImportCRMSolution); from 16 on the
page redeploys an older one, which here is an act of its own.
"""

import asyncio
from collections.abc import Mapping

from connection.changes.plan import Act, Values
from connection.changes.remote import ImportOutcome, ImportState
from connection.changes.scene import Scene
from connection.changes.step import Aim
from connection.checks.solution import INTEGRATION_SOLUTION
from connection.errors import NotReady, RequestRefused
from connection.setup_features import ImportSolution

KEY = "Version"
NONE = "none"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
"""Seconds between two looks at an import."""


async def look(scene: Scene) -> Values:
    """The installed version."""
    found = await scene.ports.sales.solution(scene.bot, INTEGRATION_SOLUTION)
    return {KEY: found.version if found else NONE}


async def aim(scene: Scene, current: Values) -> Aim | None:
    """Raises `NotReady` where there is no package, or nothing installed that was said to be."""
    here = current[KEY]
    if scene.act is Act.SOLUTION:
        return await _newest(scene, here)
    wanted = scene.setup.import_solution
    if wanted == ImportSolution.NO:
        return None
    if here != NONE:
        return Aim({KEY: here})
    if wanted == ImportSolution.INSTALLED:
        raise NotReady(
            "Sales does not have the integration solution, though the setup says that it has.",
            f"Choose to import it with /d365 setup {scene.setup.name} features.",
        )
    return await _newest(scene, here)


async def _newest(scene: Scene, here: str) -> Aim:
    version = await scene.ports.sales.version(scene.bot)
    package = await scene.ports.packages.choose(INTEGRATION_SOLUTION, version)
    if here != NONE and _numbers(package.version) <= _numbers(here):
        return Aim({KEY: here}, note=f"The newest package that fits is {package.version}.")
    note = "Importing takes minutes and cannot be undone."
    return Aim({KEY: package.version}, note=note)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


async def put(scene: Scene, changes: Mapping[str, str]) -> None:
    """Raises `RequestRefused` with what the import's log says. One that runs is adopted."""
    job = await _begun(scene, changes[KEY])
    state = await scene.ports.sales_changes.import_state(scene.bot, job)
    pause = FIRST_PAUSE
    while state.outcome is ImportOutcome.RUNNING:
        await scene.tell(state.percent, job)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
        state = await scene.ports.sales_changes.import_state(scene.bot, job)
    if state.outcome is not ImportOutcome.DONE:
        raise _failed(state)


async def _begun(scene: Scene, version: str) -> str:
    """The id of the import that runs, or ran: ours of before a crash, or anybody's."""
    changes = scene.ports.sales_changes
    running = await changes.running_import(scene.bot, INTEGRATION_SOLUTION)
    if running is not None:
        return running.job_id
    ours = await changes.import_state(scene.bot, scene.job)
    if ours.outcome is not ImportOutcome.UNKNOWN:
        return scene.job
    organisation = await scene.ports.sales.version(scene.bot)
    package = await scene.ports.packages.choose(INTEGRATION_SOLUTION, organisation)
    if package.version != version:
        raise NotReady(
            f"The package that fits is {package.version} now, and {version} was approved.",
            "Put the approved package back, or withdraw this and ask anew.",
        )
    await scene.tell(0.0, scene.job)
    await scene.as_whoever_may(lambda access: changes.start_import(access, package, scene.job))
    return scene.job


def _failed(state: ImportState) -> RequestRefused:
    why = state.why or "Sales does not say why."
    return RequestRefused(f"The import of the solution failed: {why}", state.hint)
