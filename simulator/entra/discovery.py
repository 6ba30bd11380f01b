"""What Entra publishes about itself: metadata, keys, clouds and realms.

entra/v2-protocols-oidc.md for the metadata; msal's source for the other two.
"""

from typing import Any

from simulator.entra.errors import EntraError
from simulator.entra.grants import MANY_TENANTS
from simulator.hosts import LOGIN
from simulator.world import World


def configuration(world: World, name: str) -> dict[str, Any]:
    realm = name
    if name not in MANY_TENANTS:
        found = world.tenant_of(name)
        if found is None:
            raise EntraError(90002, name=name)
        realm = found[1]["id"]
    root = f"https://{LOGIN}/{realm}"
    issued = "{tenantid}" if name in MANY_TENANTS else realm
    return {
        "token_endpoint": f"{root}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "jwks_uri": f"{root}/discovery/v2.0/keys",
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"https://{LOGIN}/{issued}/v2.0",
        "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
        "end_session_endpoint": f"{root}/oauth2/v2.0/logout",
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
    }


def instances() -> dict[str, Any]:
    cloud = {"preferred_network": LOGIN, "preferred_cache": LOGIN, "aliases": [LOGIN]}
    return {
        "tenant_discovery_endpoint": f"https://{LOGIN}/common/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [cloud],
    }


def realm(world: World, upn: str) -> dict[str, Any]:
    domain = upn.rpartition("@")[2].lower()
    domains = {tenant["domain"].lower() for tenant in world.facts["tenants"].values()}
    if domain not in domains:
        return {
            "ver": "1.0",
            "account_type": "Unknown",
            "cloud_instance_name": "microsoftonline.com",
        }
    account = world.facts["accounts"].get(upn, {})
    return {
        "ver": "1.0",
        "account_type": "Federated" if account.get("federated") else "Managed",
        "domain_name": domain,
        "cloud_instance_name": "microsoftonline.com",
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    }
