"""Each kind of credential, from end to end against the simulated Entra ID."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connection.errors import NotReady, SecretMissing, SignInFailed
from dynamics.aadsts import AADSTS
from dynamics.http import utc_now
from storage.certificates import X509Certificates
from tests.dynamics.simulated import INTEGRATION, access_to, dynamics
from tests.simulator.conftest import Visitor

ISSUER = "https://oidc.contoso.example/cluster/"
SUBJECT = "system:serviceaccount:bots:d365bot"
AUDIENCE = "api://AzureADTokenExchange"
KEY, STRANGER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
PUBLIC = (
    KEY.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


async def fault_of(call: Callable[[], Awaitable[object]]) -> SignInFailed:
    with pytest.raises(SignInFailed) as caught:
        await call()
    return caught.value


async def explained(call: Callable[[], Awaitable[object]], number: int) -> None:
    fault = await fault_of(call)
    assert fault.code == f"AADSTS{number}"
    assert (fault.message, fault.hint) == (AADSTS[number].sentence, AADSTS[number].remedy)


async def test_a_certificate_that_the_bot_made_signs_in(visitor: Visitor) -> None:
    pem, public = await X509Certificates().make("d365bot", 30, utc_now())
    await visitor.patch({"apps": {"bot": {"certificates": {"made": {"pem": public.pem}}}}})
    access = access_to(visitor, "certificate")
    async with dynamics(visitor, pem) as room:
        await room.sales.sign_in(access)
        assert await room.sales.who_am_i(access)
        assert await room.business_central.companies(access)


async def test_a_certificate_that_entra_does_not_know_is_explained(visitor: Visitor) -> None:
    pem, _ = await X509Certificates().make("d365bot", 30, utc_now())
    async with dynamics(visitor, pem) as room:
        await explained(lambda: room.sales.sign_in(access_to(visitor, "certificate")), 700027)


async def test_another_certificate_than_the_registered_one_is_explained(visitor: Visitor) -> None:
    pem, _ = await X509Certificates().make("d365bot", 30, utc_now())
    _, other = await X509Certificates().make("d365bot", 30, utc_now())
    await visitor.patch({"apps": {"bot": {"certificates": {"made": {"pem": other.pem}}}}})
    async with dynamics(visitor, pem) as room:
        await explained(lambda: room.sales.sign_in(access_to(visitor, "certificate")), 700027)


def assertion(key: rsa.RSAPrivateKey = KEY, **claims: Any) -> str:
    said = {"iss": ISSUER, "sub": SUBJECT, "aud": [AUDIENCE], "exp": int(time.time()) + 600}
    return jwt.encode({**said, **claims}, key, algorithm="RS256")


async def trust_the_cluster(visitor: Visitor) -> None:
    record = {"issuer": ISSUER, "subject": SUBJECT, "audience": AUDIENCE, "pem": PUBLIC}
    await visitor.patch({"apps": {"bot": {"federated": {"cluster": record}}}})


async def test_a_workload_identity_signs_in_to_both_services(
    visitor: Visitor, tmp_path: Path
) -> None:
    await trust_the_cluster(visitor)
    file = tmp_path / "token"
    file.write_text(assertion() + "\n")
    access = access_to(visitor, "workload_identity")
    async with dynamics(visitor, assertion_file=file) as room:
        await room.sales.sign_in(access)
        assert await room.sales.who_am_i(access)
        assert await room.business_central.companies(access)


async def test_the_assertion_file_is_read_anew_for_every_token(
    visitor: Visitor, tmp_path: Path
) -> None:
    await trust_the_cluster(visitor)
    file = tmp_path / "token"
    file.write_text(assertion(exp=int(time.time()) - 3600))
    access = access_to(visitor, "workload_identity")
    async with dynamics(visitor, assertion_file=file) as room:
        await explained(lambda: room.sales.sign_in(access), 700024)
        file.write_text(assertion())
        await room.sales.sign_in(access)
        file.unlink()
        with pytest.raises(NotReady):
            await room.sales.sign_in(access)


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ({"iss": "https://oidc.fabrikam.example/"}, 700211),
        ({"aud": "api://other"}, 700212),
        ({"sub": "system:serviceaccount:bots:other"}, 700213),
        ({"exp": int(time.time()) - 3600}, 700024),
        ({"nbf": int(time.time()) + 3600}, 700024),
    ],
)
async def test_an_assertion_with_something_wrong_is_explained(
    visitor: Visitor, tmp_path: Path, wrong: dict[str, Any], number: int
) -> None:
    await trust_the_cluster(visitor)
    file = tmp_path / "token"
    file.write_text(assertion(**wrong))
    async with dynamics(visitor, assertion_file=file) as room:
        await explained(lambda: room.sales.sign_in(access_to(visitor, "workload_identity")), number)


async def test_an_assertion_of_another_key_is_explained(visitor: Visitor, tmp_path: Path) -> None:
    await trust_the_cluster(visitor)
    file = tmp_path / "token"
    file.write_text(assertion(STRANGER))
    async with dynamics(visitor, assertion_file=file) as room:
        await explained(lambda: room.sales.sign_in(access_to(visitor, "workload_identity")), 50013)


CONTENTS = {
    "empty": b"",
    "blank": b" \n",
    "no JWT": b"hello",
    "two parts": b"eyJ.eyJ",
    "empty parts": b"..",
    "HTML": b"<html>a.b.c</html>",
    "several": b"a.b.c d",
    "not ASCII": "ä.b.c".encode(),
    "bytes": b"\xff\xfe.\x00.c",
    "too large": b"a.b." + b"c" * 70_000,
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
async def test_what_is_no_assertion_is_not_sent(
    visitor: Visitor, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    await _not_ready(visitor, file)


async def test_an_assertion_file_that_is_not_there_is_not_ready(
    visitor: Visitor, tmp_path: Path
) -> None:
    await _not_ready(visitor, None)
    await _not_ready(visitor, tmp_path / "missing")
    await _not_ready(visitor, tmp_path)


async def _not_ready(visitor: Visitor, file: Path | None) -> None:
    async with dynamics(visitor, assertion_file=file) as room:
        with pytest.raises(NotReady) as caught:
            await room.sales.sign_in(access_to(visitor, "workload_identity"))
    assert "AZURE_FEDERATED_TOKEN_FILE" in f"{caught.value.message} {caught.value.hint}"
    assert not [call for call in await visitor.calls(site="entra") if call["method"] == "POST"]


def password_of(visitor: Visitor, user: str = INTEGRATION) -> str:
    return str(visitor.simulation.world.facts["accounts"][user]["password"])


async def test_the_integration_users_password_signs_in(visitor: Visitor) -> None:
    access = access_to(visitor, "password", user_name=INTEGRATION)
    async with dynamics(visitor, password_of(visitor)) as room:
        await room.sales.sign_in(access)
        assert (
            await room.sales.who_am_i(access)
            == visitor.row("systemusers", "integration")["systemuserid"]
        )


@pytest.mark.parametrize(
    ("scenario", "number"),
    [
        ("account-disabled", 50057),
        ("account-locked", 50053),
        ("password-expired", 50055),
        ("mfa-required", 50076),
    ],
)
async def test_an_account_that_may_not_sign_in_is_explained(
    visitor: Visitor, scenario: str, number: int
) -> None:
    password = password_of(visitor)
    await visitor.become(scenario)
    async with dynamics(visitor, password) as room:
        access = access_to(visitor, "password", user_name=INTEGRATION)
        await explained(lambda: room.sales.sign_in(access), number)


@pytest.mark.parametrize(
    ("fact", "number"), [({"must_register_mfa": True}, 50079), ({"assigned": False}, 50105)]
)
async def test_a_user_who_lacks_something_is_explained(
    visitor: Visitor, fact: dict[str, object], number: int
) -> None:
    await visitor.patch({"accounts": {INTEGRATION: fact}})
    async with dynamics(visitor, password_of(visitor)) as room:
        access = access_to(visitor, "password", user_name=INTEGRATION)
        await explained(lambda: room.sales.sign_in(access), number)


async def test_a_federated_account_sends_its_password_to_nobody(visitor: Visitor) -> None:
    password = password_of(visitor)
    await visitor.become("federated-account")
    async with dynamics(visitor, password) as room:
        access = access_to(visitor, "password", user_name=INTEGRATION)
        fault = await fault_of(lambda: room.sales.sign_in(access))
    assert "federated" in fault.message
    assert "with an app" in fault.hint
    calls = await visitor.calls()
    assert [call["method"] for call in calls] == ["GET", "GET"]
    assert "/common/userrealm/" in calls[-1]["path"]


@pytest.mark.parametrize(
    ("user", "password", "number"),
    [(INTEGRATION, "wrong", 50126), ("nobody@adventure-example.onmicrosoft.com", "x", 50034)],
)
async def test_a_wrong_name_or_password_is_explained(
    visitor: Visitor, user: str, password: str, number: int
) -> None:
    async with dynamics(visitor, password) as room:
        access = access_to(visitor, "password", user_name=user)
        await explained(lambda: room.sales.sign_in(access), number)


async def test_an_app_that_is_not_public_cannot_test_a_password(visitor: Visitor) -> None:
    bot = visitor.ready["apps"]["bot"]["client_id"]
    access = access_to(visitor, "password", user_name=INTEGRATION, client_id=bot)
    async with dynamics(visitor, password_of(visitor)) as room:
        await explained(lambda: room.sales.sign_in(access), 7000218)


async def test_a_name_that_is_no_principal_name_is_not_asked_for(visitor: Visitor) -> None:
    async with dynamics(visitor, "x") as room:
        access = access_to(visitor, "password", user_name="CONTOSO\\integration")
        assert (await fault_of(lambda: room.sales.sign_in(access))).code == "AADSTS50034"
    assert not [call for call in await visitor.calls() if call["method"] == "POST"]


async def test_without_an_app_for_people_a_password_is_not_ready(visitor: Visitor) -> None:
    async with dynamics(visitor, "x") as room:
        with pytest.raises(NotReady) as caught:
            await room.sales.sign_in(
                access_to(visitor, "password", user_name=INTEGRATION, client_id="")
            )
    assert "/d365 setup" in caught.value.hint


@pytest.mark.parametrize("credential", ["client_secret", "certificate", "password"])
async def test_a_secret_that_is_not_held_is_asked_for(visitor: Visitor, credential: str) -> None:
    access = replace(access_to(visitor, credential), secret=None)
    async with dynamics(visitor) as room:
        with pytest.raises(SecretMissing) as caught:
            await room.sales.sign_in(access)
    assert "d365bot secret set" in caught.value.hint
    assert credential.replace("_", " ") in caught.value.message
