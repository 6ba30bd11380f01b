"""Lists of environments: the delegated one and the admin center's.

bc/administration/administration-center-api_environments.md.
"""

from typing import Any

from simulator.bc.access import ADMIN_PERMISSION
from simulator.bc.errors import BusinessCentralError
from simulator.entra.tokens import Caller
from simulator.hosts import BUSINESS_CENTRAL
from simulator.world import World

Row = dict[str, Any]


def environment_list(world: World, tenant: str) -> list[Row]:
    return [_row(world, tenant, name, each) for name, each in _of(world, tenant).items()]


def admin_list(world: World, tenant: str, caller: Caller) -> list[Row]:
    """For an app: the permission in its token, and authorised in the admin center."""
    for name, environment in _of(world, tenant).items():
        known = environment["admin_center_applications"].values()
        listed = any(app["client_id"].lower() == caller.app_id.lower() for app in known)
        if caller.upn is None and not (listed and ADMIN_PERMISSION in caller.roles):
            text = f"The application is not authorised to administer {name}."
            raise BusinessCentralError(403, "Unauthorized", text)
    return [
        _row(world, tenant, name, each)
        | {
            "friendlyName": name,
            "applicationVersion": each["version"],
            "platformVersion": each["version"],
            "status": each["status"],
            "locationName": "North Europe",
            "geoName": "EU",
            "appInsightsKey": None,
            "softDeletedOn": None,
            "versionDetails": {"version": each["version"]},
        }
        for name, each in _of(world, tenant).items()
    ]


def _of(world: World, tenant: str) -> dict[str, Row]:
    environments = world.facts["business_central"]
    return {name: each for name, each in environments.items() if each["tenant"] == tenant}


def _row(world: World, tenant: str, name: str, environment: Row) -> Row:
    tenant_id = world.facts["tenants"][tenant]["id"]
    return {
        "aadTenantId": tenant_id,
        "applicationFamily": "BusinessCentral",
        "type": environment["type"],
        "name": name,
        "countryCode": environment["country"],
        "webServiceUrl": f"https://{BUSINESS_CENTRAL}",
        "webClientLoginUrl": f"https://businesscentral.dynamics.com/{tenant_id}/{name}",
        "ringName": "PROD",
    }
