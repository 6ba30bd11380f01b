"""Microsoft's msal signs in by every way that the bot offers, and is told what does not work."""

import asyncio
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jwt
import msal
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from simulator.healthy.people import INTEGRATION
from tests.simulator.conftest import LOGIN, MsalClient, Visitor
from tests.simulator.test_signing_in import _certificate

US = "https://login.microsoftonline.us"
Json = dict[str, Any]


@pytest.fixture
def client(visitor: Visitor, trust: ssl.SSLContext) -> Iterator[MsalClient]:
    with httpx.Client(proxy=visitor.ready["proxy"], verify=trust, trust_env=False) as http:
        yield MsalClient(http)


def _scopes(visitor: Visitor) -> list[str]:
    return [f"{visitor.ready['sales_url']}/.default"]


async def _as_app(
    visitor: Visitor, client: MsalClient, credential: Any, authority: str = LOGIN
) -> Json:
    def sign_in() -> Json:
        app = msal.ConfidentialClientApplication(
            visitor.ready["apps"]["bot"]["client_id"],
            client_credential=credential,
            authority=f"{authority}/{visitor.ready['tenant']}",
            http_client=client,
        )
        result: Json = app.acquire_token_for_client(_scopes(visitor))
        return result

    return await asyncio.to_thread(sign_in)


async def _as_person(
    visitor: Visitor, client: MsalClient, act: Callable[[msal.PublicClientApplication], Json]
) -> Json:
    def sign_in() -> Json:
        app = msal.PublicClientApplication(
            visitor.ready["apps"]["admin"]["client_id"],
            authority=f"{LOGIN}/{visitor.ready['tenant']}",
            http_client=client,
        )
        return act(app)

    return await asyncio.to_thread(sign_in)


async def _is_known_to_sales(visitor: Visitor, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    address = f"{visitor.ready['sales_url']}/api/data/v9.2/WhoAmI"
    return (await visitor.http.get(address, headers=headers)).status_code == 200


def _thumbprint(public: str) -> str:
    certificate = x509.load_pem_x509_certificate(public.encode())
    return certificate.fingerprint(hashes.SHA1()).hex()  # noqa: S303 - msal's older shape


def _with_thumbprint(private: str, public: str, _: Any) -> Json:
    return {"private_key": private, "thumbprint": _thumbprint(public)}


def _with_certificate(private: str, public: str, _: Any) -> Json:
    return {"private_key": private, "public_certificate": public}


def _with_both(private: str, public: str, _: Any) -> Json:
    thumbprint = _thumbprint(public)
    return {"private_key": private, "thumbprint": thumbprint, "public_certificate": public}


def _encrypted(private: str, public: str, _: Any) -> Json:
    key = serialization.load_pem_private_key(private.encode(), None)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"made up"),
    )
    thumbprint = _thumbprint(public)
    return {"private_key": pem.decode(), "thumbprint": thumbprint, "passphrase": "made up"}


def _pfx(private: str, public: str, folder: Any) -> Json:
    key = serialization.load_pem_private_key(private.encode(), None)
    certificate = x509.load_pem_x509_certificate(public.encode())
    assert isinstance(key, rsa.RSAPrivateKey)
    packed = pkcs12.serialize_key_and_certificates(
        b"bot", key, certificate, None, serialization.BestAvailableEncryption(b"made up")
    )
    path = folder / "bot.pfx"
    path.write_bytes(packed)
    return {"private_key_pfx_path": str(path), "passphrase": "made up", "public_certificate": True}


SHAPES = (_with_thumbprint, _with_certificate, _with_both, _encrypted, _pfx)


async def test_a_secret_signs_in(visitor: Visitor, client: MsalClient) -> None:
    result = await _as_app(visitor, client, visitor.ready["apps"]["bot"]["client_secret"])
    assert (result["token_type"], result["expires_in"]) == ("Bearer", 3599)
    assert await _is_known_to_sales(visitor, result["access_token"])


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
async def test_a_certificate_signs_in_in_every_shape_that_msal_takes(
    visitor: Visitor, client: MsalClient, shape: Any, tmp_path: Any
) -> None:
    private, public = _certificate()
    await visitor.patch({"apps": {"bot": {"certificates": {"new": {"pem": public}}}}})
    result = await _as_app(visitor, client, shape(private, public, tmp_path))
    assert await _is_known_to_sales(visitor, result.get("access_token", str(result)))


async def test_an_assertion_signs_in_again_while_it_holds(
    visitor: Visitor, client: MsalClient
) -> None:
    private, public = _certificate()
    await visitor.patch({"apps": {"bot": {"certificates": {"new": {"pem": public}}}}})
    said = _assertion(visitor, private, public)
    for _ in range(2):
        assert "access_token" in await _as_app(visitor, client, {"client_assertion": lambda: said})


