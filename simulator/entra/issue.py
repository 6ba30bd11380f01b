"""What goes into an answer of the token endpoint."""

import base64
import json
import secrets
from typing import Any

from simulator.entra.clouds import cloud_of
from simulator.entra.errors import EntraError
from simulator.entra.resources import Resource
from simulator.entra.tokens import ISSUER, Signer, times

LIFETIME = 3599


class Issuer:
    def __init__(self, signer: Signer) -> None:
        self.signer = signer
        self._refresh: dict[str, tuple[str, str, str, str]] = {}

    def for_app(
        self, tenant: dict[str, Any], app: dict[str, Any], resource: Resource
    ) -> dict[str, Any]:
        """App permissions become `roles`; Dataverse has none, it knows its application users."""
        claims: dict[str, Any] = {"appidacr": "1", "oid": app["object_id"], "sub": app["object_id"]}
        if resource.kind == "business_central":
            claims["roles"] = app["consents"].get(resource.kind, [])
        return self._answer(tenant, app, resource, claims)

    def for_account(
        self,
        tenant: dict[str, Any],
        app: dict[str, Any],
        upn: str,
        account: dict[str, Any],
        resource: Resource,
        scope: str,
    ) -> dict[str, Any]:
        if not app["consents"].get(resource.kind):
            raise EntraError(65001, name=resource.audience)
        object_id = account["object_id"]
        claims = {"oid": object_id, "sub": object_id, "upn": upn, "scp": "user_impersonation"}
        answer = self._answer(tenant, app, resource, claims) | {"scope": scope}
        asked = scope.split()
        if "offline_access" in asked:
            token = secrets.token_urlsafe(48)
            self._refresh[token] = (app["client_id"], tenant["id"], upn, scope)
            answer["refresh_token"] = token
        if "openid" in asked:
            answer["id_token"] = self._id_token(tenant, app, upn, account)
            answer["client_info"] = _client_info(object_id, tenant["id"])
        return answer

    def refreshed(self, token: str, client_id: str) -> tuple[str, str, str] | None:
        """Tenant id, account and scope that a refresh token stands for."""
        known = self._refresh.get(token)
        return known[1:] if known and known[0].lower() == client_id.lower() else None

    def _answer(
        self,
        tenant: dict[str, Any],
        app: dict[str, Any],
        resource: Resource,
        claims: dict[str, Any],
    ) -> dict[str, Any]:
        lifetime = tenant.get("token_lifetime", LIFETIME)
        token = self.signer.sign(
            {
                "aud": resource.audience,
                "iss": ISSUER.format(tenant["id"]),
                **times(lifetime),
                "appid": app["client_id"],
                "tid": tenant["id"],
                "uti": secrets.token_urlsafe(16),
                "ver": "1.0",
                **claims,
            }
        )
        return {
            "token_type": "Bearer",
            "expires_in": lifetime,
            "ext_expires_in": lifetime,
            "access_token": token,
        }

    def _id_token(
        self, tenant: dict[str, Any], app: dict[str, Any], upn: str, account: dict[str, Any]
    ) -> str:
        return self.signer.sign(
            {
                "aud": app["client_id"],
                "iss": f"https://{cloud_of(tenant).host}/{tenant['id']}/v2.0",
                **times(LIFETIME),
                "name": account["display_name"],
                "oid": account["object_id"],
                "sub": account["object_id"],
                "preferred_username": upn,
                "tid": tenant["id"],
                "ver": "2.0",
            }
        )


def _client_info(object_id: str, tenant_id: str) -> str:
    raw = json.dumps({"uid": object_id, "utid": tenant_id}).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
