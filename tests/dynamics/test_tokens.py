"""Signing in: msal from end to end against a stand-in for Entra ID."""

import asyncio
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from connection.errors import (
    HostNotAllowed,
    NotReady,
    RemoteFault,
    SealBroken,
    SecretMissing,
    Unintelligible,
    Unreachable,
)
from connection.identities import Access, Identity, origin_of
from dynamics.msal_client import MsalClient
from tests.dynamics.microsoft import (
    BC,
    CLIENT,
    CORRELATION,
    LOGIN,
    NOW,
    SALES,
    SECRET,
    TENANT,
    Desk,
    Reply,
    a_desk,
    discovery,
    the_access,
    without_secret,
)

TOKEN = f"{LOGIN}/{TENANT}/oauth2/v2.0/token"
DISCOVERY = f"{LOGIN}/{TENANT}/v2.0/.well-known"


async def test_signing_in_sends_secret_and_scope_to_entra_only(desk: Desk) -> None:
    signed_in = await desk.sales.sign_in(the_access())
    assert signed_in.expires_at == NOW + timedelta(seconds=3599)
    assert (signed_in.tenant, signed_in.client_id) == (TENANT, CLIENT)
    (post,) = desk.microsoft.sent_to(TOKEN)
    form = parse_qs(post.content.decode())
    assert form["client_id"] == [CLIENT]
    assert form["client_secret"] == [SECRET]
    assert form["scope"] == [f"{SALES}/.default"]
    assert form["grant_type"] == ["client_credentials"]
    assert post.headers["client-request-id"] == CORRELATION
    assert len(desk.microsoft.calls) == 2


async def test_the_secret_is_opened_for_the_place_it_was_given_for(desk: Desk) -> None:
    access = the_access(sales_url="https://Contoso.crm4.dynamics.com:8443/Org")
    await desk.tokens.token(access, SALES)
    assert access.secret is not None
    assert desk.vault.opened == [(access.secret, origin_of(access))]
    assert desk.vault.opened[0][1].host == "contoso.crm4.dynamics.com:8443"


async def test_a_token_is_remembered(desk: Desk) -> None:
    desk.sales_says("RetrieveVersion()", Reply(body={"Version": "9.2"}))
    await desk.sales.version(the_access())
    await desk.sales.version(the_access())
    assert desk.microsoft.tokens == 1


async def test_signing_in_never_answers_from_memory(desk: Desk) -> None:
    await desk.sales.sign_in(the_access())
    await desk.sales.sign_in(the_access())
    assert desk.microsoft.tokens == 2


async def test_the_token_of_the_last_sign_in_is_the_one_used(desk: Desk) -> None:
    desk.sales_says("RetrieveVersion()", Reply(body={"Version": "9.2"}))
    await desk.sales.version(the_access())
    await desk.sales.sign_in(the_access())
    await desk.sales.version(the_access())
    assert desk.microsoft.calls[-1].headers["authorization"] == "Bearer token-2"


@pytest.mark.parametrize(
    "changed",
    [
        {"tenant": "contoso.onmicrosoft.com"},
        {"client_id": "55555555-5555-4555-8555-555555555555"},
        {"secret_id": "s2"},
        {"sales_url": "https://fabrikam.crm4.dynamics.com"},
    ],
)
async def test_another_identity_never_gets_the_token(desk: Desk, changed: dict[str, str]) -> None:
    desk.microsoft.says[f"{LOGIN}/contoso.onmicrosoft.com/"] = desk.microsoft.says[DISCOVERY]
    await desk.tokens.token(the_access(), SALES)
    await desk.tokens.token(the_access(**changed), SALES)
    assert desk.microsoft.tokens == 2


async def test_each_resource_has_a_token_of_its_own(desk: Desk) -> None:
    one = await desk.tokens.token(the_access(), SALES)
    other = await desk.tokens.token(the_access(), BC)
    assert one.value != other.value


