"""Use Newest UI: the app module that is named exactly Sales Hub (table 5330, fields 64 and 65)."""

from simulator.bc.setup.card import Card
from simulator.bc.setup.sales import Sales

SALES_HUB = "Sales Hub"


def sales_hub(sales: Sales) -> str:
    """The module's id, or nothing."""
    rows = sales.rows("appmodules").values()
    return next((str(row["appmoduleid"]) for row in rows if row.get("name") == SALES_HUB), "")


def find_newest_ui(card: Card, sales: Sales) -> None:
    """Enabling turns the switch on if the module is there, and leaves it alone if not."""
    found = sales_hub(sales)
    if found:
        card.setup.update({"Use_Newest_UI": True, "newest_ui_app_module_id": found})
