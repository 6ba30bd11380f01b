"""The settings that stand on an enabled connection: orders, quotes, web client, availability."""

from simulator.bc.errors import callback, dialog
from simulator.bc.setup.card import Card
from simulator.bc.setup.defaults import AVAILABILITY, ORDERS, QUOTES
from simulator.bc.setup.newest_ui import sales_hub
from simulator.bc.setup.refreshing import refresh
from simulator.bc.setup.sales import Sales, UnreachableError, connected
from simulator.bc.setup.tables import install_lone_job, remove_jobs
from simulator.bc.setup.user_mapping import recompute, register
from simulator.bc.setup.web_addresses import is_available

SUBMITTED = 1
"""statecode of a salesorder."""


def set_sales_orders(card: Card, wanted: bool) -> None:
    """On asks for a confirmation. Off is refused while an order is submitted."""
    if wanted == card.setup["Is_S_Order_Integration_Enabled"]:
        return
    if wanted:
        raise callback("turning on sales order integration")
    sales = _reached(card)
    if any(row.get("statecode") == SUBMITTED for row in sales.rows("salesorders").values()):
        raise dialog("Sales order integration stays on: a sales order has the Submitted status.")
    sales.require("prvWriteOrganization")
    row = sales.first("organizations")
    if row is not None:
        sales.change(row, issopintegrationenabled=False)
    set_auto_orders(card, wanted=False)
    card.setup["Is_S_Order_Integration_Enabled"] = False
    refresh(card)


def set_auto_orders(card: Card, wanted: bool) -> None:
    card.setup["Auto_Create_Sales_Orders"] = wanted
    _follow(card, ORDERS, wanted)


def set_auto_quotes(card: Card, wanted: bool) -> None:
    card.setup["Auto_Process_Sales_Quotes"] = wanted
    _follow(card, QUOTES, wanted)


def set_availability(card: Card, wanted: bool) -> None:
    """From version 18 on: a job, and no web service."""
    card.setup["Item_Availability_Enabled"] = wanted
    _follow(card, AVAILABILITY, wanted)


def _follow(card: Card, codeunit: int, wanted: bool) -> None:
    if wanted:
        install_lone_job(card.jobs, card.session.world.draw, codeunit)
    else:
        remove_jobs(card.jobs, codeunit=codeunit)


def toggle_availability_service(card: Card, wanted: bool) -> None:
    """Version 15 asks, whether the service is to be published or to go."""
    if wanted != is_available(card.session.environment):
        raise callback("the item availability web service")


def set_mapping_required(card: Card, wanted: bool) -> None:
    card.setup["Is_User_Mapping_Required"] = wanted
    if card.setup["Is_Enabled"]:
        register(card)
    recompute(card)


def set_newest_ui(card: Card, wanted: bool) -> None:
    card.setup["Use_Newest_UI"] = wanted
    card.setup["newest_ui_app_module_id"] = sales_hub(_reached(card)) if wanted else ""


def set_web_client(card: Card, address: str) -> None:
    card.setup["NAVURL"] = address
    _reached(card).change_connection(nav_dynamicsnavurl=address)


def set_odata_address(card: Card, address: str) -> None:
    """Address, user name and key are written together."""
    card.setup["NAVODataURL"] = address
    _write_odata(card)


def set_odata_user(card: Card, name: str) -> None:
    """A name that no user has, exactly, blanks name and key here and writes nothing to Sales."""
    users = card.session.environment["users"].values()
    user = next((each for each in users if each["User_Name"] == name), None)
    if user is None:
        card.setup.update({"NAVODataUsername": "", "NAVODataAccesskey": ""})
        return
    card.setup.update({"NAVODataUsername": name, "NAVODataAccesskey": user.get("access_key") or ""})
    _write_odata(card)


def _write_odata(card: Card) -> None:
    names = ("NAVODataURL", "NAVODataUsername", "NAVODataAccesskey")
    set_odata(card, *(card.setup[name] for name in names))


def set_odata(card: Card, address: str, name: str, key: str) -> None:
    _reached(card).change_connection(
        nav_dynamicsnavodataurl=address,
        nav_dynamicsnavodatausername=name,
        nav_dynamicsnavodataaccesskey=key,
    )


def _reached(card: Card) -> Sales:
    try:
        return connected(card)
    except UnreachableError as error:
        raise dialog(f"Dynamics 365 Sales cannot be reached. {error}") from error