async def test_a_token_is_renewed_five_minutes_before_its_end(desk: Desk) -> None:
    await desk.tokens.token(the_access(), SALES)
    desk.now = NOW + timedelta(minutes=54)
    await desk.tokens.token(the_access(), SALES)
    assert desk.microsoft.tokens == 1
    desk.now = NOW + timedelta(minutes=56)
    await desk.tokens.token(the_access(), SALES)
    assert desk.microsoft.tokens == 2


async def test_calls_at_once_share_one_sign_in(desk: Desk) -> None:
    asked = (desk.tokens.token(the_access(), SALES) for _ in range(20))
    values = {token.value for token in await asyncio.gather(*asked)}
    assert values == {"token-1"}
    assert len(desk.microsoft.sent_to(TOKEN)) == 1


async def test_a_refused_token_is_forgotten(desk: Desk) -> None:
    desk.sales_says("RetrieveVersion()", Reply(401, {}), Reply(body={"Version": "9.2"}))
    with pytest.raises(RemoteFault):
        await desk.sales.version(the_access())
    await desk.sales.version(the_access())
    assert desk.microsoft.tokens == 2


async def test_a_busy_entra_is_asked_again_when_it_says(desk: Desk) -> None:
    issued = desk.microsoft.says[TOKEN][0]
    desk.microsoft.tell(TOKEN, Reply(429, {}, {"Retry-After": "3"}), issued)
    await desk.sales.sign_in(the_access())
    assert desk.slept == [3.0]


async def test_without_a_secret_the_command_to_give_it_is_named(desk: Desk) -> None:
    with pytest.raises(SecretMissing) as caught:
        await desk.sales.sign_in(without_secret())
    assert "d365bot secret set" in caught.value.hint
    assert not desk.microsoft.calls


async def test_another_kind_of_credential_is_not_ready(desk: Desk) -> None:
    with pytest.raises(NotReady):
        await desk.sales.sign_in(the_access(credential="a smile"))


async def test_a_seal_that_does_not_open_stays_what_it_is(desk: Desk) -> None:
    desk.vault.refuses = SealBroken("It does not open.")
    with pytest.raises(SealBroken):
        await desk.sales.sign_in(the_access())
    assert not desk.microsoft.calls


async def test_a_host_that_may_not_be_called_gets_no_token(desk: Desk) -> None:
    access = the_access(sales_url="https://evil.test")
    for call in (desk.sales.sign_in, desk.sales.who_am_i):
        with pytest.raises(HostNotAllowed):
            await _call(call, access)
    assert not desk.vault.opened
    assert not desk.microsoft.calls


async def _call(call: object, access: Access) -> None:
    assert callable(call)
    await call(access)


