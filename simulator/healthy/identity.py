"""The tenant, its Entra apps and its accounts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.healthy.people import DOMAIN, INTEGRATION, PEOPLE, address
from simulator.identifiers import Draw

TENANT = "adventure"
BC_PERMISSIONS = (
    "API.ReadWrite.All",
    "Automation.ReadWrite.All",
    "AdminCenter.ReadWrite.All",
)


def tenants(draw: Draw) -> dict[str, Any]:
    return {
        TENANT: {
            "id": draw.guid(),
            "domain": DOMAIN,
            "name": "Adventure Example",
            "device_interval": 5,
            "device_lifetime": 900,
        }
    }


def apps(draw: Draw) -> dict[str, Any]:
    """`bot` is the bot's own, `integration` is what BC signs in with, `admin` a public client."""
    return {
        "bot": _app(draw, "D365 Connection Bot (example)", secret=True),
        "integration": _app(draw, "BC Integration App (example)", secret=True),
        "admin": _app(draw, "Administrator sign-in (example)", secret=False),
    }


def _app(draw: Draw, display_name: str, *, secret: bool) -> dict[str, Any]:
    expires = (datetime.now(UTC) + timedelta(days=180)).replace(microsecond=0).isoformat()
    value = {"main": {"value": draw.client_secret(), "expires": expires}}
    return {
        "tenant": TENANT,
        "client_id": draw.guid(),
        "object_id": draw.guid(),
        "display_name": display_name,
        "public_client": not secret,
        "secrets": value if secret else {},
        "certificates": {},
        "federated": {},
        "refuse": None,
        "consents": {
            "dataverse": ["user_impersonation"],
            "business_central": list(BC_PERMISSIONS),
        },
    }


def accounts(draw: Draw) -> dict[str, Any]:
    names = {INTEGRATION: "Integration Account"} | {address(p): PEOPLE[p] for p in PEOPLE}
    return {upn: _account(draw, name) for upn, name in names.items()}


def _account(draw: Draw, display_name: str) -> dict[str, Any]:
    return {
        "tenant": TENANT,
        "object_id": draw.guid(),
        "display_name": display_name,
        "password": draw.text(16),
        "enabled": True,
        "locked": False,
        "password_expired": False,
        "mfa_required": False,
        "must_register_mfa": False,
        "assigned": True,
        "refuse": None,
        "federated": False,
    }


def managed_identity(draw: Draw, apps: dict[str, Any]) -> dict[str, Any]:
    """What App Service would give the bot's host: `IDENTITY_HEADER` and two identities."""
    return {
        "header": draw.text(32, "0123456789ABCDEF"),
        "system": "bot",
        "user_assigned": {apps["bot"]["client_id"]: "bot"},
    }
