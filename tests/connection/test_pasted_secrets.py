"""The guard against pasted secrets: what it finds, and what it leaves alone."""

import base64
import random
import string
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import PastedSecret
from connection.pasted_secrets import refuse_secrets, secret_in

_ENTRA = string.ascii_letters + string.digits + "_.~-"


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY----- MIIE",
        "abc8Q~" + "aB3" * 11 + "x",
        "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln",
        f"xoxb-{'0' * 10}-notarealtokenatall00",
        "https://someone:hunter2hunter2@contoso.crm4.dynamics.com",
        "AuthType=OAuth;Url=https://x.crm.dynamics.com;Password=Sommer2026!;",
        "client_secret: Zq9-vv81-hhT0",
        "https://x.example.com/?sig=abcdefgh12345",
        base64.b64encode(bytes(range(32))).decode(),
    ],
)
def test_secrets_are_found_by_their_shape(text: str) -> None:
    assert secret_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "contoso-prod",
        "crm-prod-eu-west-1-2026-connection",
        "Dynamics365SalesIntegration2026",
        "8c8d4f51-a72b-e511-80d9-3863bb349780",
        "{8C8D4F51-A72B-E511-80D9-3863BB349780}",
        "8C8D4F51A72BE51180D93863BB349780",
        "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B",
        "https://contoso.crm4.dynamics.com/main.aspx?appid=8c8d4f51-a72b-e511-80d9-3863bb349780&etn=x",
        "https://x.crm.dynamics.com/?pagetype=record&id=%7b6f960e32-a72b-e511-80d9-3863bb349780%7d",
        "https://businesscentral.dynamics.com/contoso.onmicrosoft.com/Production/?company=CRONUS%20AG",
        "integration.user.for.sales.2026.v2@contoso.onmicrosoft.com",
        "CONTOSO\\svc_integration_user_2026",
        "Adventure Example Ltd. (Test) & Söhne GmbH 2026",
        "add <@U0123ABCDEF|olga> operator contoso-prod",
        "UserName={USER}; Password={PASSWORD}; ProxyVersion=91;",
        "9.2.24101.00157",
        "12:" + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_identifiers_addresses_and_names_are_left_alone(text: str) -> None:
    assert secret_in(text) == ""


@given(st.integers(0, 2**32), st.integers(31, 37))
def test_every_client_secret_of_entra_is_found_anywhere_in_a_text(seed: int, length: int) -> None:
    drawn = random.Random(seed)
    secret = "".join(drawn.choices(_ENTRA, k=3)) + "8Q~" + "".join(drawn.choices(_ENTRA, k=length))
    assert secret_in(secret)
    assert secret_in(f"test contoso {secret} please")


@given(st.binary(min_size=32, max_size=64))
def test_every_random_key_in_base64_is_found(key: bytes) -> None:
    drawn = random.Random(key)
    assert secret_in(base64.b64encode(drawn.randbytes(len(key))).decode())


@given(st.uuids(), st.sampled_from(["{}", "{{{}}}", "https://x.crm4.dynamics.com/?id={}"]))
def test_no_guid_is_taken_for_a_secret(value: uuid.UUID, shape: str) -> None:
    assert secret_in(shape.format(value)) == ""
    assert secret_in(shape.format(str(value).upper())) == ""


def test_the_refusal_says_what_to_do_and_does_not_repeat_the_secret() -> None:
    secret = "abc8Q~" + "aB3" * 11 + "x"
    with pytest.raises(PastedSecret) as refused:
        refuse_secrets(["contoso", secret])
    said = refused.value.message + refused.value.hint
    assert "Rotate it" in said
    assert secret[:12] not in said