async def test_the_environment_does_not_redirect_the_sign_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Set for the test because msal and requests would read them."""
    monkeypatch.setenv("MSAL_FORCE_REGION", "westeurope")
    monkeypatch.setenv("REGION_NAME", "westeurope")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    await desk.sales.sign_in(the_access())
    assert {call.url.host for call in desk.microsoft.calls} == {"login.microsoftonline.com"}


async def test_a_sovereign_login_is_used_with_its_port() -> None:
    login = "https://login.example.test:8443"
    async with a_desk(login=login + "/") as desk:
        desk.microsoft.tell(f"{login}/{TENANT}/v2.0", Reply(body=discovery(login)))
        desk.microsoft.tell(f"{login}/{TENANT}/oauth2", Reply(body=issued()))
        await desk.sales.sign_in(the_access())


def issued() -> dict[str, object]:
    return {"token_type": "Bearer", "expires_in": 3599, "access_token": "t"}


async def test_msals_oddities_are_straightened(desk: Desk) -> None:
    desk.microsoft.tell(f"{LOGIN}/x", Reply(body={}))
    loop = asyncio.get_running_loop()
    client = MsalClient(desk.http.send, loop, LOGIN, CORRELATION)
    await asyncio.to_thread(
        client.post,
        f"{LOGIN}/x",
        params={"a": "1", "b": None},
        data={"client_assertion": b"eyJ", "nothing": None},
        headers={"client-request-id": "msals", "X-Nothing": None},
        timeout=5,
    )
    (call,) = desk.microsoft.calls
    assert parse_qs(call.content.decode()) == {"client_assertion": ["eyJ"]}
    assert str(call.url) == f"{LOGIN}/x?a=1"
    assert call.headers["client-request-id"] == CORRELATION
    assert "x-nothing" not in call.headers


async def test_a_sign_in_given_up_by_one_caller_serves_the_next(desk: Desk) -> None:
    first = asyncio.create_task(desk.tokens.token(the_access(), SALES))
    await asyncio.sleep(0)
    second = asyncio.create_task(desk.tokens.token(the_access(), SALES))
    first.cancel()
    assert (await second).value.startswith("token-")
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_cut_request_for_a_token_is_sent_once_more(desk: Desk) -> None:
    issued = {"token_type": "Bearer", "expires_in": 3599, "access_token": "t"}
    desk.microsoft.tell(TOKEN, httpx.ReadError("cut"), Reply(200, issued))
    await desk.tokens.token(the_access(), SALES)
    assert len(desk.microsoft.sent_to(TOKEN)) == 2


@pytest.mark.parametrize("said", ["3599", 3599])
async def test_a_life_in_digits_is_a_life(desk: Desk, said: object) -> None:
    """AD FS and version 1 of Entra's endpoint give text."""
    desk.microsoft.tell(TOKEN, Reply(200, {"expires_in": said, "access_token": "t"}))
    token = await desk.tokens.token(the_access(), SALES)
    assert token.expires_at == NOW + timedelta(seconds=3599)


@pytest.mark.parametrize("said", ["soon", "", "-1", "1e3", None, [3599], "9" * 400])
async def test_a_life_that_is_none_is_not_entras(desk: Desk, said: object) -> None:
    desk.microsoft.tell(TOKEN, Reply(200, {"expires_in": said, "access_token": "t"}))
    with pytest.raises(Unintelligible):
        await desk.tokens.token(the_access(), SALES)


async def test_a_secret_forgotten_during_its_sign_in_leaves_no_token(desk: Desk) -> None:
    issued = desk.microsoft.says[TOKEN][0]
    assert callable(issued)

    def forgetting(request: httpx.Request) -> Reply:
        desk.tokens.forget_secret("s1")
        answer: Reply = issued(request)
        return answer

    desk.microsoft.tell(TOKEN, forgetting)
    first = await desk.tokens.token(the_access(), SALES)
    assert await desk.tokens.token(the_access(), SALES) is not first


async def test_a_late_refusal_of_an_old_token_leaves_the_new_one(desk: Desk) -> None:
    old = await desk.tokens.token(the_access(), SALES)
    new = await desk.tokens.token(the_access(), SALES, fresh=True)
    desk.tokens.forget(the_access(), SALES, old)
    assert await desk.tokens.token(the_access(), SALES) is new
    desk.tokens.forget(the_access(), SALES, new)
    assert await desk.tokens.token(the_access(), SALES) is not new


async def test_a_password_is_not_sent_again_after_a_cut(desk: Desk) -> None:
    realm = f"{LOGIN}/common/userrealm/"
    desk.microsoft.tell(realm, Reply(200, {"account_type": "Managed"}))
    desk.microsoft.tell(TOKEN, httpx.ReadError("cut"))
    access = the_access(
        identity=Identity.INTEGRATION, credential="password", user_name="a@contoso.example"
    )
    with pytest.raises(Unreachable):
        await desk.tokens.token(access, SALES)
    assert len(desk.microsoft.sent_to(TOKEN)) == 1
