"""What each check of Business Central and of Slack says of what is wrong, and what its remedy
changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.scopes import SCOPES
from simulator.healthy.automated import BOT_SETS
from simulator.healthy.business_central import ENVIRONMENT
from simulator.healthy.identity import BC_PERMISSIONS
from simulator.healthy.people import COMPANY, INTEGRATION, PEOPLE, SECOND_COMPANY, address
from simulator.healthy.sales import HOST
from simulator.hosts import BUSINESS_CENTRAL
from simulator.scenarios.scenario import Patch, Rule

SERVICES = (
    *("CRM_Connection_Setup", "Users", "Job_Queue_Entries", "Integration_Table_Mapping_List"),
    "General_Ledger_Setup",
)
NOK = {
    "transactioncurrencyid": "00000000-0000-4000-8000-000000000578",
    "isocurrencycode": "NOK",
    "currencyname": "Norwegian krone",
    "currencysymbol": "kr",
    "exchangerate": 11.5,
}
LIST = {"Direction": "Bidirectional", "Synch_Only_Coupled_Records": True}


@dataclass(frozen=True)
class Case:
    """The world becomes `scenario`; the check then says `sentence` and `remedy`, and whoever does
    what the remedy says makes `mended` of the world, or types `corrected` into the form. What is no
    fact is mended by itself. `typed` stands wrong in the form before, and `also` and `spoilt` are
    facts and fault rules besides the scenario's."""

    check: str
    scenario: str
    word: str
    sentence: str
    remedy: str
    mended: Patch = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    corrected: Mapping[str, str] = field(default_factory=dict)
    on_premises: bool = False
    also: Patch = field(default_factory=dict)
    spoilt: tuple[Rule, ...] = ()


def _bc(patch: dict[str, Any]) -> Patch:
    return {"business_central": {ENVIRONMENT: patch}}


def _pages(patch: dict[str, Any]) -> Patch:
    return _bc({"companies": {COMPANY: {"pages": patch}}})


def _setup(change: dict[str, Any]) -> Patch:
    return _pages({"crm_connection_setup": {"setup": change}})


def _published(*names: str) -> Patch:
    return _bc({"web_services": {name: {"published": True} for name in names}})


_PERMITTED = "add a permission set that allows to read the table"


def _slack(change: dict[str, Any]) -> Patch:
    return {"slack": change}


def _scopes_without(*names: str) -> Patch:
    return _slack({"scopes": [scope for scope in SCOPES if scope not in names]})


