"""Page 5330, Microsoft Dynamics 365 Connection Setup: what it holds, its switch, its features.

Up to version 15 the page holds where and as whom Business Central signs in to Sales. From 16 on it
takes that from page 7200, the Dataverse connection, which is set up and enabled by hand.
"""

from collections.abc import Mapping

from connection.changes.plan import Act, Values
from connection.changes.remote import SetupCard
from connection.changes.scene import Scene
from connection.changes.step import Aim
from connection.changes.steps.sales_orders import AUTOMATIC, AUTOMATIC_CONTROL
from connection.checks.published_pages import CONNECTION_SETUP, DATAVERSE_SETUP
from connection.checks.synchronisation import SETUP_TITLE
from connection.checks.web_services import FIRST_WITH_DATAVERSE_PAGE
from connection.errors import NotReady
from connection.sales_url import host_of
from connection.setup import ConnectionSetup, IntegrationAuth
from connection.setup_features import NO, YES

URL, USER, PASSWORD = "Sales URL", "User name", "Password"
NONE, STORED, HELD = "none", "what is stored there", "the one that the bot holds"
ENABLED = "Enabled"
_CONTROLS = {URL: "Server_Address", USER: "User_Name"}

FEATURES = {
    AUTOMATIC: ("auto_create_orders", AUTOMATIC_CONTROL),
    "Process sales quotes automatically": ("auto_process_quotes", "Auto_Process_Sales_Quotes"),
    "Users must map": ("users_must_map", "Is_User_Mapping_Required"),
    "Open in the Sales Hub": ("sales_hub", "Use_Newest_UI"),
}
"""What people read → the setup field, and the control of the page."""


async def look(scene: Scene) -> Values:
    """Where and as whom it signs in. The password cannot be read, nor whether there is one."""
    card = await scene.card()
    seen = {key: str(card.values.get(name) or NONE) for key, name in _CONTROLS.items()}
    return {**seen, PASSWORD: STORED, ENABLED: _yes(card, "Is_Enabled")}


async def aim(scene: Scene, current: Values) -> Aim:
    """A URL that differs in case or by its last slash alone is the same."""
    setup = scene.setup
    url = current.get(URL, NONE)
    wanted = {URL: url if _same(url, setup.sales_url) else setup.sales_url}
    if setup.integration_auth == IntegrationAuth.PASSWORD:
        user = current.get(USER, NONE)
        same = user.lower() == setup.integration_user_name.lower()
        wanted[USER] = user if same else setup.integration_user_name
    if current.get(ENABLED) == YES:
        return _while_locked(scene, current, wanted)
    hand = await _dataverse_first(scene)
    if hand:
        return Aim(wanted, by_hand=hand)
    if setup.integration_auth != IntegrationAuth.PASSWORD:
        return Aim(wanted, by_hand="an app's secret or certificate is entered on page 7200 only")
    if scene.secret("integration_password") is None:
        if url != NONE and host_of(url) != host_of(setup.sales_url):
            why = "the address changes and the bot does not hold the password for the new one"
            return Aim(wanted, by_hand=why)
        note = "The bot does not hold the password: Business Central keeps the one that it has."
        return Aim(wanted, note=note)
    return Aim({**wanted, PASSWORD: HELD}, again=(PASSWORD,))


def _while_locked(scene: Scene, current: Values, wanted: Values) -> Aim:
    """Enabled already: nobody changes these, by hand neither (editable rules of page 5330)."""
    if any(current.get(key) != value for key, value in wanted.items()):
        raise _locked(scene)
    return Aim(wanted, note="It is enabled: Business Central locks the password and keeps it.")


def _locked(scene: Scene) -> NotReady:
    return NotReady(
        "The connection is enabled, and while it is, Business Central locks where and as whom it "
        "signs in.",
        f"Disable it first with /d365 disable {scene.setup.name}, then ask anew.",
    )


def _same(one: str, other: str) -> bool:
    return one.rstrip("/").lower() == other.rstrip("/").lower()


async def _dataverse_first(scene: Scene) -> str:
    """Why it is done by hand on page 7200; '' where that page plays no part."""
    major = scene.findings.bc_major
    if major is not None and major >= FIRST_WITH_DATAVERSE_PAGE:
        return f"from version {FIRST_WITH_DATAVERSE_PAGE} on page 7200 holds it"
    return ""


