"""Microsoft's own library for Azure signs in at the simulated Entra ID, by each of its ways."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    ManagedIdentityCredential,
    UsernamePasswordCredential,
)
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulator.healthy.people import INTEGRATION
from tests.simulator.conftest import Visitor
from tests.simulator.test_signing_in import _certificate


@pytest.fixture
def surroundings(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library takes proxy and authorities from the environment."""
    monkeypatch.setenv("HTTPS_PROXY", visitor.ready["proxy"])
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, visitor.ready["ca_file"])


async def _claims(visitor: Visitor, credential: Any) -> dict[str, Any]:
    scope = f"{visitor.ready['sales_url']}/.default"
    token = await asyncio.to_thread(lambda: credential.get_token(scope).token)
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _app(visitor: Visitor, name: str = "bot") -> tuple[str, str]:
    return visitor.ready["tenant"], visitor.ready["apps"][name]["client_id"]


@pytest.mark.usefixtures("surroundings")
async def test_a_secret_gets_a_token_that_sales_takes(visitor: Visitor) -> None:
    tenant, client_id = _app(visitor)
    secret = visitor.ready["apps"]["bot"]["client_secret"]
    credential = ClientSecretCredential(tenant, client_id, secret)
    scope = f"{visitor.ready['sales_url']}/.default"
    token = await asyncio.to_thread(lambda: credential.get_token(scope))
    lives = token.expires_on - datetime.now(UTC).timestamp()
    assert 3_500 < lives <= 3_600
    bearer = {"Authorization": f"Bearer {token.token}"}
    address = f"{visitor.ready['sales_url']}/api/data/v9.2/WhoAmI"
    assert (await visitor.http.get(address, headers=bearer)).status_code == 200


@pytest.mark.usefixtures("surroundings")
async def test_a_wrong_secret_is_refused_by_its_number(visitor: Visitor) -> None:
    credential = ClientSecretCredential(*_app(visitor), "wherefore")
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        await _claims(visitor, credential)


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("send_chain", [True, False])
async def test_a_registered_certificate_gets_a_token(visitor: Visitor, send_chain: bool) -> None:
    private, public = _certificate()
    await visitor.patch({"apps": {"bot": {"certificates": {"new": {"pem": public}}}}})
    credential = CertificateCredential(
        *_app(visitor),
        certificate_data=(private + public).encode(),
        send_certificate_chain=send_chain,
    )
    assert (await _claims(visitor, credential))["appid"] == _app(visitor)[1]


@pytest.mark.usefixtures("surroundings")
async def test_a_federated_assertion_gets_a_token(visitor: Visitor) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    trusted = {
        "issuer": "https://issuer.example",
        "subject": "the bot",
        "audience": "api://AzureADTokenExchange",
        "pem": pem.decode(),
    }
    await visitor.patch({"apps": {"bot": {"federated": {"cluster": trusted}}}})
    now = datetime.now(UTC)
    said = {
        "iss": trusted["issuer"],
        "sub": trusted["subject"],
        "aud": trusted["audience"],
        "iat": now,
        "exp": now + timedelta(minutes=5),
    }
    assertion = jwt.encode(said, key, "RS256")
    credential = ClientAssertionCredential(*_app(visitor), lambda: assertion)
    assert (await _claims(visitor, credential))["appid"] == _app(visitor)[1]


@pytest.mark.usefixtures("surroundings")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_a_user_signs_in_with_the_password(visitor: Visitor) -> None:
    tenant, client_id = _app(visitor, "admin")
    password = visitor.simulation.world.facts["accounts"][INTEGRATION]["password"]
    credential = UsernamePasswordCredential(client_id, INTEGRATION, password, tenant_id=tenant)
    assert (await _claims(visitor, credential))["upn"] == INTEGRATION


@pytest.mark.usefixtures("surroundings")
async def test_a_user_signs_in_with_a_device_code(visitor: Visitor) -> None:
    await visitor.patch({"tenants": {"adventure": {"device_interval": 1}}})
    tenant, client_id = _app(visitor, "admin")
    told: asyncio.Queue[str] = asyncio.Queue()
    tell = _into(told)
    credential = DeviceCodeCredential(
        client_id, tenant_id=tenant, prompt_callback=lambda _, code, __: tell(code)
    )
    signing_in = asyncio.create_task(_claims(visitor, credential))
    said = {"user_code": await told.get(), "account": INTEGRATION, "approve": True}
    assert (await visitor.control.post("/_entra/device", json=said)).status_code == 204
    assert (await signing_in)["upn"] == INTEGRATION


def _into(queue: asyncio.Queue[str]) -> Callable[[str], None]:
    """From another thread."""
    loop = asyncio.get_running_loop()

    def tell(text: str) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, text)

    return tell


@pytest.mark.usefixtures("surroundings")
async def test_the_hosts_identity_gets_a_token(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = visitor.ready["managed_identity"]
    monkeypatch.setenv("IDENTITY_ENDPOINT", identity["endpoint"])
    monkeypatch.setenv("IDENTITY_HEADER", identity["header"])
    credential = ManagedIdentityCredential(client_id=_app(visitor)[1])
    assert (await _claims(visitor, credential))["appid"] == _app(visitor)[1]
