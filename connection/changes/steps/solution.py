"""The integration solution in Sales: imported where it is missing, upgraded on demand.

Version 15 imports it only where it is absent (assisted setup, ImportCRMSolution); from 16 on the
page redeploys an older one, which here is an act of its own.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

from connection.changes.plan import Act, Values
from connection.changes.remote import ImportOutcome, ImportState, SolutionPackage
from connection.changes.scene import Scene
from connection.changes.step import Aim
from connection.checks.solution import INTEGRATION_SOLUTION
from connection.errors import Changed, NotReady, RequestRefused
from connection.setup_features import ImportSolution

KEY = "Version"
NONE = "none"
PACKAGE = "Package"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
"""Seconds between two looks at an import."""
LONGEST_IMPORT = 7200.0
MOST_UNNAMED, MOST_UNLISTED = 60.0, 10.0


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
    wanted = {KEY: package.version, PACKAGE: _seal(package)}
    return Aim(wanted, note=note, again=(PACKAGE,))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


async def put(scene: Scene, changes: Mapping[str, str]) -> None:
    """Raises `RequestRefused` with what the import's log says. One that runs is adopted."""
    job = await _begun(scene, changes)
    state = ImportState(job, ImportOutcome.RUNNING)
    async for waited in _patiently():
        state = await scene.ports.sales_changes.import_state(scene.bot, job)
        if state.outcome in (ImportOutcome.DONE, ImportOutcome.FAILED):
            break
        if state.outcome is ImportOutcome.UNKNOWN and waited > MOST_UNLISTED:
            break
        await scene.tell(state.percent, job)
    if state.outcome is not ImportOutcome.DONE:
        raise _failed(state)


async def _begun(scene: Scene, changes: Mapping[str, str]) -> str:
    """The id of the import that runs, or ran: ours of before a crash, or anybody's."""
    sales = scene.ports.sales_changes
    ours = await sales.import_state(scene.bot, scene.job)
    if ours.outcome is not ImportOutcome.UNKNOWN:
        return scene.job
    running = await _named(scene)
    if running is not None:
        return running.job_id
    package = await _approved(scene, changes)
    await scene.tell(0.0, scene.job)
    with contextlib.suppress(Changed):  # the id is used: an earlier start of ours was taken
        await scene.as_whoever_may(lambda access: sales.start_import(access, package, scene.job))
    return scene.job


async def _named(scene: Scene) -> ImportState | None:
    """The import that runs, once Dataverse says which solution it is of."""
    async for waited in _patiently():
        running = await scene.ports.sales_changes.running_import(scene.bot, INTEGRATION_SOLUTION)
        if running is None or running.job_id:
            return running
        if waited > MOST_UNNAMED:
            break
    raise NotReady(
        "Sales imports something, and does not say what.",
        "Look at the solution history in the maker portal, and resume once it is over.",
    )


async def _patiently() -> AsyncIterator[float]:
    """Seconds waited so far; ever slower."""
    waited, pause = 0.0, FIRST_PAUSE
    while waited < LONGEST_IMPORT:
        yield waited
        await asyncio.sleep(pause)
        waited += pause
        pause = min(pause * 2, LONGEST_PAUSE)


async def _approved(scene: Scene, changes: Mapping[str, str]) -> SolutionPackage:
    """The very package that was shown. Raises `NotReady` where it is another one by now."""
    organisation = await scene.ports.sales.version(scene.bot)
    package = await scene.ports.packages.choose(INTEGRATION_SOLUTION, organisation)
    if package.version != changes[KEY] or _seal(package) != changes[PACKAGE]:
        raise NotReady(
            f"The package in the folder, {package.file}, is not the one that was approved.",
            "Put the approved package back and resume, or leave this and ask anew.",
        )
    return package


def _seal(package: SolutionPackage) -> str:
    return f"{package.file}, SHA-256 {package.digest[:16]}"


def _failed(state: ImportState) -> RequestRefused:
    why = state.why or "Sales does not say why."
    hint = state.hint or "Look at the solution history of the environment, then resume."
    return RequestRefused(f"The import of the solution failed: {why}", hint).quoting(why)