def _assertion(visitor: Visitor, private: str, public: str, **other: Any) -> str:
    client_id = visitor.ready["apps"]["bot"]["client_id"]
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0/token",
        "exp": time.time() + 600,
        "jti": "once",
    }
    given = claims | {key: value for key, value in other.items() if key in {*claims, "nbf"}}
    headers = other.get("headers", {"kid": _thumbprint(public).upper()})
    return jwt.encode(given, private, "RS256", headers=headers)


@pytest.mark.parametrize(
    ("other", "number"),
    [
        ({"sub": "another"}, 700021),
        ({"aud": "https://login.microsoftonline.com/common"}, 700023),
        ({"exp": 1}, 700024),
        ({"nbf": 4_000_000_000}, 700024),
        ({"headers": {"kid": "0" * 40}}, 700027),
        ({"headers": {}}, 50027),
    ],
)
async def test_an_assertion_that_is_wrong_is_refused_by_its_number(
    visitor: Visitor, client: MsalClient, other: Json, number: int
) -> None:
    private, public = _certificate()
    await visitor.patch({"apps": {"bot": {"certificates": {"new": {"pem": public}}}}})
    said = _assertion(visitor, private, public, **other)
    result = await _as_app(visitor, client, {"client_assertion": lambda: said})
    assert result["error_codes"] == [number]


async def test_another_apps_certificate_does_not_sign(visitor: Visitor, client: MsalClient) -> None:
    private, public = _certificate()
    await visitor.patch({"apps": {"admin": {"certificates": {"new": {"pem": public}}}}})
    result = await _as_app(visitor, client, _with_certificate(private, public, None))
    assert result["error_codes"] == [700027]