async def put(scene: Scene, changes: Mapping[str, str]) -> None:
    """In one call, in the order of the page; only what differs, and the password.

    Raises `NotReady` where it was enabled in the meantime.
    """
    if (await scene.card()).values.get("Is_Enabled") is True:
        raise _locked(scene)
    values = {_CONTROLS[key]: value for key, value in changes.items() if key in _CONTROLS}
    held = scene.needed_secret("integration_password") if PASSWORD in changes else None
    await scene.change_card({name: _text(value) for name, value in values.items()}, held)


def _text(value: str) -> str:
    return "" if value == NONE else value


def hand(scene: Scene, wanted: Values) -> str:
    """What a person enters, and where."""
    said = ", ".join(f"{key} {value}" for key, value in wanted.items() if key in _CONTROLS)
    if (scene.findings.bc_major or 0) >= FIRST_WITH_DATAVERSE_PAGE:
        where = scene.page(DATAVERSE_SETUP.page, DATAVERSE_SETUP.title)
        return f"{where}, enter {said}, and enable it."
    return f"{scene.page(CONNECTION_SETUP.page, SETUP_TITLE)} and enter {said}."


async def look_at_switch(scene: Scene) -> Values:
    """Is Enabled."""
    return {ENABLED: _yes(await scene.card(), "Is_Enabled")}


async def aim_at_switch(scene: Scene, _current: Values) -> Aim:
    """On or off, as the act says."""
    if scene.act is Act.DISABLE:
        note = (
            "Business Central puts the synchronisation jobs on hold. This changes nothing in "
            "Sales; password, mappings and addresses stay."
        )
        return Aim({ENABLED: NO}, note=note)
    note = "Business Central tests the connection itself first, then starts its jobs."
    return Aim({ENABLED: YES}, note=note)


async def put_switch(scene: Scene, changes: Mapping[str, str]) -> None:
    """Business Central may refuse it, and says why."""
    await scene.change_card({"Is_Enabled": changes[ENABLED] == YES})


def hand_at_switch(scene: Scene, wanted: Values) -> str:
    """The switch on the page."""
    word = "on" if wanted.get(ENABLED) == YES else "off"
    return f"{scene.page(CONNECTION_SETUP.page, SETUP_TITLE)} and turn Enabled {word}."


async def look_at_features(scene: Scene) -> Values:
    """Those that this version's page has."""
    card = await scene.card()
    return {
        key: _yes(card, control) for key, (_, control) in FEATURES.items() if control in card.values
    }


def _yes(card: SetupCard, control: str) -> str:
    return YES if card.values.get(control) is True else NO


async def aim_at_features(scene: Scene, current: Values) -> Aim | None:
    """Business Central turns the Sales Hub on by itself, where Sales has that app."""
    wanted = _features(scene.setup)
    if current:
        wanted = {key: value for key, value in wanted.items() if key in current}
    note = ""
    if await _orders_locked(scene, wanted, current):
        del wanted[AUTOMATIC]
        note = (
            "Business Central locks its switch for automatic sales orders while sales order "
            "integration is off, so it stays on."
        )
    return Aim(wanted, note=note) if wanted else None


async def _orders_locked(scene: Scene, wanted: Values, current: Values) -> bool:
    """Whether automatic orders are to go off and sales order integration is off by then."""
    if wanted.get(AUTOMATIC) != NO or current.get(AUTOMATIC) != YES:
        return False
    setup = scene.setup
    turns_on = setup.sales_orders == YES and setup.import_solution != NO
    return not turns_on and not (await scene.organisation()).sales_orders_integrated


def _features(setup: ConnectionSetup) -> dict[str, str]:
    wanted = {key: getattr(setup, name) for key, (name, _) in FEATURES.items()}
    if setup.sales_orders != YES or setup.import_solution == NO:
        wanted[AUTOMATIC] = NO
    if wanted["Open in the Sales Hub"] == YES:
        del wanted["Open in the Sales Hub"]
    return wanted


async def put_features(scene: Scene, changes: Mapping[str, str]) -> None:
    """Only what differs."""
    await scene.change_card({FEATURES[key][1]: value == YES for key, value in changes.items()})


def hand_at_features(scene: Scene, wanted: Values) -> str:
    """Each switch, and how it is to stand."""
    said = ", ".join(f"{key}: {value}" for key, value in wanted.items())
    return f"{scene.page(CONNECTION_SETUP.page, SETUP_TITLE)} and set {said}."
