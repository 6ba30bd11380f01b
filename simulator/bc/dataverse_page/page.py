"""Page 7200 as a web service opens, changes and shows it: a control is changed while disabled."""

from collections.abc import Callable
from typing import Any

from simulator.bc.access import Session
from simulator.bc.dataverse_page.enabling import set_enabled
from simulator.bc.dataverse_page.record import DataverseCard
from simulator.bc.errors import BusinessCentralError, callback, read_only, refuse_longer
from simulator.bc.setup.addresses import checked_address
from simulator.bc.setup.logins import set_type, set_user_name, type_for
from simulator.bc.setup.strings import checked_string, template, with_proxy

Row = dict[str, Any]
OWNERS = ("", "Person", "Team")
LONGEST = {
    "Server_Address": 250,
    "User_Name": 250,
    "Client_Id": 250,
    "Redirect_URL": 250,
    "Connection_String": 2048,
}
ON_PREMISES = ("Authentication_Type", "Connection_String")
"""The group that is hidden online."""


def opened(session: Session, name: str, company: Row) -> None:
    _opened(session, name, company).commit()


def _opened(session: Session, name: str, company: Row) -> DataverseCard:
    card = DataverseCard(session, name, company, session.profile)
    card.complete()
    setup = card.setup
    if setup["SDKVersion"] == 0:
        setup["SDKVersion"] = card.profile.latest_proxy
    if not setup["Business_Unit_Name"]:
        setup["Business_Unit_Name"] = card.default_business_unit()
    return card


def changed(session: Session, name: str, company: Row, changes: Row) -> None:
    """One transaction, control by control in the order given."""
    card = _opened(session, name, company)
    for control, value in changes.items():
        if control == "Is_Enabled":
            set_enabled(card, value)
            continue
        if card.setup["Is_Enabled"] or (control in ON_PREMISES and card.profile.online):
            raise read_only(control)
        refuse_longer(control, value, LONGEST.get(control))
        _CHANGES.get(control, _keep(control))(card, value)
    card.commit()


def shown(_: Session, __: Row, row: Row) -> Row:
    secrets = ("Password", "Client_Secret")
    return row | {name: "*" if row.get(name) else "" for name in secrets}


def _rebuild(card: DataverseCard) -> None:
    card.setup["Connection_String"] = template(card.setup, card.profile)


def _set_address(card: DataverseCard, entered: str) -> None:
    """Another address brings the default business unit back."""
    setup = card.setup
    before, setup["Server_Address"] = setup["Server_Address"], checked_address(entered, secure=True)
    if entered:
        setup["Authentication_Type"] = "Office365" if card.profile.online else type_for(entered)
    if setup["Server_Address"] != before:
        setup["Business_Unit_Name"] = card.default_business_unit()
    _rebuild(card)


def _set_user_name(card: DataverseCard, entered: str) -> None:
    set_user_name(card.setup, entered)
    _rebuild(card)


def _set_password(card: DataverseCard, entered: str) -> None:
    if entered and not card.profile.online and not card.session.environment["encryption"]:
        raise callback("a password while encryption is off")
    card.setup["Password"] = entered


def _set_proxy(card: DataverseCard, version: int) -> None:
    """Only that segment of the string changes."""
    card.setup["SDKVersion"] = version
    card.setup["Connection_String"] = with_proxy(card.setup["Connection_String"], version)


def _set_type(card: DataverseCard, name: str) -> None:
    set_type(card.setup, name)
    _rebuild(card)


def _set_string(card: DataverseCard, text: str) -> None:
    kind = card.setup["Authentication_Type"]
    card.setup["Connection_String"] = checked_string(text, kind, card.profile)


def _set_owner(card: DataverseCard, model: str) -> None:
    if model not in OWNERS:
        text = f"'{model}' is no value of Ownership Model."
        raise BusinessCentralError(400, "Application_EvaluateException", text)
    card.setup["Ownership_Model"] = model


def _keep(control: str) -> Callable[[DataverseCard, Any], None]:
    def keep(card: DataverseCard, value: Any) -> None:
        card.setup[control] = value

    return keep


_CHANGES: dict[str, Callable[[DataverseCard, Any], None]] = {
    "Server_Address": _set_address,
    "User_Name": _set_user_name,
    "Password": _set_password,
    "SDKVersion": _set_proxy,
    "Authentication_Type": _set_type,
    "Connection_String": _set_string,
    "Ownership_Model": _set_owner,
}
