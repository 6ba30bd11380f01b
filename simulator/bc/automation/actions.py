"""The bound actions of the automation API: one row each."""

from collections.abc import Callable
from typing import Any

from simulator.bc.access import Session
from simulator.bc.automation.entities import Entity
from simulator.bc.errors import BusinessCentralError, dialog, no_resource

Row = dict[str, Any]
NO_TIME = "0001-01-01T00:00:00Z"


def act(session: Session, entity: Entity, place: str | None, name: str, body: Row) -> None:
    """`place` is the row's key in the facts; none for an action of the whole set."""
    action = ACTIONS.get((entity.name, name))
    if action is None or (place is None) is not (entity.name == "users"):
        raise no_resource(f"Microsoft.NAV.{name}")
    facts = {} if place is None else session.environment[entity.held_in][place]
    action(session, facts, body)


def _activate(_: Session, feature: Row, body: Row) -> None:
    if set(body) - {"updateInBackground", "startDateTime"}:
        raise BusinessCentralError(400, "BadRequest", "The action has no such parameter.")
    feature["enabled"] = "All Users"


def _deactivate(_: Session, feature: Row, __: Row) -> None:
    """A feature that is one-way stays once it is on."""
    if feature["isOneWay"] and feature["enabled"] != "None":
        raise dialog("The feature cannot be turned off again.")
    feature["enabled"] = "None"


def _install(_: Session, extension: Row, __: Row) -> None:
    if extension["isInstalled"]:
        raise dialog("The extension is installed already.")
    extension["isInstalled"] = True


def _uninstall(_: Session, extension: Row, __: Row) -> None:
    if not extension["isInstalled"]:
        raise dialog("The extension is not installed.")
    extension["isInstalled"] = False


def _unpublish(session: Session, extension: Row, _: Row) -> None:
    if extension["isInstalled"]:
        raise dialog("The extension must be uninstalled before it is unpublished.")
    extensions = session.environment["extensions"]
    for key, each in list(extensions.items()):
        if each is extension:
            del extensions[key]


def _new_users(session: Session, _: Row, __: Row) -> None:
    """Accounts of the tenant become users; delegated only, an app is refused (its status is
    inferred)."""
    if session.user is None:
        text = "Users are taken over from Microsoft 365 by a person only, not by an app."
        raise BusinessCentralError(403, "Authorization", text)
    users = session.environment["users"]
    known = {user.get("Authentication_Email", "").lower() for user in users.values()}
    for upn, account in session.world.facts["accounts"].items():
        if account["tenant"] == session.tenant and upn.lower() not in known:
            name = upn.partition("@")[0].upper()
            users[name] = {
                "User_Security_ID": session.world.draw.guid(),
                "User_Name": name,
                "Full_Name": account["display_name"],
                "State": "Enabled",
                "Windows_User_Name": "",
                "License_Type": "Full User",
                "Authentication_Email": upn,
                "access_key": "",
                "contact_email": "",
                "expiry_date": NO_TIME,
                "permissions": {},
            }


ACTIONS: dict[tuple[str, str], Callable[[Session, Row, Row], None]] = {
    ("features", "activate"): _activate,
    ("features", "deactivate"): _deactivate,
    ("extensions", "install"): _install,
    ("extensions", "uninstall"): _uninstall,
    ("extensions", "unpublish"): _unpublish,
    ("users", "getNewUsersFromOffice365"): _new_users,
    ("users", "getNewUsersFromOffice365Async"): _new_users,
}
