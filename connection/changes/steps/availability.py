"""Item availability: the web service ProductItemAvailability, from version 18 on a job.

Up to version 17 Business Central asks a person before it publishes the service or takes it away, so
that is done by hand; from 18 on it is a switch of page 5330.
"""

from collections.abc import Mapping

from connection.changes.plan import Act, Values
from connection.changes.scene import Scene
from connection.changes.step import Aim
from connection.checks.published_pages import CONNECTION_SETUP, ITEM_AVAILABILITY
from connection.checks.synchronisation import SETUP_TITLE
from connection.setup_features import YES, ImportSolution

KEY = "Item availability"
ON, OFF = "on", "off"
CONTROL = "Item_Availability_Enabled"


async def look(scene: Scene) -> Values:
    """The switch where the page has it, else whether the service is published."""
    services = await scene.services()
    page = services.get(CONNECTION_SETUP.page)
    if page is not None and CONTROL in page.properties:
        card = await scene.card()
        return {KEY: ON if card.values.get(CONTROL) is True else OFF}
    return {KEY: ON if ITEM_AVAILABILITY.page in services else OFF}


async def aim(scene: Scene, _current: Values) -> Aim | None:
    """Enabling turns it on where the setup wants it, and never off."""
    if scene.act is Act.AVAILABILITY:
        wanted = scene.words
    elif scene.setup.import_solution == ImportSolution.NO or scene.setup.item_availability != YES:
        return None
    else:
        wanted = ON
    by_hand = "" if await _is_a_switch(scene) else "Business Central asks before it does this"
    return Aim({KEY: wanted}, by_hand=by_hand)


async def _is_a_switch(scene: Scene) -> bool:
    page = (await scene.services()).get(CONNECTION_SETUP.page)
    return page is not None and CONTROL in page.properties


async def put(scene: Scene, changes: Mapping[str, str]) -> None:
    """From version 18 on."""
    await scene.change_card({CONTROL: changes[KEY] == ON})


def hand(scene: Scene, wanted: Values) -> str:
    """What a person presses."""
    word = "enable" if wanted.get(KEY) == ON else "disable"
    where = scene.page(CONNECTION_SETUP.page, SETUP_TITLE)
    return f"{where} and {word} Item Availability Web Service Enabled."
