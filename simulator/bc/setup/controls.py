"""The controls of page 5330: when each may be changed, and what changing it does (15.17)."""

from collections.abc import Callable
from typing import Any

from simulator.bc.errors import callback, read_only, refuse_longer
from simulator.bc.setup import features
from simulator.bc.setup.addresses import checked_address
from simulator.bc.setup.card import Card
from simulator.bc.setup.enabling import set_enabled
from simulator.bc.setup.logins import set_type, set_user_name, type_for
from simulator.bc.setup.strings import checked_string, template, with_proxy

Change = Callable[[Card, Any], None]
State = Callable[[Card], bool]
LONGEST = 250
"""Text[250]; the connection string and the password are longer."""


def _rebuild(card: Card) -> None:
    card.setup["Connection_String"] = template(card.setup, card.profile)


def _set_address(card: Card, entered: str) -> None:
    """The type is assigned raw: mapping and domain do not follow it here."""
    setup, later = card.setup, card.profile.major >= 16
    setup["Server_Address"] = checked_address(entered)
    if entered or not later:
        online = later and card.profile.online
        setup["Authentication_Type"] = "Office365" if online else type_for(entered)
    if setup["User_Name"] or later:
        _rebuild(card)


def _set_user_name(card: Card, entered: str) -> None:
    set_user_name(card.setup, entered)
    _rebuild(card)


def _set_password(card: Card, entered: str) -> None:
    """Online encryption is always on (inferred), so only a server on premises asks."""
    if entered and not card.profile.online and not card.session.environment["encryption"]:
        raise callback("a password while encryption is off")
    card.setup["Password"] = entered


def _set_type(card: Card, name: str) -> None:
    set_type(card.setup, name)
    _rebuild(card)


def _set_proxy(card: Card, version: int) -> None:
    """From version 17 on only that segment of the string changes."""
    card.setup["SDKVersion"] = version
    if card.profile.major < 17:
        _rebuild(card)
    else:
        card.setup["Connection_String"] = with_proxy(card.setup["Connection_String"], version)


def _set_string(card: Card, text: str) -> None:
    kind = card.setup["Authentication_Type"]
    card.setup["Connection_String"] = checked_string(text, kind, card.profile)


def _disabled(card: Card) -> bool:
    return not card.setup["Is_Enabled"]


def _enabled(card: Card) -> bool:
    """Three groups are visible only then."""
    return bool(card.setup["Is_Enabled"])


def _disabled_on_premises(card: Card) -> bool:
    """The group of authentication details is hidden online."""
    return _disabled(card) and not card.profile.online


def _with_solution(card: Card) -> bool:
    return _enabled(card) and bool(card.setup["Is_CRM_Solution_Installed"])


def _with_orders(card: Card) -> bool:
    return _enabled(card) and bool(card.setup["Is_S_Order_Integration_Enabled"])


def _always(_: Card) -> bool:
    return True


CONTROLS: dict[str, tuple[State, Change]] = {
    "Server_Address": (_disabled, _set_address),
    "User_Name": (_disabled, _set_user_name),
    "Password": (_disabled, _set_password),
    "SDKVersion": (_disabled, _set_proxy),
    "Is_Enabled": (_always, set_enabled),
    "Authentication_Type": (_disabled_on_premises, _set_type),
    "Connection_String": (_disabled_on_premises, _set_string),
    "NAVURL": (_with_solution, features.set_web_client),
    "ItemAvailabilityWebServEnabled": (_enabled, features.toggle_availability_service),
    "NAVODataURL": (_with_solution, features.set_odata_address),
    "NAVODataUsername": (_with_solution, features.set_odata_user),
    "Is_S_Order_Integration_Enabled": (_enabled, features.set_sales_orders),
    "Auto_Create_Sales_Orders": (_with_orders, features.set_auto_orders),
    "Auto_Process_Sales_Quotes": (_enabled, features.set_auto_quotes),
    "Is_User_Mapping_Required": (_enabled, features.set_mapping_required),
    "Use_Newest_UI": (_enabled, features.set_newest_ui),
    "Item_Availability_Enabled": (_with_solution, features.set_availability),
}
UNLIMITED = ("Password", "Connection_String")


def change(card: Card, name: str, value: Any) -> None:
    state, act = CONTROLS[name]
    if not state(card):
        raise read_only(name)
    refuse_longer(name, value, None if name in UNLIMITED else LONGEST)
    act(card, value)
