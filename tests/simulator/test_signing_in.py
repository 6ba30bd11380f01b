"""Entra ID gives tokens for good credentials, and refuses others by their number."""

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msal
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.healthy.people import INTEGRATION
from tests.simulator.conftest import LOGIN, MsalClient, Number, Visitor


@pytest.fixture
def msal_client(visitor: Visitor, trust: ssl.SSLContext) -> Iterator[MsalClient]:
    with httpx.Client(proxy=visitor.ready["proxy"], verify=trust, trust_env=False) as http:
        yield MsalClient(http)


async def _msal(visitor: Visitor, client: MsalClient, credential: Any) -> dict[str, Any]:
    def sign_in() -> dict[str, Any]:
        app = msal.ConfidentialClientApplication(
            visitor.ready["apps"]["bot"]["client_id"],
            client_credential=credential,
            authority=f"{LOGIN}/{visitor.ready['tenant']}",
            http_client=client,
        )
        result: dict[str, Any] = app.acquire_token_for_client(
            [f"{visitor.ready['sales_url']}/.default"]
        )
        return result

    return await asyncio.to_thread(sign_in)


def _certificate() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bot.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


async def test_msal_signs_in_with_a_secret(visitor: Visitor, msal_client: MsalClient) -> None:
    result = await _msal(visitor, msal_client, visitor.ready["apps"]["bot"]["client_secret"])
    assert result["token_type"] == "Bearer"
    assert result["expires_in"] == 3599


async def test_msal_signs_in_with_a_registered_certificate(
    visitor: Visitor, msal_client: MsalClient
) -> None:
    private, public = _certificate()
    await visitor.patch({"apps": {"bot": {"certificates": {"new": {"pem": public}}}}})
    credential = {"private_key": private, "public_certificate": public}
    result = await _msal(visitor, msal_client, credential)
    assert result.get("token_type") == "Bearer", result


async def test_certificate_that_is_not_registered_is_refused(
    visitor: Visitor, msal_client: MsalClient
) -> None:
    private, public = _certificate()
    credential = {"private_key": private, "public_certificate": public}
    result = await _msal(visitor, msal_client, credential)
    assert result["error_codes"] == [700027]


@pytest.mark.parametrize(
    ("form", "status", "number"),
    [
        ({"client_secret": "wrong"}, 401, 7000215),
        ({"client_secret": ""}, 401, 7000218),
        ({"client_id": "4a3c6f36-3a5e-4e2f-9f0b-2f9c5d9b1234"}, 400, 700016),
        ({"client_id": "bot"}, 400, 700038),
        ({"client_id": ""}, 400, 900144),
        ({"grant_type": "magic"}, 400, 70003),
        ({"grant_type": ""}, 400, 900144),
        ({"scope": ""}, 400, 900144),
        ({"scope": "https://adventure-example.crm4.dynamics.com/read"}, 400, 70011),
        ({"scope": "https://elsewhere.crm4.dynamics.com/.default"}, 400, 500011),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, 70000),
    ],
)
async def test_bad_request_for_a_token_is_refused_by_its_number(
    visitor: Visitor, aadsts: Number, form: dict[str, str], status: int, number: int
) -> None:
    answer = await visitor.sign_in(visitor.ready["sales_url"], **form)
    assert (answer.status_code, aadsts(answer)) == (status, number)


async def test_unknown_tenant_is_refused(visitor: Visitor, aadsts: Number) -> None:
    body = {"grant_type": "client_credentials"}
    answer = await visitor.http.post(f"{LOGIN}/nowhere.example/oauth2/v2.0/token", data=body)
    assert (answer.status_code, aadsts(answer)) == (400, 90002)


async def test_tenant_is_known_by_its_domain_too(visitor: Visitor) -> None:
    domain = visitor.simulation.world.facts["tenants"]["adventure"]["domain"]
    answer = await visitor.http.get(f"{LOGIN}/{domain}/v2.0/.well-known/openid-configuration")
    assert visitor.ready["tenant"] in answer.json()["token_endpoint"]


async def _password(visitor: Visitor, **form: str) -> httpx.Response:
    account = visitor.simulation.world.facts["accounts"][INTEGRATION]
    body = {
        "grant_type": "password",
        "client_id": visitor.ready["apps"]["admin"]["client_id"],
        "username": INTEGRATION,
        "password": account["password"],
        "scope": f"{visitor.ready['sales_url']}/.default openid offline_access",
    }
    address = f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0/token"
    return await visitor.http.post(address, data=body | form)


async def test_integration_user_signs_in_with_a_password(visitor: Visitor) -> None:
    answer = (await _password(visitor)).json()
    assert {"access_token", "refresh_token", "id_token", "client_info"} <= answer.keys()
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    who = await visitor.http.get(
        f"{visitor.ready['sales_url']}/api/data/v9.2/WhoAmI", headers=headers
    )
    assert who.json()["UserId"] == visitor.row("systemusers", "integration")["systemuserid"]


async def test_refresh_token_brings_a_new_token(visitor: Visitor) -> None:
    first = (await _password(visitor)).json()
    body = {
        "grant_type": "refresh_token",
        "refresh_token": first["refresh_token"],
        "client_id": visitor.ready["apps"]["admin"]["client_id"],
    }
    address = f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0/token"
    assert (await visitor.http.post(address, data=body)).status_code == 200


@pytest.mark.parametrize(
    ("state", "number"),
    [
        ({"enabled": False}, 50057),
        ({"locked": True}, 50053),
        ({"password_expired": True}, 50055),
        ({"mfa_required": True}, 50076),
        ({"must_register_mfa": True}, 50079),
        ({"assigned": False}, 50105),
        ({"password": "another"}, 50126),
        ({"federated": True}, 70002),
    ],
)
async def test_account_in_trouble_cannot_sign_in(
    visitor: Visitor, aadsts: Number, state: dict[str, Any], number: int
) -> None:
    password = visitor.simulation.world.facts["accounts"][INTEGRATION]["password"]
    await visitor.patch({"accounts": {INTEGRATION: state}})
    assert aadsts(await _password(visitor, password=password)) == number


async def test_user_name_that_nobody_has_is_refused(visitor: Visitor, aadsts: Number) -> None:
    assert aadsts(await _password(visitor, username="nobody@contoso.example")) == 50034


async def test_public_client_must_not_send_a_secret(visitor: Visitor, aadsts: Number) -> None:
    assert aadsts(await _password(visitor, client_secret="x")) == 700025


async def test_account_needs_the_apps_consent(visitor: Visitor, aadsts: Number) -> None:
    await visitor.patch({"apps": {"admin": {"consents": {"dataverse": None}}}})
    assert aadsts(await _password(visitor)) == 65001


async def test_msal_finds_realm_and_clouds(visitor: Visitor) -> None:
    realm = await visitor.http.get(f"{LOGIN}/common/userrealm/{INTEGRATION}?api-version=1.0")
    clouds = await visitor.http.get(f"{LOGIN}/common/discovery/instance?api-version=1.1")
    assert realm.json()["account_type"] == "Managed"
    assert clouds.json()["metadata"]


async def test_keys_verify_the_tokens(visitor: Visitor) -> None:
    keys = await visitor.http.get(f"{LOGIN}/{visitor.ready['tenant']}/discovery/v2.0/keys")
    (key,) = keys.json()["keys"]
    assert (key["kty"], key["alg"]) == ("RSA", "RS256")


async def test_unknown_route_says_so(visitor: Visitor) -> None:
    answer = await visitor.http.get(f"{LOGIN}/common/oauth2/authorize")
    assert answer.status_code == 501
    assert "does not simulate" in answer.text
