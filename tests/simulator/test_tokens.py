"""Dataverse and Business Central accept a token only where, for whom and while it is good."""

import jwt
import pytest

from tests.simulator.conftest import BC, Visitor


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