_OF_SLACK = (
    Case(
        "slack_app",
        "healthy",
        "failed",
        "does not take the bot's token (token_revoked)",
        "installs the app again at api.slack.com/apps, and sets SLACK_BOT_TOKEN",
        spoilt=(
            {
                "site": "slack",
                "path": "/api/auth.test",
                "json": {"ok": False, "error": "token_revoked"},
            },
        ),
    ),
    Case(
        "slack_app",
        "healthy",
        "warning",
        "lacks the scopes im:write, usergroups:read.",
        "updates the app at api.slack.com/apps from what d365bot manifest prints",
        _scopes_without(),
        also=_scopes_without("im:write", "usergroups:read"),
    ),
    Case(
        "slack_clock",
        "healthy",
        "failed",
        "seconds behind Slack's",
        "best by NTP",
        _slack({"clock_ahead": 0}),
        also=_slack({"clock_ahead": 400}),
    ),
    Case(
        "slack_clock",
        "healthy",
        "warning",
        "seconds behind Slack's",
        "best by NTP",
        _slack({"clock_ahead": 0}),
        also=_slack({"clock_ahead": 90}),
    ),
)
CASES: tuple[Case, ...] = (
    *_OF_SLACK,
    Case(
        "bc_host",
        "healthy",
        "failed",
        "bc.elsewhere-example.com is not a host that the bot may call",
        "Correct the address",
        typed={"bc_url": "https://bc.elsewhere-example.com:7048/BC150"},
        corrected={},
        on_premises=True,
    ),
    Case(
        "bc_reachable",
        "bc-tls-expired",
        "failed",
        "its certificate has expired",
        "has to renew the certificate",
        {"network": {"tls": {BUSINESS_CENTRAL: None}}},
    ),
    Case(
        "bc_sign_in",
        "bot-not-consented",
        "failed",
        "lacks the permission API.ReadWrite.All",
        "grant admin consent",
        {"apps": {"bot": {"consents": {"business_central": list(BC_PERMISSIONS)}}}},
    ),
    Case(
        "bc_sign_in",
        "bc-app-not-enabled",
        "failed",
        "does not accept the bot's sign-in",
        "its state Enabled",
        _bc({"applications": {"bot": {"state": "Enabled"}}}),
    ),
    Case(
        "bc_sign_in",
        "bc-app-without-permission-sets",
        "failed",
        "does not let the bot do this",
        "add a permission set",
        _bc({"applications": {"bot": {"permission_sets": dict.fromkeys(BOT_SETS, True)}}}),
    ),
    Case(
        "web_services",
        "services-unpublished",
        "failed",
        "does not publish 5330 CRM Connection Setup, 9800 Users, 672 Job Queue Entries",
        "choose New, and publish: Page 5330, service name CRM_Connection_Setup",
        _published(*SERVICES),
    ),
    Case(
        "web_services",
        "service-unpublished",
        "failed",
        "does not publish 118 General Ledger Setup",
        "page=810",
        _published("General_Ledger_Setup"),
    ),
    Case(
        "bc_version",
        "bc-too-old",
        "failed",
        "It is version 14.41.47107.0",
        "Update Business Central to version 15",
        _bc({"version": "15.17.47256.0"}),
    ),
    Case(
        "bc_version",
        "bc-page-of-another-form",
        "warning",
        "page 5330 shows other fields",
        "a newer version of the bot",
    ),
    Case(
        "users_page",
        "bc-permission-missing",
        "failed",
        "does not let the bot read page 9800, Users",
        f"{_PERMITTED} User.",
    ),
    Case(
        "users_page",
        "bc-users-without-email",
        "warning",
        "no user there has an authentication email",
        "fill in the authentication email",
        _bc(
            {"users": {one.upper(): {"Authentication_Email": address(one)} for one in PEOPLE}},
        ),
    ),
    Case(
        "setup_page",
        "bc-permission-missing",
        "failed",
        "does not let the bot read page 5330, CRM Connection Setup",
        f"{_PERMITTED} CRM Connection Setup.",
    ),
    Case(
        "setup_page",
        "bc-setup-page-elsewhere",
        "warning",
        "names another Sales URL, https://elsewhere-example.crm4.dynamics.com",
        f"enter https://{HOST}",
        _setup({"Server_Address": f"https://{HOST}"}),
    ),
    Case(
        "setup_page",
        "bc-setup-page-empty",
        "warning",
        "names no Sales URL yet",
        f"enter https://{HOST}",
        _setup({"Server_Address": f"https://{HOST}"}),
    ),
    Case(
        "setup_page",
        "bc-setup-page-another-user",
        "warning",
        "names another user than the setup",
        "compare the user name",
        _setup({"User_Name": INTEGRATION}),
    ),
    Case(
        "table_mappings",
        "bc-permission-missing",
        "failed",
        "does not let the bot read page 5335, Integration Table Mapping List",
        f"{_PERMITTED} Integration Table Mapping.",
    ),
    Case(
        "table_mappings",
        "bc-mappings-missing",
        "warning",
        "no integration table mapping",
        "choose Use Default Synchronization Setup",
        _pages({"integration_table_mappings": {"CUSTOMER": {"Name": "CUSTOMER", **LIST}}}),
    ),
    Case(
        "job_queue_entries",
        "bc-permission-missing",
        "failed",
        "does not let the bot read page 672, Job Queue Entries",
        f"{_PERMITTED} Job Queue Entry.",
    ),
    Case(
        "job_queue_entries",
        "bc-job-failed",
        "warning",
        "1 stopped with an error",
        "choose Restart",
        _pages({"job_queue_entries": {"CUSTOMER": {"Status": "Ready"}}}),
    ),
    Case(
        "job_queue_entries",
        "bc-job-on-hold",
        "warning",
        "1 on hold",
        "Set Status to Ready",
        _pages({"job_queue_entries": {"CUSTOMER": {"Status": "Ready"}}}),
    ),
    Case(
        "base_currency",
        "currency-mismatch",
        "failed",
        "is not EUR",
        "connect a company whose LCY Code is EUR",
        _pages({"general_ledger_setup": {"setup": {"LCY_Code": "EUR"}}}),
    ),
    Case(
        "base_currency",
        "bc-currency-elsewhere",
        "failed",
        "Sales has no currency NOK",
        "Settings, Currencies, and add NOK",
        {"sales": {"adventure": {"tables": {"transactioncurrencies": {"NOK": NOK}}}}},
    ),
    Case(
        "availability_page",
        "bc-availability-unpublished",
        "failed",
        "page 5390 is not published",
        "publish: Page 5390, service name ProductItemAvailability",
        _published("ProductItemAvailability"),
    ),
    Case(
        "bc_throttling",
        "bc-throttled-once",
        "warning",
        "asked the bot to wait 1 time",
        "test again in five minutes",
    ),
    Case(
        "company",
        "company-missing",
        "failed",
        f"has no company “{COMPANY}”. Did you mean “{SECOND_COMPANY}”?",
        f"Correct the company with /d365 setup. Its companies: {SECOND_COMPANY}",
        corrected={"bc_company": SECOND_COMPANY},
    ),
    Case(
        "bc_sign_in",
        "on-premises-user-disabled",
        "failed",
        "does not accept the user name with its web service access key",
        "its state must be Enabled",
        {"on_premises": {"server": {"users": {"SYNC": {"enabled": True}}}}},
        on_premises=True,
    ),
)
