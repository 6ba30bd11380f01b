"""The port `BusinessCentralChanges`: page 5330, read in order to be changed, and changed.

Names are those of the controls (see `dynamics.bc_pages`). A card is one row whose key is empty.
"""

import re
from collections.abc import Mapping

from connection.changes.remote import HeldSecret, SetupCard
from connection.errors import Unintelligible
from connection.identities import Access
from dynamics.bc_api import BcApi, page_path, service_path, the_row
from dynamics.bodies import unintelligible
from dynamics.calls import Service
from dynamics.odata import encoded, plain_option, text_in, text_literal
from dynamics.tokens import OpenSecret
from dynamics.written import with_secret, written

TITLE = "Microsoft Dynamics 365 Connection Setup"
CONTROLS = (
    "Server_Address",
    "User_Name",
    "Is_Enabled",
    "SDKVersion",
    "NAVURL",
    "ItemAvailabilityWebServEnabled",
    "NAVODataURL",
    "NAVODataUsername",
    "CRM_Version",
    "Is_CRM_Solution_Installed",
    "Is_S_Order_Integration_Enabled",
    "Auto_Create_Sales_Orders",
    "Auto_Process_Sales_Quotes",
    "Is_User_Mapping_Required",
    "Use_Newest_UI",
    "Authentication_Type",
    "Item_Availability_Enabled",
    "ScheduledSynchJobsActive",
)
"""None of them holds a secret: the others of the page are never asked for."""
_OPTION, _KEY = "Authentication_Type", "Primary_Key"
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]+"')


class SetupPage:
    """Carries out the port; see there for what each method answers."""

    def __init__(self, api: BcApi, open_secret: OpenSecret) -> None:
        self._api = api
        self._open_secret = open_secret

    async def setup_card(
        self, access: Access, service: str, properties: frozenset[str]
    ) -> SetupCard:
        wanted = [name for name in (_KEY, *CONTROLS) if name in properties]
        if not set(wanted) & set(CONTROLS):
            raise Unintelligible(
                f"What is published as {service} has none of the controls of {TITLE}.",
                "In Business Central open Web Services and publish page 5330 under that name.",
            )
        path = page_path(access, service, ",".join(wanted))
        answer = await self._api.get(access, self._api.address(access, path))
        row = the_row(answer, TITLE)
        etag, key = text_in(row, "@odata.etag"), text_in(row, _KEY)
        if not _ETAG.fullmatch(etag) or not set(row) & set(wanted):
            raise unintelligible(Service.BUSINESS_CENTRAL, answer)
        values = {name: row[name] for name in CONTROLS if name in wanted and name in row}
        if isinstance(option := values.get(_OPTION), str):
            values[_OPTION] = plain_option(option)
        where = f"{service_path(access, service)}({encoded(text_literal(key))})"
        return SetupCard(values, etag, where)

    async def change_setup(
        self,
        access: Access,
        service: str,
        card: SetupCard,
        values: Mapping[str, object],
        password: HeldSecret | None = None,
    ) -> None:
        if values.keys() - set(CONTROLS) or not card.path.startswith(
            f"{service_path(access, service)}("
        ):
            raise ValueError("a change of page 5330 says something that it cannot say")
        body = written(values)
        if password is not None:
            body = await with_secret(values, "Password", password, self._open_secret)
        await self._api.patch(access, card.path, body, card.etag)
