"""What each credential sends, that no identity gets another's token, and that no secret shows."""

import asyncio
import logging
import warnings
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from connection.errors import AdminError, RemoteFault, Unauthorised
from connection.identities import Access
from dynamics.credentials import Request
from storage.certificates import X509Certificates
from tests.dynamics.microsoft import (
    BC,
    CLIENT,
    LOGIN,
    NOW,
    SALES,
    SECRET,
    TENANT,
    Desk,
    Reply,
    Says,
    a_desk,
    discovery,
    the_access,
)
from tests.dynamics.test_secrecy import everything_in, lost

TOKEN = f"{LOGIN}/{TENANT}/oauth2/v2.0/token"
DISCOVERY = f"{LOGIN}/{TENANT}/v2.0/.well-known"
REALM = f"{LOGIN}/common/userrealm/"
USER = "integration@contoso.example"
ASSERTION = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl"
MANAGED = Reply(body={"ver": "1.0", "account_type": "Managed", "domain_name": "contoso.example"})
FEDERATED = {
    "ver": "1.0",
    "account_type": "Federated",
    "federation_protocol": "WSTrust",
    "federation_metadata_url": "https://sts.contoso.example/adfs/services/trust/mex",
    "federation_active_auth_url": "https://sts.contoso.example/adfs/services/trust/2005",
}
NO_KEY = "c2VjcmV0"
PASSWORD = {"credential": "password", "user_name": USER}


@pytest.fixture
def realm(desk: Desk) -> Desk:
    desk.microsoft.tell(REALM, MANAGED)
    return desk


@pytest.fixture
async def workload(tmp_path: Path) -> AsyncIterator[Desk]:
    file = tmp_path / "token"
    file.write_text(ASSERTION)
    async with a_desk(assertion_file=file) as desk:
        yield desk


def form_of(desk: Desk) -> dict[str, list[str]]:
    return parse_qs(desk.microsoft.sent_to(TOKEN)[-1].content.decode())


async def test_a_certificate_signs_with_ps256_and_a_sha256_thumbprint(desk: Desk) -> None:
    """RS256 with the SHA-1 thumbprint is msal's other way, which Entra calls legacy."""
    desk.vault.value, public = await X509Certificates().make("d365bot", 30, NOW)
    await desk.sales.sign_in(the_access(credential="certificate"))
    form = form_of(desk)
    assert "client_secret" not in form
    assert form["client_assertion_type"][0].endswith(":jwt-bearer")
    (assertion,) = form["client_assertion"]
    header = jwt.get_unverified_header(assertion)
    assert header["alg"] == "PS256"
    assert "x5t" not in header
    assert bytes.fromhex(public.sha256) == jwt.utils.base64url_decode(header["x5t#S256"])
    certificate = x509.load_pem_x509_certificate(public.pem.encode())
    der = jwt.utils.base64url_decode(header["x5c"][0].replace("+", "-").replace("/", "_"))
    assert der == certificate.public_bytes(Encoding.DER)
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert (claims["iss"], claims["sub"], claims["aud"]) == (CLIENT, CLIENT, TOKEN)


async def test_no_part_of_the_private_key_is_sent(desk: Desk) -> None:
    desk.vault.value, _ = await X509Certificates().make("d365bot", 30, NOW)
    await desk.sales.sign_in(the_access(credential="certificate"))
    key = desk.vault.value.split("-----")[2].split()
    sent = b"".join(call.content for call in desk.microsoft.calls).decode()
    assert key
    assert not [line for line in key if line in sent]


async def test_a_workload_identity_sends_the_file_and_no_secret(workload: Desk) -> None:
    await workload.sales.sign_in(the_access(credential="workload_identity"))
    form = form_of(workload)
    assert form["client_assertion"] == [ASSERTION]
    assert "client_secret" not in form
    assert not workload.vault.opened


