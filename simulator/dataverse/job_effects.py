"""What a job does to the organisation at the moment when it succeeds."""

from collections.abc import Callable
from typing import Any

from simulator.dataverse.installed import UPGRADE, Organisation, Row, installed
from simulator.dataverse.installing import install, promote, uninstall
from simulator.identifiers import Draw

Job = dict[str, Any]


def _imported(organisation: Organisation, job: Job, draw: Draw, now: str) -> Row | None:
    return install(organisation, job["package"], draw, now, holding=bool(job.get("holding")))


def _upgraded(organisation: Organisation, job: Job, draw: Draw, now: str) -> Row | None:
    """A solution that is not there yet is simply imported."""
    row = install(organisation, job["package"], draw, now, holding=True)
    return promote(organisation, job["solution"], now) if _is_staged(row) else row


def _promoted(organisation: Organisation, job: Job, _: Draw, now: str) -> Row | None:
    name = job["solution"]
    there = installed(organisation, name) and installed(organisation, name + UPGRADE)
    return promote(organisation, name, now) if there else None


def _uninstalled(organisation: Organisation, job: Job, _: Draw, __: str) -> Row | None:
    uninstall(organisation, job["solution"])
    return None


def _nothing(_: Organisation, __: Job, ___: Draw, ____: str) -> Row | None:
    return None


def _is_staged(row: Row) -> bool:
    return str(row["uniquename"]).endswith(UPGRADE)


EFFECTS: dict[str, Callable[[Organisation, Job, Draw, str], Row | None]] = {
    "Import": _imported,
    "StageAndUpgrade": _upgraded,
    "DeleteAndPromote": _promoted,
    "Uninstall": _uninstalled,
    "PublishAll": _nothing,
    "Export": _nothing,
}
"""Operation -> its effect, which gives the solution's row if it made or changed one."""
