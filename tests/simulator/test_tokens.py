"""Dataverse and Business Central accept a token only where, for whom and while it is good."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.entra.tokens import Signer
from tests.simulator.conftest import BC, LOGIN, Visitor

Claims = dict[str, Any]
Forge = Callable[[Signer, Claims], str]


def _anew(**changed: Any) -> Forge:
    """Signed by Entra's own key, with other claims."""
    return lambda signer, claims: signer.sign(claims | changed)


def _without(name: str) -> Forge:
    return lambda signer, claims: signer.sign({k: v for k, v in claims.items() if k != name})


def _by_a_stranger(_: Signer, claims: Claims) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, key, algorithm="RS256")


def _unsigned(_: Signer, claims: Claims) -> str:
    return jwt.encode(claims, "", algorithm="none")


def _tampered(signer: Signer, claims: Claims) -> str:
    head, _, tail = signer.sign(claims).split(".")
    _, body, _ = signer.sign(claims | {"appid": "another"}).split(".")
    return f"{head}.{body}.{tail}"


FORGED = {
    "another audience": _anew(aud="https://elsewhere.crm4.dynamics.com"),
    "Graph's audience": _anew(aud="https://graph.microsoft.com"),
    "another issuer": _anew(iss="https://sts.windows.net/00000000-0000-4000-8000-0000000e15e0/"),
    "expired": _anew(exp=int(time.time()) - 60),
    "not yet valid": _anew(nbf=int(time.time()) + 3600),
    "no end": _without("exp"),
    "no audience": _without("aud"),
    "no app": _without("appid"),
    "a stranger's signature": _by_a_stranger,
    "no signature": _unsigned,
    "tampered": _tampered,
}


async def _asked(visitor: Visitor, resource: str, token: str) -> httpx.Response:
    address = f"{resource}/api/data/v9.2/WhoAmI"
    if resource == BC:
        address = f"{BC}/v2.0/{visitor.ready['tenant']}/Production/api/v2.0/companies"
    return await visitor.http.get(address, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("site", ["sales", "bc"])
@pytest.mark.parametrize("forged", FORGED)
async def test_forged_token_is_refused_and_the_good_one_it_was_made_of_is_not(
    visitor: Visitor, site: str, forged: str
) -> None:
    resource = BC if site == "bc" else visitor.ready["sales_url"]
    good = await visitor.token(resource)
    claims = jwt.decode(good, options={"verify_signature": False})
    assert (await _asked(visitor, resource, good)).status_code == 200
    token = FORGED[forged](visitor.simulation.signer, claims)
    answer = await _asked(visitor, resource, token)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_token_of_sales_is_refused_by_business_central(visitor: Visitor) -> None:
    token = await visitor.token(visitor.ready["sales_url"])
    assert (await _asked(visitor, BC, token)).status_code == 401


async def test_business_central_refuses_an_app_without_its_permissions(visitor: Visitor) -> None:
    await visitor.patch({"apps": {"bot": {"consents": {"business_central": []}}}})
    assert (await _asked(visitor, BC, await visitor.token(BC))).status_code == 401


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_what_a_site_does_not_simulate_is_answered_with_501_and_a_sentence(
    visitor: Visitor, method: str
) -> None:
    server = visitor.ready["bc"]["on_premises_url"].rpartition("/")[0]
    for address in (
        f"{LOGIN}/common/oauth2/token",
        f"{visitor.ready['sales_url']}/XRMServices/2011/Organization.svc",
        f"{BC}/v1.0/api/beta/companies",
        f"{server}/BC150/WS/Services",
        "https://globaldisco.crm.dynamics.com/XRMServices/2011/Discovery.svc",
    ):
        answer = await visitor.http.request(method, address)
        assert answer.status_code == 501, address
        assert f"does not simulate {method} /" in answer.text


async def _who(visitor: Visitor, token: str | None) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    address = f"{visitor.ready['sales_url']}/api/data/v9.2/WhoAmI"
    answer = await visitor.http.get(address, headers=headers)
    assert "authorization_uri" in answer.headers.get("WWW-Authenticate", "")
    return answer.status_code, answer.json()["error"]["code"]


async def test_no_token_is_refused(visitor: Visitor) -> None:
    assert (await _who(visitor, None))[0] == 401


async def test_token_for_business_central_is_refused_by_dataverse(visitor: Visitor) -> None:
    assert (await _who(visitor, await visitor.token(BC)))[0] == 401


async def test_token_that_somebody_else_signed_is_refused(visitor: Visitor) -> None:
    good = await visitor.token(visitor.ready["sales_url"])
    claims = jwt.decode(good, options={"verify_signature": False})
    forged = jwt.encode(claims, "k" * 32, algorithm="HS256")
    assert (await _who(visitor, forged))[0] == 401


async def test_expired_token_is_refused_as_expired(visitor: Visitor) -> None:
    await visitor.patch({"tenants": {"adventure": {"token_lifetime": -10}}})
    token = await visitor.token(visitor.ready["sales_url"])
    assert await _who(visitor, token) == (401, "0x8005F101")


async def test_token_of_another_tenant_is_refused(visitor: Visitor) -> None:
    token = await visitor.token(visitor.ready["sales_url"])
    await visitor.become("tenant-unknown")
    assert (await _who(visitor, token))[0] == 401


@pytest.mark.parametrize("authorization", ["", "Bearer x", "Basic dTpw"])
async def test_business_central_refuses_a_bad_token(visitor: Visitor, authorization: str) -> None:
    address = f"{BC}/v2.0/{visitor.ready['tenant']}/Production/api/v2.0/companies"
    answer = await visitor.http.get(address, headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "Authentication_InvalidCredentials"


async def test_token_carries_what_the_real_one_carries(visitor: Visitor) -> None:
    token = await visitor.token(visitor.ready["sales_url"])
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["aud"] == visitor.ready["sales_url"]
    assert claims["tid"] == visitor.ready["tenant"]
    assert claims["appid"] == visitor.ready["apps"]["bot"]["client_id"]
    assert claims["exp"] - claims["iat"] == 3599