async def test_a_password_goes_into_the_body_of_one_call_only(realm: Desk) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        await realm.sales.sign_in(the_access(**PASSWORD))
    form = form_of(realm)
    assert form["grant_type"] == ["password"]
    assert (form["username"], form["password"]) == ([USER], [SECRET])
    assert f"{SALES}/.default" in form["scope"][0].split()
    assert "client_secret" not in form
    assert "client_assertion" not in form
    carrying = [call for call in realm.microsoft.calls if SECRET in told(call)]
    assert [str(call.url) for call in carrying] == [TOKEN]
    assert SECRET not in str(carrying[0].url) + repr(carrying[0].headers.raw)


def told(call: httpx.Request) -> str:
    return f"{call.url}{call.headers.raw!r}{call.content!r}"


async def test_the_realm_is_asked_at_the_logins_own_port() -> None:
    login = "https://login.example.test:8443"
    async with a_desk(login=login) as desk:
        desk.microsoft.tell(f"{login}/{TENANT}/v2.0", Reply(body=discovery(login)))
        desk.microsoft.tell(f"{login}/{TENANT}/oauth2", desk.microsoft.says[TOKEN][0])
        desk.microsoft.tell(f"{login}/common/userrealm/", MANAGED)
        await desk.sales.sign_in(the_access(**PASSWORD))
        assert {call.url.netloc.decode() for call in desk.microsoft.calls} == {
            "login.example.test:8443"
        }


@pytest.mark.parametrize(
    "name",
    [
        "a.guest_fabrikam.example#EXT#@contoso.example",
        "a?b@contoso.example",
        "../a@contoso.example",
    ],
)
async def test_the_realm_is_asked_for_the_whole_name(realm: Desk, name: str) -> None:
    """msal puts the name into the address as it is."""
    await realm.sales.sign_in(the_access(credential="password", user_name=name))
    (asked,) = realm.microsoft.sent_to(REALM)
    assert asked.url.path == f"/common/userrealm/{name}"
    assert form_of(realm)["username"] == [name]


async def test_a_federated_users_password_is_sent_to_nobody(desk: Desk) -> None:
    desk.microsoft.tell(REALM, Reply(body=FEDERATED))
    with pytest.raises(RemoteFault) as caught:
        await desk.sales.sign_in(the_access(**PASSWORD))
    assert "federated" in caught.value.message
    assert {call.method for call in desk.microsoft.calls} == {"GET"}
    assert not desk.microsoft.sent_to("https://sts.contoso.example")
    assert not [call for call in desk.microsoft.calls if SECRET in told(call)]


@pytest.mark.parametrize(
    "said",
    [
        Reply(404, {}),
        Reply(200, content=b"<html>"),
        Reply(200, content=b"\xef\xbb\xbf{}"),
        Reply(200, []),
        Reply(503, {}),
        lost,
    ],
)
async def test_without_a_sound_realm_no_password_is_sent(desk: Desk, said: Says) -> None:
    """Twice, because msal remembers a 404 for every user of the process."""
    desk.microsoft.tell(REALM, said)
    for _ in range(2):
        with pytest.raises(RemoteFault):
            await desk.sales.sign_in(the_access(**PASSWORD))
    assert not desk.microsoft.sent_to(TOKEN)


def each_identity() -> list[Access]:
    """The same place; each differs from the others in one part at least."""
    return [
        the_access(),
        the_access(client_id="55555555-5555-4555-8555-555555555555"),
        the_access(secret_id="s2"),
        the_access(credential="workload_identity"),
        the_access(credential="workload_identity", tenant="contoso.onmicrosoft.com"),
        the_access(**PASSWORD),
        the_access(**PASSWORD, secret_id="s2"),
        the_access(credential="password", user_name="other@contoso.example"),
        the_access(**PASSWORD, client_id="55555555-5555-4555-8555-555555555555"),
        the_access(credential="client_secret", user_name=USER),
        the_access(sales_url="https://fabrikam.crm4.dynamics.com"),
    ]


