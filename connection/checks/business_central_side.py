"""Checks of Business Central: its company, the services that the bot needs, and the currency.

None of them opens page 5330: reading it makes Business Central contact Sales.
"""

from dataclasses import dataclass
from difflib import get_close_matches

from connection.checks.looking import Found, Look, failed, passed, skipped
from connection.setup import Hosting


@dataclass(frozen=True, slots=True)
class NeededService:
    """A page to publish as a web service. Any service that shows `properties` is taken for it,
    so its name is the administrator's choice; `name` is the one proposed."""

    page: int
    title: str
    name: str
    properties: frozenset[str]


GENERAL_LEDGER_SETUP = NeededService(
    118, "General Ledger Setup", "General_Ledger_Setup", frozenset({"LCY_Code"})
)
NEEDED_SERVICES: tuple[NeededService, ...] = (
    NeededService(
        5330,
        "CRM Connection Setup",
        "CRM_Connection_Setup",
        frozenset({"Server_Address", "Is_Enabled"}),
    ),
    NeededService(9800, "Users", "Users", frozenset({"User_Security_ID", "Authentication_Email"})),
    NeededService(
        672, "Job Queue Entries", "Job_Queue_Entries", frozenset({"Status", "Object_ID_to_Run"})
    ),
    NeededService(
        5335,
        "Integration Table Mapping List",
        "Integration_Table_Mapping_List",
        frozenset({"Direction", "Synch_Only_Coupled_Records"}),
    ),
    GENERAL_LEDGER_SETUP,
)


async def business_central(look: Look) -> Found:
    """It answers, has the company, and publishes what the bot needs."""
    where, company = look.setup.bc_environment, look.setup.bc_company
    lacks = "environment or no company"
    if look.setup.hosting == Hosting.ON_PREMISES:
        where, lacks = look.setup.bc_url.rpartition("/")[2], "web services URL or no company"
    if not where or not company:
        return failed(
            f"The setup names no Business Central {lacks}.", "Fill in both with /d365 setup."
        )
    if unheld := _key_unheld(look):
        return unheld
    names = [row.name for row in await look.business_central.companies(look.bc_access)]
    if company not in names:
        return _company_missing(where, company, names)
    missing = await _missing_services(look)
    if missing:
        return _services_missing(where, missing)
    return passed(f"{where} answers, has {company}, and publishes the needed services.")


def _key_unheld(look: Look) -> Found | None:
    if look.setup.hosting == Hosting.ONLINE or look.bc_access.secret is not None:
        return None
    name = look.setup.name
    if not look.setup.bc_user_name:
        return failed(
            "The setup names no Business Central user to read as.",
            f"Fill it in with /d365 setup {name}.",
        )
    return failed(
        "The bot does not hold the web service access key of the Business Central user.",
        f"Give it with /d365 secret {name} bc_access_key, or run d365bot secret set {name} "
        "bc_access_key where the bot runs.",
    )


async def base_currency(look: Look) -> Found:
    """The base currency of Sales equals LCY Code of General Ledger Setup, as version 15 wants."""
    organisation = look.findings.organisation
    service = look.findings.general_ledger_service
    if organisation is None or service is None:
        return skipped("Business Central failed")
    if not service:
        return skipped(
            "no published page "
            f"{GENERAL_LEDGER_SETUP.page}, {GENERAL_LEDGER_SETUP.title}, was found."
        )
    row = await look.business_central.general_ledger_setup(look.bc_access, service)
    local = str(row.get("LCY_Code") or "").replace(" ", "")
    base = await look.sales.currency_code(look.access, organisation.base_currency_id)
    if local != base.replace(" ", ""):
        return failed(
            f"LCY Code {local or '(empty)'} of Business Central is not {base}, "
            "the base currency of Sales.",
            "The base currency of a Sales organisation cannot be changed: connect a company "
            f"whose LCY Code is {base}, or a Sales organisation with base currency {local}.",
        )
    return passed(f"Both sides count in {base}.")


async def _missing_services(look: Look) -> list[NeededService]:
    services = await look.business_central.services(look.bc_access)
    found = {
        needed.page: service.name
        for needed in NEEDED_SERVICES
        for service in services
        if needed.properties <= service.properties
    }
    look.findings.general_ledger_service = found.get(GENERAL_LEDGER_SETUP.page, "")
    return [needed for needed in NEEDED_SERVICES if needed.page not in found]


def _company_missing(environment: str, company: str, names: list[str]) -> Found:
    near = get_close_matches(company, names, n=1)
    meant = f" Did you mean “{near[0]}”?" if near else ""
    known = ", ".join(sorted(names)[:10]) or "none that the bot may see"
    return failed(
        f"{environment} has no company “{company}”.{meant}",
        f"Correct the company with /d365 setup. Its companies: {known}.",
    )


def _services_missing(environment: str, missing: list[NeededService]) -> Found:
    pages = ", ".join(f"{one.page} {one.title}" for one in missing)
    steps = "; ".join(f"Page {one.page}, service name {one.name}" for one in missing)
    return failed(
        f"{environment} answers, but does not publish {pages}.",
        f"In Business Central open Web Services, choose New, and publish: {steps}.",
    )
