"""Sign-ins that Entra ID refuses, or that something else answers."""

import httpx
import pytest

from connection.errors import (
    RemoteFault,
    ServerDown,
    SignInFailed,
    Throttled,
    Unintelligible,
    Unreachable,
)
from tests.dynamics.microsoft import (
    CORRELATION,
    LOGIN,
    TENANT,
    Desk,
    Reply,
    discovery,
    the_access,
)

TOKEN = f"{LOGIN}/{TENANT}/oauth2/v2.0/token"
DISCOVERY = f"{LOGIN}/{TENANT}/v2.0/.well-known"
WRONG_SECRET = Reply(
    401,
    {
        "error": "invalid_client",
        "error_description": "AADSTS7000215: Invalid client secret. Trace ID: 1",
        "error_codes": [7000215],
        "trace_id": "trace-1",
        "correlation_id": CORRELATION,
    },
)


async def test_a_refusal_is_explained_and_never_remembered(desk: Desk) -> None:
    desk.microsoft.tell(TOKEN, WRONG_SECRET)
    for _ in range(2):
        with pytest.raises(SignInFailed) as caught:
            await desk.sales.sign_in(the_access())
    assert caught.value.code == "AADSTS7000215"
    assert caught.value.reference == "trace-1"
    assert caught.value.status == 401
    assert "/d365 secret" in caught.value.hint
    assert len(desk.microsoft.sent_to(TOKEN)) == 2


async def test_an_unknown_tenant_is_a_sign_in_that_failed(desk: Desk) -> None:
    body = {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant not found."}
    desk.microsoft.tell(DISCOVERY, Reply(400, body))
    with pytest.raises(SignInFailed) as caught:
        await desk.sales.sign_in(the_access())
    assert caught.value.code == "AADSTS90002"
    assert not desk.microsoft.sent_to(TOKEN)


@pytest.mark.parametrize("tenant", ["", "common", "organizations", "../x", "a b", "a/b", "x?y"])
async def test_what_is_no_tenant_is_not_asked_for(desk: Desk, tenant: str) -> None:
    with pytest.raises(SignInFailed):
        await desk.sales.sign_in(the_access(tenant=tenant))
    assert not desk.microsoft.calls
    assert not desk.vault.opened


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Reply(503, content=b"<html>"), ServerDown),
        (Reply(429, {}, {"Retry-After": "100"}), Throttled),
        (Reply(200, content=b"<html>sign in</html>"), Unintelligible),
        (Reply(200, {}), Unintelligible),
        (Reply(200, {"access_token": "é", "expires_in": 3599}), Unintelligible),
        (Reply(200, {"access_token": "t", "expires_in": "soon"}), Unintelligible),
        (Reply(200, {"error": "odd", "error_description": "AADSTS1: Odd."}), SignInFailed),
        (httpx.ConnectError("no"), Unreachable),
    ],
)
async def test_what_goes_wrong_at_the_token_is_named(
    desk: Desk, said: Reply | Exception, kind: type[RemoteFault]
) -> None:
    desk.microsoft.tell(TOKEN, said)
    with pytest.raises(RemoteFault) as caught:
        await desk.sales.sign_in(the_access())
    assert type(caught.value) is kind


@pytest.mark.parametrize("body", [{}, [], "x", {"token_endpoint": 5}, {"token_endpoint": "x"}])
async def test_a_discovery_that_is_none_is_named(desk: Desk, body: object) -> None:
    desk.microsoft.tell(DISCOVERY, Reply(200, body))
    with pytest.raises(Unintelligible):
        await desk.sales.sign_in(the_access())


async def test_the_secret_never_goes_to_another_host_than_the_login(desk: Desk) -> None:
    other = "https://login.microsoftonline.us"
    desk.microsoft.tell(DISCOVERY, Reply(body=discovery(other)))
    with pytest.raises(SignInFailed) as caught:
        await desk.sales.sign_in(the_access())
    assert "D365BOT_LOGIN_URL" in caught.value.hint
    assert not desk.microsoft.sent_to(other)
