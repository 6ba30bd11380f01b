"""The pages of Business Central that the bot reads as web services, and how one is read."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from connection.checks.looking import Found, Look, skipped
from connection.errors import Forbidden, NotReady
from connection.identities import Access
from connection.remote import PublishedService
from connection.setup import ConnectionSetup, Hosting

T = TypeVar("T")
WEB_CLIENT = "https://businesscentral.dynamics.com"


@dataclass(frozen=True, slots=True)
class NeededService:
    """A page to publish as a web service. Any service that shows `properties` is taken for it,
    so its name is the administrator's choice; `name` is the one proposed. `table` is what one
    has to be allowed to read."""

    page: int
    title: str
    name: str
    properties: frozenset[str]
    table: str = ""


CONNECTION_SETUP = NeededService(
    5330,
    "CRM Connection Setup",
    "CRM_Connection_Setup",
    frozenset({"Server_Address", "Is_Enabled", "Is_S_Order_Integration_Enabled"}),
    "CRM Connection Setup",
)
USERS = NeededService(
    9800, "Users", "Users", frozenset({"User_Security_ID", "Authentication_Email"}), "User"
)
JOB_QUEUE_ENTRIES = NeededService(
    672,
    "Job Queue Entries",
    "Job_Queue_Entries",
    frozenset({"Status", "Object_ID_to_Run", "Recurring_Job"}),
    "Job Queue Entry",
)
TABLE_MAPPINGS = NeededService(
    5335,
    "Integration Table Mapping List",
    "Integration_Table_Mapping_List",
    frozenset({"Direction", "Synch_Only_Coupled_Records"}),
    "Integration Table Mapping",
)
GENERAL_LEDGER_SETUP = NeededService(
    118,
    "General Ledger Setup",
    "General_Ledger_Setup",
    frozenset({"LCY_Code"}),
    "General Ledger Setup",
)
NEEDED_SERVICES: tuple[NeededService, ...] = (
    CONNECTION_SETUP,
    USERS,
    JOB_QUEUE_ENTRIES,
    TABLE_MAPPINGS,
    GENERAL_LEDGER_SETUP,
)
ITEM_AVAILABILITY = NeededService(
    5390,
    "Product Item Availability",
    "ProductItemAvailability",
    frozenset({"ItemNo", "UOM", "Inventory"}),
    "CRM Integration Record",
)
"""Business Central publishes it by itself, up to version 17."""

DATAVERSE_SETUP = NeededService(
    7200,
    "Dataverse Connection Setup",
    "CDS_Connection_Setup",
    frozenset({"Server_Address", "Ownership_Model"}),
    "CDS Connection Setup",
)
"""From version 16 on. It is never read: that would open it."""

KNOWN_SERVICES = (*NEEDED_SERVICES, ITEM_AVAILABILITY, DATAVERSE_SETUP)


def found_among(services: Iterable[PublishedService]) -> Mapping[int, PublishedService]:
    """Page number → its service; of several the one with the proposed name."""
    found: dict[int, PublishedService] = {}
    for service in services:
        for known in KNOWN_SERVICES:
            if known.properties <= service.properties and (
                known.page not in found or service.name == known.name
            ):
                found[known.page] = service
    return found


def name_of(services: Mapping[int, PublishedService], page: NeededService) -> str:
    """What the page is published as. Raises `NotReady`, with how it is published."""
    found = services.get(page.page)
    if found is not None:
        return found.name
    raise NotReady(
        f"Business Central does not publish page {page.page}, {page.title}.",
        "In Business Central open Web Services, choose New, and publish: Page "
        f"{page.page}, service name {page.name}.",
    )


async def reading(
    look: Look, page: NeededService, read: Callable[[Access, str], Awaitable[T]]
) -> T | Found:
    """What `read` makes of the page, or why it was not read. Raises `RemoteFault`."""
    services = look.findings.services
    if services is None:
        return skipped("Web services failed.")
    if page.page not in services:
        return skipped(f"no published page {page.page}, {page.title}, was found.")
    try:
        return await read(look.bc_access, services[page.page].name)
    except Forbidden as fault:
        raise _told(fault, look, page) from None


def _told(fault: Forbidden, look: Look, page: NeededService) -> Forbidden:
    """With the page and the table that a permission set has to allow."""
    where = "Microsoft Entra applications and the bot's app"
    if look.setup.hosting == Hosting.ON_PREMISES:
        where = "Users and the user that the bot reads as"
    ours = f"Business Central does not let the bot read page {page.page}, {page.title}"
    said = f": {fault.quoted}" if fault.quoted else "."
    return Forbidden(
        f"{ours}{said}",
        f"In Business Central open {where}, and add a permission set that allows to read the table "
        f"{page.table}.",
        status=fault.status,
        code=fault.code,
        reference=fault.reference,
    ).quoting(fault.quoted)


def page_in_bc(setup: ConnectionSetup, page: int, title: str) -> str:
    """`In Business Central open <title>`, with its address where that is known."""
    steps = f"In Business Central open {title}"
    address = page_address(setup, page)
    return f"{steps} ({address})" if address else steps


def page_address(setup: ConnectionSetup, page: int) -> str:
    """In the web client (devenv-web-client-urls): on-premises that of the setup's web client URL,
    '' where there is none."""
    company = quote(setup.bc_company, safe="")
    if setup.hosting == Hosting.ON_PREMISES:
        return _on_premises(setup.web_client_url, company, page)
    if not setup.bc_environment:
        return ""
    place = "/".join(quote(part, safe="") for part in (setup.tenant, setup.bc_environment))
    return f"{WEB_CLIENT}/{place}/?company={company}&page={page}"


def _on_premises(client: str, company: str, page: int) -> str:
    """Only by https; what else the address asks for, such as a tenant, stays."""
    address, _, asked = client.partition("?")
    if not address.startswith("https://"):
        return ""
    kept = [part for part in asked.split("&") if part.partition("=")[0] not in ("company", "page")]
    wanted = [*filter(None, kept), f"company={company}", f"page={page}"]
    safe = quote(address, safe=":/%[]@!$&'*+,;=~-._")
    return f"{safe.rstrip('/')}/?{'&'.join(quote(part, safe='=%') for part in wanted)}"
