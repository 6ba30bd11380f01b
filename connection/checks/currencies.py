"""The currencies of the two sides."""

from connection.checks.looking import Found, Look, failed, passed, skipped
from connection.checks.published_pages import GENERAL_LEDGER_SETUP, page_in_bc, reading

ANY_CURRENCY_FROM = 26


async def base_currency(look: Look) -> Found:
    """The base currency of Sales equals LCY Code of General Ledger Setup; from version 26 on Sales
    needs to have that currency only."""
    organisation = look.findings.organisation
    if organisation is None:
        return skipped("Organisation failed.")
    row = await reading(look, GENERAL_LEDGER_SETUP, look.business_central.general_ledger_setup)
    if isinstance(row, Found):
        return row
    local = str(row.get("LCY_Code") or "").replace(" ", "")
    base = await look.sales.currency_code(look.access, organisation.base_currency_id)
    if not base.strip():
        return failed(
            "The base currency of Sales has no ISO code.",
            "In the Power Platform admin center open the environment, Settings, Currencies, and "
            "fill in the currency code of the base currency.",
        )
    if local == base.replace(" ", ""):
        return passed(f"Both sides count in {base}.")
    if local and (look.findings.bc_major or 0) >= ANY_CURRENCY_FROM:
        return await _any_currency(look, local)
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


async def _any_currency(look: Look, local: str) -> Found:
    """As BCApps has it: LCY Code is among the ISO codes of the currencies in Dataverse."""
    if local in await look.sales.currency_codes(look.access):
        return passed(f"Sales has {local}, the local currency of Business Central.")
    return failed(
        f"Sales has no currency {local}, which is the LCY Code of Business Central.",
        f"In the Power Platform admin center open the environment, Settings, Currencies, and add "
        f"{local}.",
    )
