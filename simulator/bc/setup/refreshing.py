"""What the page copies from Sales while the connection is enabled (RefreshDataFromCRM, 15.17)."""

from typing import Any

from simulator.bc.setup.card import Card
from simulator.bc.setup.sales import Sales, UnreachableError, connected

Row = dict[str, Any]
# Control of the page -> column of nav_connection.
CONNECTION_COLUMNS = {
    "NAVURL": "nav_dynamicsnavurl",
    "NAVODataURL": "nav_dynamicsnavodataurl",
    "NAVODataUsername": "nav_dynamicsnavodatausername",
    "NAVODataAccesskey": "nav_dynamicsnavodataaccesskey",
}
CLEARED: Row = {
    "CRM_Version": "",
    "Is_S_Order_Integration_Enabled": False,
    "Is_CRM_Solution_Installed": False,
    "currency_decimal_precision": 0,
    "base_currency_id": None,
    "base_currency_precision": 0,
    "base_currency_symbol": "",
}
"""What disabling clears."""


def refresh(card: Card) -> None:
    """Errors are swallowed: what cannot be read stays, but the solution counts as missing."""
    if not card.setup["Is_Enabled"]:
        return
    try:
        sales = connected(card)
    except UnreachableError:
        card.setup["Is_CRM_Solution_Installed"] = False
        return
    card.setup["Is_CRM_Solution_Installed"] = sales.has_solution
    row = sales.connection_row()
    if sales.has_solution and row is not None:
        for control, column in CONNECTION_COLUMNS.items():
            card.setup[control] = row.get(column) or ""
    card.setup["CRM_Version"] = sales.organisation["version"]
    _copy_organization(card.setup, sales)


def _copy_organization(setup: Row, sales: Sales) -> None:
    row = sales.first("organizations")
    if row is None:
        setup["Is_S_Order_Integration_Enabled"] = False
        return
    setup |= {
        "Is_S_Order_Integration_Enabled": bool(row.get("issopintegrationenabled")),
        "currency_decimal_precision": row.get("currencydecimalprecision", 0),
        "base_currency_id": row.get("_basecurrencyid_value"),
        "base_currency_precision": row.get("basecurrencyprecision", 0),
        "base_currency_symbol": row.get("basecurrencysymbol", ""),
    }
