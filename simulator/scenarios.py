"""What can be wrong with the world: one row a scenario, each a merge patch on the healthy facts."""

from dataclasses import dataclass
from typing import Any

from simulator.healthy.business_central import ENVIRONMENT
from simulator.healthy.people import COMPANY, INTEGRATION

LONG_AGO = "2026-01-31T00:00:00+00:00"


@dataclass(frozen=True)
class Scenario:
    name: str
    says: str
    patch: dict[str, Any]


def _sales(patch: dict[str, Any]) -> dict[str, Any]:
    return {"sales": {"adventure": patch}}


def _integration_user(change: dict[str, Any]) -> dict[str, Any]:
    return _sales({"tables": {"systemusers": {"integration": change}}})


def _bc(patch: dict[str, Any]) -> dict[str, Any]:
    return {"business_central": {ENVIRONMENT: patch}}


def _secrets(main: dict[str, Any] | None) -> dict[str, Any]:
    return {"apps": {name: {"secrets": {"main": main}} for name in ("bot", "integration")}}


def _account(change: dict[str, Any]) -> dict[str, Any]:
    return {"accounts": {INTEGRATION: change}}


def _lcy(code: str) -> dict[str, Any]:
    setup = {"general_ledger_setup": {"setup": {"LCY_Code": code}}}
    return _bc({"companies": {COMPANY: {"pages": setup}}})


_SERVICES = (
    "CRM_Connection_Setup",
    "Users",
    "Job_Queue_Entries",
    "Integration_Table_Mapping_List",
    "General_Ledger_Setup",
    "ProductItemAvailability",
)

_BC_ROLES = ("bc-integration-administrator", "bc-integration-user")

_NO_SOLUTION = _sales(
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

_MOVED = {"id": "00000000-0000-4000-8000-00000000dead", "domain": "moved-example.onmicrosoft.com"}

SCENARIOS: tuple[Scenario, ...] = (
    Scenario("healthy", "Everything is as it should be.", {}),
    Scenario("wrong-secret", "The apps' client secrets are no longer valid.", _secrets(None)),
    Scenario(
        "secret-expired",
        "The apps' client secrets are past their end.",
        _secrets({"expires": LONG_AGO}),
    ),
    Scenario(
        "tenant-unknown", "Entra ID does not know the tenant.", {"tenants": {"adventure": _MOVED}}
    ),
    Scenario(
        "bot-not-consented",
        "Nobody consented to the bot's app permissions in Business Central.",
        {"apps": {"bot": {"consents": {"business_central": None}}}},
    ),
    Scenario(
        "account-disabled",
        "The integration account is disabled in Entra ID.",
        _account({"enabled": False}),
    ),
    Scenario(
        "account-locked",
        "The integration account is locked in Entra ID.",
        _account({"locked": True}),
    ),
    Scenario(
        "password-expired",
        "The integration account's password is expired.",
        _account({"password_expired": True}),
    ),
    Scenario(
        "mfa-required",
        "The integration account needs multi-factor authentication.",
        _account({"mfa_required": True}),
    ),
    Scenario(
        "federated-account",
        "The integration account signs in at another identity provider.",
        _account({"federated": True}),
    ),
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
        _sales(
            {"tables": {"systemusers": {"integration": None}}, "user_roles": {"integration": None}}
        ),
    ),
    Scenario(
        "user-is-administrator",
        "The integration user is a System Administrator.",
        _sales({"user_roles": {"integration": {"system-administrator": True}}}),
    ),
    Scenario(
        "role-missing",
        "The integration user lacks the Integration Administrator role.",
        _sales({"user_roles": {"integration": {"bc-integration-administrator": None}}}),
    ),
    Scenario(
        "solution-missing", "Sales lacks the integration solution and its roles.", _NO_SOLUTION
    ),
    Scenario(
        "app-not-in-organisation",
        "The bot's app is no application user of the Sales organisation.",
        _sales({"tables": {"systemusers": {"bot": None}}, "user_roles": {"bot": None}}),
    ),
    Scenario("currency-mismatch", "Sales does not have the company's local currency.", _lcy("GBP")),
    Scenario("old-version", "Sales is too old.", _sales({"version": "6.1.2.112"})),
    Scenario("throttled", "Dataverse answers 429.", _sales({"condition": "throttled"})),
    Scenario("dataverse-down", "Dataverse answers 503 with HTML.", _sales({"condition": "down"})),
    Scenario(
        "administration-mode",
        "Only administrators and customizers may use the Sales organisation.",
        _sales({"condition": "administration"}),
    ),
    Scenario(
        "services-unpublished",
        "No page is published as a web service in Business Central.",
        _bc({"web_services": {name: {"published": False} for name in _SERVICES}}),
    ),
    Scenario("company-missing", "The company was renamed.", _bc({"companies": {COMPANY: None}})),
    Scenario(
        "bc-app-not-registered",
        "The bot's app is not among Business Central's Microsoft Entra applications.",
        _bc({"applications": {"bot": None}}),
    ),
)


class UnknownScenarioError(LookupError):
    """No scenario has this name."""


def scenario_named(name: str) -> Scenario:
    wanted = name.strip().lower().replace("_", "-")
    for scenario in SCENARIOS:
        if scenario.name == wanted:
            return scenario
    known = ", ".join(scenario.name for scenario in SCENARIOS)
    raise UnknownScenarioError(f"no scenario {name!r}; there are {known}")


def patch_of(name: str) -> dict[str, Any]:
    return scenario_named(name).patch
