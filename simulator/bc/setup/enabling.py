"""Is Enabled of page 5330: what happens, in Business Central's order (15.17, field 60)."""

from simulator.bc.errors import dialog
from simulator.bc.setup.card import Card
from simulator.bc.setup.defaults import (
    AVAILABILITY,
    NOTES,
    ORDER_MAPPING,
    ORDER_STATUS,
    ORDERS,
    ORDERS_MAPPING,
    QUOTES,
    STATISTICS,
    mappings_of,
)
from simulator.bc.setup.newest_ui import find_newest_ui
from simulator.bc.setup.refreshing import CLEARED, refresh
from simulator.bc.setup.requirements import refuse_integration_user, tested
from simulator.bc.setup.sales import Sales, UnreachableError, connected
from simulator.bc.setup.strings import template
from simulator.bc.setup.tables import (
    install_lone_job,
    install_mapping,
    remove_jobs,
    remove_mapping,
    set_status,
)
from simulator.bc.setup.user_mapping import recompute, register
from simulator.bc.setup.web_addresses import reset_connection_row

PRODUCT = "Dynamics 365 Sales"
LOADED = (
    "Server_Address",
    "User_Name",
    "Password",
    "Authentication_Type",
    "Domain",
    "SDKVersion",
    "Connection_String",
)
"""What page 5330 takes over from page 7200."""


def set_enabled(card: Card, wanted: bool) -> None:
    """With the value it has already, only what follows the switch itself happens."""
    changes = wanted != card.setup["Is_Enabled"]
    if not wanted:
        if changes:
            _disable(card)
        return
    if changes:
        _enable(card)
    recompute(card)
    refresh(card)
    sales = _reached(card)
    refuse_integration_user(card, sales)
    _follow_sales_orders(card, sales)
    find_newest_ui(card, sales)


def _enable(card: Card) -> None:
    """Installing the defaults saves what was changed so far, whatever fails later."""
    if card.profile.has_dataverse_page:
        load_from_dataverse(card)
    card.setup["Is_Enabled"] = True
    sales = tested(card)
    register(card)
    refuse_currency(card, sales)
    if not card.mappings or card.profile.has_dataverse_page:
        card.setup["disable_reason"] = ""
        card.commit()
        install_defaults(card, sales)
    else:
        set_status(card.jobs, card.mappings, "Ready")
    card.setup["disable_reason"] = ""


def _disable(card: Card) -> None:
    """Sales, the password, the mappings, the addresses and the automatic jobs' switches stay.

    The newest versions take their row of nav_connection away, if Sales can be reached.
    """
    if card.profile.major >= 26:
        _remove_connection_row(card)
    card.setup.update(CLEARED)
    card.setup["Is_Enabled"] = False
    set_status(card.jobs, card.mappings, "On Hold")
    recompute(card)


def _remove_connection_row(card: Card) -> None:
    try:
        sales = connected(card)
    except UnreachableError:
        return
    key = sales.connection_key()
    if key is not None:
        del sales.rows("nav_connections")[key]


def load_from_dataverse(card: Card) -> None:
    """From version 16 on the connection is that of page 7200, which must be enabled.

    Its string comes with what was changed by hand; only a blank one is made of the template.
    """
    source = card.dataverse
    if not source.get("Is_Enabled"):
        raise dialog("You must enable the connection to Dataverse before this one.")
    card.setup.update({name: source.get(name, card.setup[name]) for name in LOADED})
    if not card.setup["Connection_String"]:
        card.setup["Connection_String"] = template(card.setup, card.profile)


def install_defaults(card: Card, sales: Sales) -> None:
    """Reset configuration: mappings with other names stay."""
    draw, major = card.session.world.draw, card.profile.major
    for each in mappings_of(major, of_dataverse=False):
        install_mapping(card.mappings, card.jobs, draw, each, PRODUCT)
    _follow_sales_orders(card, sales)
    install_lone_job(card.jobs, draw, STATISTICS)
    for codeunit, control, since in (
        (ORDERS, "Auto_Create_Sales_Orders", 0),
        (QUOTES, "Auto_Process_Sales_Quotes", 0),
        (AVAILABILITY, "Item_Availability_Enabled", 18),
    ):
        if card.setup[control] and major >= since:
            install_lone_job(card.jobs, draw, codeunit)
    if sales.has_solution:
        reset_connection_row(card, sales)
    card.setup["default_price_list_id"] = None


def _follow_sales_orders(card: Card, sales: Sales) -> None:
    """The mapping of orders and its jobs exist while sales order integration is on."""
    draw = card.session.world.draw
    if not card.setup["Is_S_Order_Integration_Enabled"]:
        remove_mapping(card.mappings, card.jobs, ORDER_MAPPING)
        for codeunit in (ORDER_STATUS, NOTES):
            remove_jobs(card.jobs, codeunit=codeunit)
        return
    install_mapping(card.mappings, card.jobs, draw, ORDERS_MAPPING, PRODUCT)
    for codeunit in (ORDER_STATUS, NOTES):
        install_lone_job(card.jobs, draw, codeunit)
    for row in sales.rows("msdyn_postconfigs").values():
        if row.get("msdyn_entityname") == "salesorder":
            sales.change(row, statecode=0, statuscode=1, msdyn_configurewall=True)


def refuse_currency(card: Card, sales: Sales) -> None:
    """The local currency is Sales' base currency, with case; in the newest versions any of its
    currencies will do."""
    currencies = sales.rows("transactioncurrencies").values()
    base = (sales.first("organizations") or {}).get("_basecurrencyid_value")
    newest = card.profile.major >= 26
    codes = [
        row.get("isocurrencycode") or ""
        for row in currencies
        if newest or row.get("transactioncurrencyid") == base
    ]
    local = _local_currency(card)
    if local not in codes:
        text = f"LCY Code {local} is not the base currency of Sales ({', '.join(codes)})."
        raise dialog(text)


def _local_currency(card: Card) -> str:
    """Blanks around it do not count."""
    for ledger in card.pages.get("general_ledger_setup", {}).values():
        return str(ledger.get("LCY_Code", "")).strip()
    raise dialog("The General Ledger Setup does not exist.")


def _reached(card: Card) -> Sales:
    try:
        return connected(card)
    except UnreachableError as error:
        raise dialog(f"Dynamics 365 Sales cannot be reached. {error}") from error