async def test_no_two_identities_share_a_token(workload: Desk) -> None:
    said = workload.microsoft.says
    other = f"{LOGIN}/contoso.onmicrosoft.com/"
    said[REALM], said[other] = [MANAGED], said[DISCOVERY]
    identities = each_identity()
    for resource in (SALES, BC):
        tokens = [await workload.tokens.token(one, resource) for one in identities]
        again = [await workload.tokens.token(one, resource) for one in identities]
        assert len({token.value for token in tokens}) == len(identities)
        assert tokens == again
    assert workload.microsoft.tokens == 2 * len(identities)


async def test_each_identity_asks_once_however_many_wait(workload: Desk) -> None:
    said = workload.microsoft.says
    said[REALM], said[f"{LOGIN}/contoso.onmicrosoft.com/"] = [MANAGED], said[DISCOVERY]
    identities = each_identity()
    await asyncio.gather(
        *(workload.tokens.token(one, SALES) for one in identities for _ in range(10))
    )
    assert workload.microsoft.tokens == len(identities)


@pytest.mark.parametrize("credential", ["client_secret", "workload_identity"])
async def test_a_refused_token_of_any_identity_is_forgotten(
    workload: Desk, credential: str
) -> None:
    workload.sales_says("RetrieveVersion()", Reply(401, {}), Reply(body={"Version": "9.2"}))
    access = the_access(credential=credential)
    with pytest.raises(Unauthorised):
        await workload.sales.version(access)
    await workload.sales.version(access)
    assert workload.microsoft.tokens == 2


WRONG = [
    Reply(401, {"error": "invalid_client"}),
    Reply(500),
    Reply(200, {}),
    Reply(200, content=b"<html>"),
    lost,
]


@pytest.mark.parametrize("said", WRONG)
@pytest.mark.parametrize("credential", ["password", "certificate"])
async def test_a_failed_sign_in_shows_no_secret(
    realm: Desk, said: Says, credential: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    realm.vault.value, _ = await X509Certificates().make("d365bot", 30, NOW)
    if credential == "password":
        realm.vault.value = SECRET
    realm.microsoft.tell(TOKEN, said)
    with pytest.raises(AdminError) as caught:
        await realm.sales.sign_in(the_access(credential=credential, user_name=USER))
    shown = everything_in(caught.value) + caplog.text
    assert SECRET not in shown
    assert "PRIVATE KEY" not in shown


@pytest.mark.parametrize("said", WRONG)
async def test_a_failed_sign_in_shows_no_assertion(
    workload: Desk, said: Says, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    workload.microsoft.tell(TOKEN, said)
    with pytest.raises(AdminError) as caught:
        await workload.sales.sign_in(the_access(credential="workload_identity"))
    assert ASSERTION not in everything_in(caught.value) + caplog.text


async def test_a_certificate_that_cannot_be_read_shows_nothing_of_it(desk: Desk) -> None:
    desk.vault.value = f"-----BEGIN PRIVATE KEY-----\n{NO_KEY}\n-----END PRIVATE KEY-----\n"
    with pytest.raises(AdminError) as caught:
        await desk.sales.sign_in(the_access(credential="certificate"))
    assert NO_KEY not in everything_in(caught.value)
    assert not desk.microsoft.sent_to(TOKEN)


def test_a_request_for_a_token_shows_no_secret() -> None:
    request = Request("password", TENANT, CLIENT, USER, SALES, SECRET)
    assert SECRET not in repr(request)


async def test_a_password_of_many_lengths_and_letters_arrives_as_it_is(realm: Desk) -> None:
    for password in ("pä§$&=+ %&?#", "=&", "x" * 256, "'\"\\"):
        realm.vault.value = password
        await realm.sales.sign_in(the_access(**PASSWORD))
        assert form_of(realm)["password"] == [password]


async def test_an_access_without_credential_is_never_signed_in(desk: Desk) -> None:
    for credential in ("", "access_key", "nothing", "CLIENT_SECRET"):
        with pytest.raises(AdminError):
            await desk.tokens.token(replace(the_access(), credential=credential), SALES)
    assert not desk.microsoft.calls
    assert not desk.vault.opened
