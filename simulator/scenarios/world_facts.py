"""What is set up wrong in Sales and in Business Central: users, roles, solution, services."""

from typing import Any

from simulator.healthy.business_central import ENVIRONMENT
from simulator.healthy.on_premises import SERVER, USER
from simulator.healthy.people import COMPANY
from simulator.scenarios.scenario import Scenario, sales


def _integration_user(change: dict[str, Any]) -> dict[str, Any]:
    return sales({"tables": {"systemusers": {"integration": change}}})


def _bc(patch: dict[str, Any]) -> dict[str, Any]:
    return {"business_central": {ENVIRONMENT: patch}}


def _lcy(code: str) -> dict[str, Any]:
    setup = {"general_ledger_setup": {"setup": {"LCY_Code": code}}}
    return _bc({"companies": {COMPANY: {"pages": setup}}})


def _on_premises_user(change: dict[str, Any]) -> dict[str, Any]:
    return {"on_premises": {SERVER: {"users": {USER: change}}}}


_SERVICES = (
    "CRM_Connection_Setup",
    "CDS_Connection_Setup",
    "Users",
    "Job_Queue_Entries",
    "Integration_Table_Mapping_List",
    "General_Ledger_Setup",
    "ProductItemAvailability",
)

_BC_ROLES = ("bc-integration-administrator", "bc-integration-user", "bc-availability")

NO_SOLUTION = sales(
    {
        "tables": {
            "solutions": {"MicrosoftDynamicsNavIntegration": None},
            "roles": {f"{role}{unit}": None for role in _BC_ROLES for unit in ("", "/north")},
        },
        "user_roles": {
            user: dict.fromkeys(_BC_ROLES) for user in ("integration", "integration-app")
        },
    }
)

FACT_SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "user-disabled",
        "The integration user is disabled in Sales.",
        _integration_user({"isdisabled": True}),
    ),
    Scenario(
        "user-unlicensed",
        "The integration user has no licence.",
        _integration_user({"islicensed": False}),
    ),
    Scenario(
        "user-missing",
        "Sales has no user with the integration user's address.",
        sales(
            {"tables": {"systemusers": {"integration": None}}, "user_roles": {"integration": None}}
        ),
    ),
    Scenario(
        "user-is-administrator",
        "The integration user is a System Administrator.",
        sales({"user_roles": {"integration": {"system-administrator": True}}}),
    ),
    Scenario(
        "role-missing",
        "The integration user lacks the Integration Administrator role.",
        sales({"user_roles": {"integration": {"bc-integration-administrator": None}}}),
    ),
    Scenario(
        "user-without-roles",
        "The integration user has no security role.",
        sales({"user_roles": {"integration": None}}),
    ),
    Scenario(
        "solution-missing", "Sales lacks the integration solution and its roles.", NO_SOLUTION
    ),
    Scenario(
        "app-not-in-organisation",
        "The bot's app is no application user of the Sales organisation.",
        sales({"tables": {"systemusers": {"bot": None}}, "user_roles": {"bot": None}}),
    ),
    Scenario(
        "bot-user-disabled",
        "The bot's application user is disabled in Sales.",
        sales({"tables": {"systemusers": {"bot": {"isdisabled": True}}}}),
    ),
    Scenario(
        "bot-without-roles",
        "The bot's application user has no security role.",
        sales({"user_roles": {"bot": None}}),
    ),
    Scenario(
        "privilege-missing",
        "The bot's role lacks the privilege to read users.",
        sales({"privileges": {"Connection Bot": {"prvReadUser": None}}}),
    ),
    Scenario(
        "record-missing",
        "The organisation's base currency is gone.",
        sales({"tables": {"transactioncurrencies": {"EUR": None}}}),
    ),
    Scenario("currency-mismatch", "Sales does not have the company's local currency.", _lcy("GBP")),
    Scenario("old-version", "Sales is too old.", sales({"version": "6.1.2.112"})),
    Scenario(
        "services-unpublished",
        "No page is published as a web service in Business Central.",
        _bc({"web_services": {name: {"published": False} for name in _SERVICES}}),
    ),
    Scenario("company-missing", "The company was renamed.", _bc({"companies": {COMPANY: None}})),
    Scenario(
        "environment-missing",
        "The tenant has no Business Central environment of that name.",
        {"business_central": {ENVIRONMENT: None}},
    ),
    Scenario(
        "service-unpublished",
        "General Ledger Setup is not published as a web service in Business Central.",
        _bc({"web_services": {"General_Ledger_Setup": {"published": False}}}),
    ),
    Scenario(
        "bc-app-not-enabled",
        "The bot's app is not enabled on the page Microsoft Entra applications.",
        _bc({"applications": {"bot": {"state": "Disabled"}}}),
    ),
    Scenario(
        "on-premises-key-changed",
        "The user on premises has another web service access key.",
        _on_premises_user({"access_key": "another, given since"}),
    ),
    Scenario(
        "on-premises-user-disabled",
        "The user on premises is disabled.",
        _on_premises_user({"enabled": False}),
    ),
    Scenario(
        "bc-app-not-registered",
        "The bot's app is not among Business Central's Microsoft Entra applications.",
        _bc({"applications": {"bot": None}}),
    ),
)
