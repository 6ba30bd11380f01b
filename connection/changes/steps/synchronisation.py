"""What Business Central does with its synchronisation when it is enabled or disabled.

Without any integration table mapping it installs its defaults, mappings and jobs, when it is
enabled; else it sets its jobs to Ready. Disabled it puts them on hold (version 15, CRM Setup
Defaults). The bot only looks whether that is so.
"""

from collections.abc import Sequence

from connection.changes.plan import Act, Values
from connection.changes.scene import Scene
from connection.changes.step import Aim
from connection.checks.published_pages import (
    CONNECTION_SETUP,
    JOB_QUEUE_ENTRIES,
    TABLE_MAPPINGS,
)
from connection.checks.synchronisation import SETUP_TITLE
from connection.remote import JobQueueEntry

MAPPINGS = "Integration table mappings"
JOBS = "Synchronisation jobs"
NONE, THERE = "none", "there"
ON_HOLD, RUNNING = "on hold", "ready"
ACTIVE = ("Ready", "In Process")
NOTE = (
    "Business Central has no integration table mapping: when it is enabled it installs its default "
    "mappings and jobs by itself. /d365 sync shows them."
)


async def look(scene: Scene) -> Values:
    """Whether there is any."""
    name = await scene.service(TABLE_MAPPINGS)
    rows = await scene.ports.business_central.table_mappings(scene.bc, name)
    return {MAPPINGS: THERE if rows else NONE}


async def aim(_scene: Scene, current: Values) -> Aim:
    """There are some once it is enabled."""
    return Aim({MAPPINGS: THERE}, note=NOTE if current.get(MAPPINGS) == NONE else "")


def hand(scene: Scene, _wanted: Values) -> str:
    """The action on the page."""
    where = scene.page(CONNECTION_SETUP.page, SETUP_TITLE)
    return f"{where} and choose Use Default Synchronization Setup."


async def look_at_jobs(scene: Scene) -> Values:
    """Ready where one of them is."""
    active = await active_jobs(scene)
    return {JOBS: RUNNING if active else ON_HOLD}


async def active_jobs(scene: Scene) -> int:
    """How many are ready or run."""
    return sum(row.status in ACTIVE for row in await all_jobs(scene))


async def all_jobs(scene: Scene) -> Sequence[JobQueueEntry]:
    """Raises `ByHand` where page 672 is not published."""
    name = await scene.service(JOB_QUEUE_ENTRIES)
    return await scene.ports.business_central.synchronisation_jobs(scene.bc, name)


async def aim_at_jobs(scene: Scene, _current: Values) -> Aim | None:
    """Of disabling; enabled they run when they have something to do."""
    return Aim({JOBS: ON_HOLD}) if scene.act is Act.DISABLE else None


def hand_at_jobs(scene: Scene, _wanted: Values) -> str:
    """Each entry of the list."""
    where = scene.page(JOB_QUEUE_ENTRIES.page, JOB_QUEUE_ENTRIES.title)
    return f"{where} and set the entries of the synchronisation On Hold."
