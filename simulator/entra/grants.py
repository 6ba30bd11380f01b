"""The grants of the token endpoint: one row each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from simulator.entra.clouds import Cloud, cloud_of
from simulator.entra.credentials import prove, prove_if_confidential
from simulator.entra.device import DeviceCodes
from simulator.entra.errors import EntraError
from simulator.entra.issue import Issuer
from simulator.entra.resources import resource_of
from simulator.world import World

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
INTERACTION = (50076, 50079, 53000, 53003, 530032)
"""What a person could still do something about (v2-conditional-access-dev-guide)."""
MANY_TENANTS = ("common", "organizations", "consumers")


@dataclass(frozen=True)
class Asked:
    """One request to the token endpoint."""

    world: World
    issuer: Issuer
    devices: DeviceCodes
    tenant_name: str
    form: Mapping[str, str]
    cloud: Cloud

    def needs(self, name: str) -> str:
        value = self.form.get(name, "")
        if not value:
            raise EntraError(900144, name=name)
        return value

    def tenant(self) -> tuple[str, dict[str, Any]]:
        if self.tenant_name in MANY_TENANTS:
            raise EntraError(9001023, name=self.tenant_name)
        return self._of_this_cloud(*tenant_named(self.world, self.tenant_name))

    def any_tenant(self) -> tuple[str, dict[str, Any]]:
        """For many tenants at once: the first of this cloud, because no one is named yet."""
        if self.tenant_name not in MANY_TENANTS:
            return self.tenant()
        for key, tenant in self.world.facts["tenants"].items():
            if cloud_of(tenant) is self.cloud:
                return key, tenant
        raise EntraError(90002, name=self.tenant_name)

    def _of_this_cloud(self, key: str, tenant: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Inferred: which number the login of another cloud gives."""
        if cloud_of(tenant) is not self.cloud:
            raise EntraError(90038)
        return key, tenant

    def app(self, tenant: str) -> dict[str, Any]:
        client_id = self.needs("client_id")
        if not _is_guid(client_id):
            raise EntraError(700038, name=client_id)
        found = self.world.app_of(client_id, tenant)
        if found is None:
            raise EntraError(700016, name=client_id, tenant=self.tenant_name)
        return found[1]

    def willing_app(self, tenant: str) -> dict[str, Any]:
        """The app, unless the world says that its grants are refused."""
        app = self.app(tenant)
        refuse_told(app, app["client_id"])
        return app


def tenant_named(world: World, name: str) -> tuple[str, dict[str, Any]]:
    found = world.tenant_of(name)
    if found is None:
        raise EntraError(90002, name=name)
    return found


def endpoints(tenant: dict[str, Any]) -> list[str]:
    """The token endpoint's addresses, which an assertion may name as its audience."""
    login = f"https://{cloud_of(tenant).host}"
    return [f"{login}/{name}/oauth2/v2.0/token" for name in (tenant["id"], tenant["domain"])]


def client_credentials(asked: Asked) -> dict[str, Any]:
    """An app alone (entra/v2-oauth2-client-creds-grant-flow.md)."""
    key, tenant = asked.tenant()
    app = asked.willing_app(key)
    prove(app, asked.form, endpoints(tenant))
    resource = resource_of(asked.world, key, asked.needs("scope"), app_only=True)
    return asked.issuer.for_app(tenant, app, resource)


def password(asked: Asked) -> dict[str, Any]:
    """User name and password (entra/v2-oauth-ropc.md)."""
    username = asked.needs("username")
    key, tenant, account = _account(asked, username)
    app = asked.willing_app(key)
    prove_if_confidential(app, asked.form, endpoints(tenant))
    scope = asked.needs("scope")
    resource = resource_of(asked.world, key, scope, app_only=False)
    refuse_account(username, account, asked.needs("password"))
    return asked.issuer.for_account(tenant, app, username, account, resource, scope)


def device_code(asked: Asked) -> dict[str, Any]:
    """One poll (entra/v2-oauth2-device-code.md); `code` is msal-node's spelling."""
    code = asked.form.get("device_code") or asked.needs("code")
    flow = asked.devices.given(code, asked.needs("client_id"))
    key, tenant = tenant_named(asked.world, flow.tenant_id)
    app = asked.willing_app(key)
    flow.refuse_undecided()
    prove_if_confidential(app, asked.form, endpoints(tenant))
    account = asked.world.facts["accounts"].get(flow.account)
    if account is None:
        raise EntraError(50034, name=flow.account, tenant=tenant["domain"])
    refuse_account(flow.account, account, None)
    resource = resource_of(asked.world, key, flow.scope, app_only=False)
    asked.devices.spend(code)
    return asked.issuer.for_account(tenant, app, flow.account, account, resource, flow.scope)


def refresh_token(asked: Asked) -> dict[str, Any]:
    given = asked.issuer.refreshed(asked.needs("refresh_token"), asked.needs("client_id"))
    if given is None:
        raise EntraError(70000)
    tenant_id, upn, old_scope = given
    key, tenant = tenant_named(asked.world, tenant_id)
    app = asked.willing_app(key)
    prove_if_confidential(app, asked.form, endpoints(tenant))
    account = asked.world.facts["accounts"].get(upn)
    if account is None:
        raise EntraError(50034, name=upn, tenant=tenant["domain"])
    refuse_account(upn, account, None)
    scope = asked.form.get("scope") or old_scope
    resource = resource_of(asked.world, key, scope, app_only=False)
    return asked.issuer.for_account(tenant, app, upn, account, resource, scope)


def refuse_told(facts: dict[str, Any], name: str) -> None:
    """The fact `refuse` of an app or an account: the number of the refusal."""
    number = facts.get("refuse")
    if number is None:
        return
    claims = facts.get("claims", "") if number in INTERACTION else ""
    raise EntraError(number, name=name, claims=claims, retry_after=facts.get("retry_after"))


def refuse_account(upn: str, account: dict[str, Any], given: str | None) -> None:
    """Raises what stands against this account signing in.

    None stands for a person in a browser: no password is checked, MFA and enrolment happen there.
    """
    refuse_told(account, upn)
    if account["locked"]:
        raise EntraError(50053)
    if given is not None:
        if account["federated"]:
            raise EntraError(70002)
        if given != account["password"]:
            raise EntraError(50126)
    if not account["enabled"]:
        raise EntraError(50057)
    if given is not None:
        _refuse_password_alone(account)
    if not account.get("assigned", True):
        raise EntraError(50105, name=upn)


def _refuse_password_alone(account: dict[str, Any]) -> None:
    if account["password_expired"]:
        raise EntraError(50055)
    if account.get("must_register_mfa"):
        raise EntraError(50079, claims=account.get("claims", ""))
    if account["mfa_required"]:
        raise EntraError(50076, claims=account.get("claims", ""))


def _account(asked: Asked, username: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    accounts = {upn.lower(): row for upn, row in asked.world.facts["accounts"].items()}
    account = accounts.get(username.lower())
    if asked.tenant_name == "organizations" and account is not None:
        key = account["tenant"]
        tenant = asked.world.facts["tenants"][key]
        if cloud_of(tenant) is asked.cloud:
            return key, tenant, account
        raise EntraError(50034, name=username, tenant=asked.tenant_name)
    key, tenant = asked.tenant()
    if account is None or account["tenant"] != key:
        raise EntraError(50034, name=username, tenant=tenant["domain"])
    return key, tenant, account


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


GRANTS: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "client_credentials": client_credentials,
    "password": password,
    DEVICE_GRANT: device_code,
    "device_code": device_code,
    "refresh_token": refresh_token,
}
