"""What Entra publishes about itself: metadata, keys, clouds and realms.

entra/v2-protocols-oidc.md for the metadata; msal's source for the other two.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from simulator.entra.clouds import CLOUDS, PUBLIC, Cloud, cloud_of
from simulator.entra.errors import EntraError
from simulator.entra.grants import MANY_TENANTS
from simulator.world import World

CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of all personal accounts."""


def configuration(world: World, name: str, cloud: Cloud) -> dict[str, Any]:
    """A tenant's names the login of the cloud that it lives in, wherever it is asked."""
    realm = name
    if name not in MANY_TENANTS:
        found = world.tenant_of(name)
        if found is None:
            raise EntraError(90002, name=name)
        realm, cloud = found[1]["id"], cloud_of(found[1])
    root = f"https://{cloud.host}/{realm}"
    issued = "{tenantid}" if name in MANY_TENANTS else realm
    if name == "consumers":
        issued = CONSUMERS
    return {
        "token_endpoint": f"{root}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic",
        ],
        "jwks_uri": f"{root}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"https://{cloud.host}/{issued}/v2.0",
        "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
        "end_session_endpoint": f"{root}/oauth2/v2.0/logout",
        "tenant_region_scope": None if name in MANY_TENANTS else "EU",
        "cloud_instance_name": cloud.instance,
    }


def instances(query: Mapping[str, str]) -> dict[str, Any]:
    """Which hosts are Entra's: version 1.0 says where to go on, 1.1 lists the clouds too.

    Inferred: what is answered where a parameter is missing.
    """
    version = query.get("api-version", "")
    if not version:
        raise EntraError(900144, name="api-version")
    asked = urlsplit(query.get("authorization_endpoint", f"https://{CLOUDS[PUBLIC].host}/common"))
    if asked.hostname not in {host for cloud in CLOUDS.values() for host in _hosts(cloud)}:
        raise EntraError(50049, name=asked.hostname or "")
    realm = asked.path.strip("/").partition("/")[0] or "common"
    found = f"https://{asked.hostname}/{realm}/v2.0/.well-known/openid-configuration"
    if version == "1.0":
        return {"tenant_discovery_endpoint": found}
    clouds = [
        {
            "preferred_network": cloud.host,
            "preferred_cache": cloud.cache,
            "aliases": list(_hosts(cloud)),
        }
        for cloud in CLOUDS.values()
    ]
    return {"tenant_discovery_endpoint": found, "api-version": "1.1", "metadata": clouds}


def _hosts(cloud: Cloud) -> tuple[str, ...]:
    return (cloud.host, *cloud.aliases)


def realm(world: World, upn: str, cloud: Cloud) -> dict[str, Any]:
    """Who checks the password of a user name."""
    domain = upn.rpartition("@")[2].lower()
    tenants = world.facts["tenants"].values()
    if domain not in {tenant["domain"].lower() for tenant in tenants}:
        return {"ver": "1.0", "account_type": "Unknown", "cloud_instance_name": cloud.instance}
    accounts = {name.lower(): account for name, account in world.facts["accounts"].items()}
    common = {
        "ver": "1.0",
        "account_type": "Managed",
        "domain_name": domain,
        "cloud_instance_name": cloud.instance,
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    }
    if not accounts.get(upn.lower(), {}).get("federated"):
        return common
    return common | {
        "account_type": "Federated",
        "federation_protocol": "WSTrust",
        "federation_metadata_url": f"https://sts.{domain}/adfs/services/trust/mex",
        "federation_active_auth_url": f"https://sts.{domain}/adfs/services/trust/2005/usernamemixed",
    }
