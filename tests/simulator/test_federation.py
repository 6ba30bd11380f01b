"""An app signs in with an assertion that its cluster signed, if the app's record is for it."""

import time
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.simulator.conftest import Number, Visitor

ISSUER = "https://oidc.contoso.example/cluster/"
SUBJECT = "system:serviceaccount:bots:d365bot"
AUDIENCE = "api://AzureADTokenExchange"
KEY, STRANGER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
PEM = (
    KEY.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


async def _sign_in(
    visitor: Visitor,
    key: rsa.RSAPrivateKey = KEY,
    algorithm: str = "RS256",
    record: dict[str, Any] | None = None,
    **claims: Any,
) -> httpx.Response:
    """Registers the cluster with the bot's app and presents an assertion of it."""
    known = {"issuer": ISSUER, "subject": SUBJECT, "audience": AUDIENCE, "pem": PEM}
    await visitor.patch({"apps": {"bot": {"federated": {"cluster": known | (record or {})}}}})
    said = {"iss": ISSUER, "sub": SUBJECT, "aud": [AUDIENCE], "exp": time.time() + 600}
    return await visitor.sign_in(
        visitor.ready["sales_url"],
        client_secret="",
        client_assertion=jwt.encode(said | claims, key, algorithm=algorithm),
        client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    )


@pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE], ["api://other", AUDIENCE]])
async def test_token_for_a_federated_assertion_is_good_in_sales(
    visitor: Visitor, audience: Any
) -> None:
    answer = await _sign_in(visitor, aud=audience)
    assert answer.status_code == 200, answer.text
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    address = f"{visitor.ready['sales_url']}/api/data/v9.2/WhoAmI"
    assert (await visitor.http.get(address, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ({"iss": ISSUER.removesuffix("/")}, 700211),
        ({"iss": ISSUER.replace("oidc", "OIDC")}, 700211),
        ({"aud": "api://other"}, 700212),
        ({"sub": SUBJECT.upper()}, 700213),
        ({"iss": "https://other.example", "aud": "api://other", "sub": "x"}, 700211),
        ({"key": STRANGER}, 50013),
        ({"algorithm": "PS256"}, 50013),
        ({"record": {"pem": "no key"}}, 50013),
        ({"exp": time.time() - 3600}, 700024),
        ({"exp": None}, 700024),
        ({"nbf": time.time() + 3600}, 700024),
    ],
)
async def test_federated_assertion_that_is_wrong_is_refused_by_its_number(
    visitor: Visitor, aadsts: Number, wrong: dict[str, Any], number: int
) -> None:
    answer = await _sign_in(visitor, **wrong)
    assert (answer.status_code, aadsts(answer)) == (401, number)
    assert answer.json()["error"] == "invalid_client"


async def test_refusal_names_what_was_presented(visitor: Visitor) -> None:
    answer = await _sign_in(visitor, sub="system:serviceaccount:bots:other")
    assert "'system:serviceaccount:bots:other'" in answer.json()["error_description"]


async def test_app_without_the_record_does_not_know_the_issuer(
    visitor: Visitor, aadsts: Number
) -> None:
    answer = await _sign_in(visitor, record={"issuer": "https://another.example"})
    assert aadsts(answer) == 700211


async def test_apps_own_name_in_an_assertion_does_not_pass_for_its_certificate(
    visitor: Visitor, aadsts: Number
) -> None:
    client_id = visitor.ready["apps"]["bot"]["client_id"]
    assert aadsts(await _sign_in(visitor, iss=client_id, sub=client_id)) == 50027


async def test_assertion_that_is_no_jwt_is_refused(visitor: Visitor, aadsts: Number) -> None:
    answer = await visitor.sign_in(
        visitor.ready["sales_url"],
        client_secret="",
        client_assertion="no jwt",
        client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    )
    assert aadsts(answer) == 50027
