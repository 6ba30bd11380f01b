"""The currencies of the two sides."""

from connection.checks.looking import Found, Look, failed, passed, skipped
from connection.checks.published_pages import GENERAL_LEDGER_SETUP, page_in_bc, reading


async def base_currency(look: Look) -> Found:
    """The base currency of Sales equals LCY Code of General Ledger Setup, as version 15 wants."""
    organisation = look.findings.organisation
    if organisation is None:
        return skipped("Organisation failed.")
    row = await reading(look, GENERAL_LEDGER_SETUP, look.business_central.general_ledger_setup)
    if isinstance(row, Found):
        return row
    local = str(row.get("LCY_Code") or "").replace(" ", "")
    base = await look.sales.currency_code(look.access, organisation.base_currency_id)
    if local == base.replace(" ", ""):
        return passed(f"Both sides count in {base}.")
    where = page_in_bc(look.setup, GENERAL_LEDGER_SETUP.page, GENERAL_LEDGER_SETUP.title)
    remedy = (
        f"The base currency of a Sales organisation cannot be changed: connect a company whose LCY "
        f"Code is {base}, or a Sales organisation with base currency {local}."
        if local
        else f"{where} and fill in LCY Code. It has to be {base} for this Sales organisation."
    )
    return failed(
        f"LCY Code {local or '(empty)'} of Business Central is not {base}, "
        "the base currency of Sales.",
        remedy,
    )
