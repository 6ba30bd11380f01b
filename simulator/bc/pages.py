"""The pages that can be published as OData V4 web services: one row each.

Control names are those of the base application as a page service would expose them (inferred:
every character that is no letter or digit becomes `_`); `since` and `until` are major versions.
"""

from dataclasses import dataclass, replace

from simulator.odata.kinds import Kind

NEVER = 9999


@dataclass(frozen=True)
class Control:
    name: str
    kind: Kind
    writes: bool = False
    since: int = 0
    until: int = NEVER


@dataclass(frozen=True)
class Page:
    """`held_in` names its records in a company's `pages`; the users are the environment's."""

    number: int
    held_in: str
    key: str
    controls: tuple[Control, ...]
    opening_acts: bool = False
    since: int = 0
    until: int = NEVER

    def at(self, major: int) -> "Page":
        """The page with the controls that it has in this version."""
        has = tuple(each for each in self.controls if each.since <= major < each.until)
        return replace(self, controls=has)

    @property
    def columns(self) -> dict[str, Kind]:
        return {each.name: each.kind for each in self.controls}

    def control(self, name: str) -> Control | None:
        return next((each for each in self.controls if each.name == name), None)


def _texts(*names: str, writes: bool = False, until: int = NEVER) -> tuple[Control, ...]:
    return tuple(Control(name, Kind.STRING, writes, until=until) for name in names)


def _switches(
    *names: str, writes: bool = False, since: int = 0, until: int = NEVER
) -> tuple[Control, ...]:
    return tuple(Control(name, Kind.BOOLEAN, writes, since, until) for name in names)


_CONNECTION_SETUP = Page(
    5330,
    "crm_connection_setup",
    "Primary_Key",
    (
        *_texts("Primary_Key"),
        *_texts("Server_Address", "User_Name", "Password", writes=True),
        *_switches("Is_Enabled", writes=True),
        *_texts("ScheduledSynchJobsActive"),
        Control("SDKVersion", Kind.INTEGER, writes=True),
        *_texts("NAVURL", writes=True),
        *_switches("ItemAvailabilityWebServEnabled", writes=True, until=18),
        *_texts("NAVODataURL", "NAVODataUsername", writes=True, until=18),
        *_texts("NAVODataAccesskey", until=18),
        *_switches("Item_Availability_Enabled", writes=True, since=18),
        *_texts("CRM_Version"),
        *_switches("Is_CRM_Solution_Installed"),
        *_switches(
            "Is_S_Order_Integration_Enabled",
            "Auto_Create_Sales_Orders",
            "Auto_Process_Sales_Quotes",
            writes=True,
        ),
        *_switches("Is_User_Mapping_Required", writes=True, until=26),
        *_switches("Is_User_Mapped_To_CRM_User", until=26),
        *_switches("Unit_Group_Mapping_Enabled", since=26),
        *_switches("Use_Newest_UI", writes=True),
        *_texts("Authentication_Type", writes=True),
        *_texts("Domain"),
        *_texts("Connection_String", writes=True),
    ),
    opening_acts=True,
)

_DATAVERSE_SETUP = Page(
    7200,
    "cds_connection_setup",
    "Primary_Key",
    (
        *_texts("Primary_Key"),
        *_texts("Server_Address", "User_Name", "Password", writes=True),
        *_switches("Is_Enabled", writes=True),
        Control("SDKVersion", Kind.INTEGER, writes=True),
        *_texts("Ownership_Model", writes=True),
        *_texts("Business_Unit_Name"),
        *_texts("Client_Id", "Client_Secret", "Redirect_URL", writes=True),
        *_texts("Authentication_Type", writes=True),
        *_texts("Domain"),
        *_texts("Connection_String", writes=True),
    ),
    opening_acts=True,
    since=16,
)

_USERS = Page(
    9800,
    "users",
    "User_Security_ID",
    (
        Control("User_Security_ID", Kind.GUID),
        *_texts("User_Name", "Full_Name", "State", "Windows_User_Name", "License_Type"),
        *_texts("Authentication_Email"),
    ),
)

_JOB_QUEUE_ENTRIES = Page(
    672,
    "job_queue_entries",
    "ID",
    (
        Control("ID", Kind.GUID),
        *_texts("Status", "Object_Type_to_Run"),
        Control("Object_ID_to_Run", Kind.INTEGER),
        *_texts("Description"),
        Control("Earliest_Start_Date_Time", Kind.TIME),
        *_switches("Scheduled", "Recurring_Job"),
        Control("No_of_Minutes_between_Runs", Kind.INTEGER),
    ),
)

_MAPPINGS = Page(
    5335,
    "integration_table_mappings",
    "Name",
    (
        *_texts("Name", "TableCaptionValue", "Direction", "IntegrationTableCaptionValue"),
        *_switches("Synch_Only_Coupled_Records"),
        Control("Synch_Modified_On_Filter", Kind.TIME),
    ),
)

_LEDGER_SETUP = Page(118, "general_ledger_setup", "Primary_Key", _texts("Primary_Key", "LCY_Code"))

_AVAILABILITY = Page(
    5390,
    "product_item_availability",
    "ItemNo",
    (*_texts("ItemNo", "UOM"), Control("Inventory", Kind.DOUBLE)),
    until=18,
)

PAGES: dict[int, Page] = {
    page.number: page
    for page in (
        _CONNECTION_SETUP,
        _DATAVERSE_SETUP,
        _USERS,
        _JOB_QUEUE_ENTRIES,
        _MAPPINGS,
        _LEDGER_SETUP,
        _AVAILABILITY,
    )
}
