"""Sales order integration: `issopintegrationenabled` of the organisation.

On Business Central's page turning it on asks a question that a web service cannot answer, so it is
written to Sales, as the guide of version 15 does; Business Central takes the value over the next
time that it looks. Its rules stay: it needs the solution, it is not turned off while an order is
submitted, and automatic sales orders go off along with it (version 15, SetCRMSOPEnabled and
SetCRMSOPDisabled). They go first, since the page locks their switch afterwards.
"""

from collections.abc import Mapping

from connection.changes.plan import Act, Values
from connection.changes.scene import Scene
from connection.changes.step import Aim
from connection.checks.published_pages import CONNECTION_SETUP
from connection.checks.solution import INTEGRATION_SOLUTION
from connection.checks.synchronisation import SETUP_TITLE
from connection.errors import NotReady
from connection.setup import values_of
from connection.setup_features import NO, YES

KEY = "Sales order integration"
ON, OFF = "on", "off"
AUTOMATIC, AUTOMATIC_CONTROL = "Create sales orders automatically", "Auto_Create_Sales_Orders"
LOCKED = "Locked"


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


async def look_at_automatic(scene: Scene) -> Values:
    """On page 5330, which is not read to turn the integration on."""
    if scene.act is Act.SALES_ORDERS and scene.words != OFF:
        return {}
    values = (await scene.card()).values
    changeable = values.get("Is_Enabled") and values.get("Is_S_Order_Integration_Enabled")
    return {
        AUTOMATIC: YES if values.get(AUTOMATIC_CONTROL) is True else NO,
        LOCKED: NO if changeable else YES,
    }


async def aim_at_automatic(scene: Scene, current: Values) -> Aim | None:
    """Of turning the integration off, where the page creates orders or cannot be read."""
    if scene.words != OFF or current.get(AUTOMATIC) == NO or current.get(LOCKED) == YES:
        return None
    return Aim({AUTOMATIC: NO}, note="Business Central deletes their job.")


async def put_automatic(scene: Scene, changes: Mapping[str, str]) -> None:
    """While sales order integration is on."""
    await scene.change_card({AUTOMATIC_CONTROL: changes[AUTOMATIC] == YES})


def hand_at_automatic(scene: Scene, wanted: Values) -> str:
    """The switch on the page."""
    word = "on" if wanted.get(AUTOMATIC) == YES else "off"
    where = scene.page(CONNECTION_SETUP.page, SETUP_TITLE)
    return f"{where} and turn Automatically Create Sales Orders {word}."
