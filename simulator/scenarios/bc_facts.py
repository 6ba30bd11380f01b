"""What is set up wrong in Business Central: its version, its setup page, its jobs and mappings."""

from typing import Any

from simulator.bc.pages import PAGES, Page
from simulator.bc.setup.defaults import mappings_of
from simulator.healthy.automated import BOT_SETS
from simulator.healthy.business_central import ENVIRONMENT
from simulator.healthy.people import COMPANY, PEOPLE
from simulator.scenarios.sales_facts import AVAILABILITY, told
from simulator.scenarios.scenario import Patch, Scenario

VERSION = 15
_UNKNOWN = ("NAVODataURL", "ItemAvailabilityWebServEnabled")


def _bc(patch: Patch) -> Patch:
    return {"business_central": {ENVIRONMENT: patch}}


def _pages(patch: Patch) -> Patch:
    return _bc({"companies": {COMPANY: {"pages": patch}}})


def _setup(change: Patch) -> Patch:
    return {"crm_connection_setup": {"setup": change}}


def _jobs(status: str, *names: str) -> Patch:
    return {"job_queue_entries": {name: {"Status": status} for name in names}}


_MAPPINGS = tuple(each.name for each in mappings_of(VERSION))
_LEDGER = {"general_ledger_setup": {"setup": {"LCY_Code": "NOK"}}}
_WITH_JOBS = tuple(each.name for each in mappings_of(VERSION) if each.minutes)


def _of_another_form() -> str:
    """`$metadata` with a page 5330 that has none of the fields by which a version is told."""
    numbers = {"CRM_Connection_Setup": 5330, "Users": 9800, "Job_Queue_Entries": 672}
    numbers |= {"Integration_Table_Mapping_List": 5335, "General_Ledger_Setup": 118}
    types = "".join(_entity_type(name, PAGES[page]) for name, page in numbers.items())
    sets = "".join(f'<EntitySet Name="{name}" EntityType="NAV.{name}"/>' for name in numbers)
    return (
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
        '<edmx:DataServices><Schema Namespace="NAV" '
        'xmlns="http://docs.oasis-open.org/odata/ns/edm">'
        f'{types}<EntityContainer Name="NAV">{sets}</EntityContainer>'
        "</Schema></edmx:DataServices></edmx:Edmx>"
    )


def _entity_type(name: str, page: Page) -> str:
    has = (each for each in page.at(VERSION).controls if each.name not in _UNKNOWN)
    properties = "".join(f'<Property Name="{each.name}" Type="{each.kind}"/>' for each in has)
    return f'<EntityType Name="{name}">{properties}</EntityType>'


_METADATA: dict[str, Any] = {
    "site": "bc",
    "method": "GET",
    "path": "*/ODataV4/$metadata",
    "status": 200,
    "headers": {"Content-Type": "application/xml"},
    "body": _of_another_form(),
}

BC_FACT_SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "bc-throttled-once",
        "Business Central answers one call with 429 and asks to wait for a second.",
        faults=(
            {
                "site": "bc",
                "path": "*/ODataV4/$metadata",
                "times": 1,
                "status": 429,
                "headers": {"Retry-After": "1"},
                "json": {"error": {"code": "Application_TooManyRequests", "message": "Too many."}},
            },
        ),
    ),
    Scenario(
        "bc-availability-unpublished",
        "Sales asks for item availability, and page 5390 is not published.",
        _bc({"web_services": {"ProductItemAvailability": {"published": False}}})
        | told(nav_dynamicsnavodataurl=AVAILABILITY, nav_dynamicsnavodatausername="SYNC"),
    ),
    Scenario(
        "bc-currency-elsewhere",
        "Business Central is of version 26, and Sales lacks its local currency.",
        _bc({"version": "26.1.33404.0", "companies": {COMPANY: {"pages": _LEDGER}}}),
    ),
    Scenario(
        "bc-app-without-permission-sets",
        "The bot's app has no permission set in Business Central.",
        _bc({"applications": {"bot": {"permission_sets": dict.fromkeys(BOT_SETS)}}}),
    ),
    Scenario(
        "bc-too-old",
        "Business Central is of a version before the connection setup page that is known.",
        _bc({"version": "14.41.47107.0"}),
    ),
    Scenario(
        "bc-page-of-another-form",
        "Page 5330 shows other fields than in any version that is known.",
        faults=(_METADATA,),
    ),
    Scenario(
        "bc-users-without-email",
        "No user of Business Central has an authentication email.",
        _bc({"users": {person.upper(): {"Authentication_Email": ""} for person in PEOPLE}}),
    ),
    Scenario(
        "bc-setup-page-elsewhere",
        "Page 5330 names another Sales organisation.",
        _pages(_setup({"Server_Address": "https://elsewhere-example.crm4.dynamics.com"})),
    ),
    Scenario(
        "bc-setup-page-empty",
        "Page 5330 names no Sales URL.",
        _pages(_setup({"Server_Address": ""})),
    ),
    Scenario(
        "bc-setup-page-another-user",
        "Page 5330 names another integration user.",
        _pages(_setup({"User_Name": "somebody.else@adventure-example.onmicrosoft.com"})),
    ),
    Scenario(
        "bc-mappings-missing",
        "The company has no integration table mapping.",
        _pages({"integration_table_mappings": dict.fromkeys(_MAPPINGS)}),
    ),
    Scenario(
        "bc-job-failed",
        "The job that synchronises customers stopped with an error.",
        _pages(_jobs("Error", "CUSTOMER")),
    ),
    Scenario(
        "bc-job-on-hold",
        "The connection is enabled, and the job that synchronises customers is on hold.",
        _pages(
            _setup({"Is_Enabled": True})
            | _jobs("Ready", "STATISTICS", *(name for name in _WITH_JOBS if name != "CUSTOMER"))
        ),
    ),
)
