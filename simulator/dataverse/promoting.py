"""Publishing all, promoting a staged upgrade, uninstalling: synchronous jobs without a package.

webapi/reference/deleteandpromote and publishallxml, uninstall-delete-solution.md. Code and text of
a dependency: the error reference (CannotUninstallWithDependencies); its status is inferred.
"""

from typing import Any

from simulator.dataverse.errors import DataverseError
from simulator.dataverse.installed import UPGRADE, dependents_of, installed
from simulator.dataverse.jobs import ends, start
from simulator.dataverse.session import Session

Values = dict[str, Any]


async def publish_now(session: Session, _: Values) -> Values | None:
    session.require("prvPublishCustomization", "solution")
    await _done(session, "PublishAll", "")
    return None


async def promote_now(session: Session, values: Values) -> Values | None:
    session.require("prvImportCustomization", "solution")
    name = values["UniqueName"]
    old, new = (installed(session.organisation, name + end) for end in ("", UPGRADE))
    if old is None or new is None:
        lacking = name if old is None else name + UPGRADE
        raise DataverseError(404, "0x80040217", f"There is no solution '{lacking}'.")
    await _done(session, "DeleteAndPromote", old["uniquename"])
    return {"SolutionId": new["solutionid"]}


async def uninstall_now(session: Session, row: dict[str, Any]) -> None:
    """Privilege and etag are looked at before; here, what still needs the solution."""
    name = row["uniquename"]
    dependents = dependents_of(session.organisation, name)
    if dependents:
        raise DataverseError(
            400,
            "0x8004F01D",
            f"{name} cannot be uninstalled, for other solutions depend on it. DependencyCount: "
            f"{len(dependents)}. They are {', '.join(dependents)}.",
        )
    await _done(session, "Uninstall", name)


async def _done(session: Session, operation: str, name: str) -> None:
    """Starts the job, waits until the clock has ended it, and lets the world know of that."""
    job = start(
        session.world,
        session.organisation,
        operation=operation,
        solution=name,
        asynchronous=False,
        user=session.user["systemuserid"],
    )
    await session.world.clock.reach(ends(job))
    session.world.organisation_at(session.organisation["host"])