async def test_a_federated_assertion_signs_in(visitor: Visitor, client: MsalClient) -> None:
    private, public = _certificate()
    certificate = x509.load_pem_x509_certificate(public.encode())
    pem = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    trusted = {
        "issuer": "https://issuer.example",
        "subject": "the bot",
        "audience": "api://AzureADTokenExchange",
        "pem": pem.decode(),
    }
    await visitor.patch({"apps": {"bot": {"federated": {"cluster": trusted}}}})
    said = {"iss": "https://issuer.example", "sub": "the bot", "aud": trusted["audience"]}
    assertion = jwt.encode(said | {"exp": time.time() + 300}, private, "RS256")
    result = await _as_app(visitor, client, {"client_assertion": lambda: assertion})
    assert await _is_known_to_sales(visitor, result["access_token"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_a_password_signs_in_and_its_token_is_refreshed_silently(
    visitor: Visitor, client: MsalClient
) -> None:
    password = visitor.simulation.world.facts["accounts"][INTEGRATION]["password"]

    def act(app: msal.PublicClientApplication) -> Json:
        first = app.acquire_token_by_username_password(INTEGRATION, password, _scopes(visitor))
        assert "access_token" in first, first
        (account,) = app.get_accounts(username=INTEGRATION)
        again: Json = app.acquire_token_silent(_scopes(visitor), account, force_refresh=True)
        assert again["access_token"] != first["access_token"]
        third: Json = app.acquire_token_silent(_scopes(visitor), account, force_refresh=True)
        return third

    result = await _as_person(visitor, client, act)
    assert result["token_source"] == "identity_provider"
    assert await _is_known_to_sales(visitor, result["access_token"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_what_only_a_person_can_give_comes_with_its_claims(
    visitor: Visitor, client: MsalClient
) -> None:
    await visitor.become("interaction-required")
    account = visitor.simulation.world.facts["accounts"][INTEGRATION]

    def act(app: msal.PublicClientApplication) -> Json:
        result: Json = app.acquire_token_by_username_password(
            INTEGRATION, account["password"], _scopes(visitor)
        )
        return result

    result = await _as_person(visitor, client, act)
    assert (result["error"], result["error_codes"]) == ("interaction_required", [50076])
    assert result["claims"] == account["claims"]


async def _by_device_code(
    visitor: Visitor, client: MsalClient, after_first_poll: Callable[[str], Any]
) -> Json:
    """Polls once, lets something happen, and polls until there is an answer."""
    await visitor.patch({"tenants": {"adventure": {"device_interval": 1}}})
    loop = asyncio.get_running_loop()

    def act(app: msal.PublicClientApplication) -> Json:
        flow = app.initiate_device_flow(_scopes(visitor))
        first: Json = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
        assert first["error"] == "authorization_pending"
        asyncio.run_coroutine_threadsafe(after_first_poll(flow["user_code"]), loop).result(10)
        result: Json = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
        return result

    return await _as_person(visitor, client, act)


async def test_a_device_code_that_is_entered_signs_in(visitor: Visitor, client: MsalClient) -> None:
    async def enter(code: str) -> None:
        said = {"user_code": code, "account": INTEGRATION}
        assert (await visitor.control.post("/_entra/device", json=said)).status_code == 204

    result = await _by_device_code(visitor, client, enter)
    assert result["id_token_claims"]["preferred_username"] == INTEGRATION
    assert await _is_known_to_sales(visitor, result["access_token"])


async def test_a_device_code_may_be_declined(visitor: Visitor, client: MsalClient) -> None:
    async def decline(code: str) -> None:
        said = {"user_code": code, "account": INTEGRATION, "approve": False}
        assert (await visitor.control.post("/_entra/device", json=said)).status_code == 204

    result = await _by_device_code(visitor, client, decline)
    assert result["error"] == "authorization_declined"


async def test_a_device_code_expires(visitor: Visitor, client: MsalClient) -> None:
    await visitor.patch({"tenants": {"adventure": {"device_lifetime": 0}}})

    def act(app: msal.PublicClientApplication) -> Json:
        flow = app.initiate_device_flow(_scopes(visitor)) | {"expires_at": time.time() + 60}
        result: Json = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
        return result

    assert (await _as_person(visitor, client, act))["error"] == "expired_token"


async def test_msal_is_told_to_ask_less_often(visitor: Visitor, client: MsalClient) -> None:
    """RFC 8628 has slow_down; Entra's page does not name it, so only a rule brings it."""

    async def be_busy(_: str) -> None:
        busy = {"site": "entra", "method": "POST", "status": 400, "json": {"error": "slow_down"}}
        assert (await visitor.control.post("/_faults", json=busy)).status_code == 201

    result = await _by_device_code(visitor, client, be_busy)
    assert result["error"] == "slow_down"


async def test_a_tenant_signs_in_at_its_own_cloud_only(
    visitor: Visitor, client: MsalClient
) -> None:
    await visitor.patch({"tenants": {"adventure": {"cloud": "us"}}})
    secret = visitor.ready["apps"]["bot"]["client_secret"]
    result = await _as_app(visitor, client, secret, US)
    assert await _is_known_to_sales(visitor, result["access_token"])
    form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": secret}
    public = f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0/token"
    answer = await visitor.http.post(public, data=form)
    assert answer.json()["error_codes"] == [90038]


async def test_busy_entra_says_how_long_to_wait(visitor: Visitor, client: MsalClient) -> None:
    await visitor.become("entra-throttled")
    answer = await visitor.sign_in(visitor.ready["sales_url"])
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert answer.headers["x-ms-request-id"] == answer.json()["trace_id"]
    result = await _as_app(visitor, client, visitor.ready["apps"]["bot"]["client_secret"])
    assert result["error_codes"] == [90055]


async def test_msal_finds_the_metadata_of_tenants_and_of_many(
    visitor: Visitor, client: MsalClient
) -> None:
    for name in (visitor.ready["tenant"], "common", "organizations"):
        found = await visitor.http.get(f"{LOGIN}/{name}/v2.0/.well-known/openid-configuration")
        assert found.json()["token_endpoint"] == f"{LOGIN}/{name}/oauth2/v2.0/token"
        await asyncio.to_thread(
            msal.PublicClientApplication,
            visitor.ready["apps"]["admin"]["client_id"],
            authority=f"{LOGIN}/{name}",
            http_client=client,
        )


@pytest.mark.parametrize(
    ("version", "keys"),
    [
        ("1.0", {"tenant_discovery_endpoint"}),
        ("1.1", {"tenant_discovery_endpoint", "api-version", "metadata"}),
    ],
)
async def test_instance_discovery_knows_the_logins_and_no_other_host(
    visitor: Visitor, version: str, keys: set[str]
) -> None:
    async def ask(host: str) -> httpx.Response:
        query = {"api-version": version, "authorization_endpoint": f"https://{host}/x/authorize"}
        return await visitor.http.get(f"{LOGIN}/common/discovery/instance", params=query)

    known = await ask("login.windows.net")
    assert known.json().keys() == keys
    unknown = await ask("login.example.com")
    assert (unknown.status_code, unknown.json()["error"]) == (400, "invalid_instance")


async def test_the_published_key_verifies_every_token(visitor: Visitor) -> None:
    keys = await visitor.http.get(f"{LOGIN}/{visitor.ready['tenant']}/discovery/v2.0/keys")
    token = await visitor.token(visitor.ready["sales_url"])
    key = jwt.PyJWKSet.from_dict(keys.json())[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, audience=visitor.ready["sales_url"])
    assert claims["tid"] == visitor.ready["tenant"]


async def test_a_secret_may_come_by_basic_authentication(visitor: Visitor) -> None:
    given = visitor.ready["apps"]["bot"]
    form = {
        "grant_type": "client_credentials",
        "scope": f"{visitor.ready['sales_url']}/.default",
    }
    address = f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0/token"
    pair = (given["client_id"], given["client_secret"])
    assert (await visitor.http.post(address, data=form, auth=pair)).status_code == 200
    wrong = await visitor.http.post(address, data=form, auth=(given["client_id"], "wrong"))
    assert wrong.json()["error_codes"] == [7000215]
