"""Sales order integration: `issopintegrationenabled` of the organisation.

On Business Central's page turning it on asks a question that a web service cannot answer, so it is
written to Sales, as the guide of version 15 does; Business Central takes the value over the next
time that it looks. Its rules stay: it needs the solution, and it is not turned off while an order
is submitted (version 15, SetCRMSOPEnabled and SetCRMSOPDisabled).
"""

from collections.abc import Mapping

from connection.changes.plan import Act, Values
from connection.changes.scene import Scene
from connection.changes.step import Aim
from connection.checks.solution import INTEGRATION_SOLUTION
from connection.errors import NotReady
from connection.setup import values_of
from connection.setup_features import YES

KEY = "Sales order integration"
ON, OFF = "on", "off"


async def look(scene: Scene) -> Values:
    """As the organisation has it."""
    row = await scene.organisation()
    return {KEY: ON if row.sales_orders_integrated else OFF}


async def aim(scene: Scene, _current: Values) -> Aim | None:
    """Enabling turns it on where the setup wants it, and never off."""
    if scene.act is Act.SALES_ORDERS:
        return Aim({KEY: scene.words})
    counts = values_of(scene.setup)["import_solution"] != "no"
    return Aim({KEY: ON}) if counts and scene.setup.sales_orders == YES else None


async def put(scene: Scene, changes: Mapping[str, str]) -> None:
    """Raises `NotReady` where Business Central would refuse it."""
    on = changes[KEY] == ON
    ports = scene.ports
    if on and await ports.sales.solution(scene.bot, INTEGRATION_SOLUTION) is None:
        raise NotReady(
            "Sales order integration needs the integration solution, which Sales does not have.",
            f"Import it with /d365 solution {scene.setup.name}.",
        )
    if not on and await scene.as_whoever_may(ports.sales_changes.has_submitted_orders):
        raise NotReady(
            "Sales order integration cannot be turned off while an order in Sales has the status "
            "Submitted.",
            "Fulfil or cancel the submitted orders in Sales first.",
        )
    row = await scene.organisation()
    await scene.as_whoever_may(
        lambda access: ports.sales_changes.set_sales_orders(access, row.id, on)
    )
