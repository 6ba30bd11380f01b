"""Which tenant of which cloud: read from a challenge, and from what Entra ID publishes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import SignInFailed, Unintelligible
from connection.remote import Tenancy
from dynamics.tenancies import tenancy_in
from tests.dynamics.microsoft import LOGIN, TENANT, Desk, Reply, discovery, the_access

PUBLIC = "login.microsoftonline.com"
METADATA = f"{LOGIN}/contoso.com/v2.0/.well-known"


def challenge(authority: str) -> dict[str, str]:
    said = f"Bearer authorization_uri={authority}, resource_id=https://contoso.crm4.dynamics.com/"
    return {"www-authenticate": said}


@pytest.mark.parametrize(
    ("login", "known_as"),
    [
        (PUBLIC, PUBLIC),
        ("login.windows.net", PUBLIC),
        ("LOGIN.MicrosoftOnline.com", PUBLIC),
        ("login.microsoftonline.us", "login.microsoftonline.us"),
        ("login.chinacloudapi.cn", "login.partner.microsoftonline.cn"),
    ],
)
def test_the_challenge_names_the_tenant_and_the_cloud(login: str, known_as: str) -> None:
    for quote in ("", '"'):
        headers = challenge(f"{quote}https://{login}/{TENANT.upper()}/oauth2/authorize{quote}")
        assert tenancy_in(headers) == Tenancy(TENANT, known_as)


@pytest.mark.parametrize(
    "authority", ["", f"https://{PUBLIC}/common/oauth2/authorize", "https://adfs.contoso.com/adfs/"]
)
def test_without_a_tenant_nothing_is_known(authority: str) -> None:
    assert tenancy_in(challenge(authority)) is None
    assert tenancy_in({}) is None


@given(st.text())
def test_any_challenge_is_a_tenancy_or_nothing(said: str) -> None:
    found = tenancy_in({"www-authenticate": said})
    assert found is None or found.tenant_id in said.lower()


async def test_a_tenant_given_by_its_id_is_asked_nobody(desk: Desk) -> None:
    assert await desk.sales.tenancy(the_access()) == Tenancy(TENANT, PUBLIC)
    assert desk.microsoft.calls == []


async def test_a_domain_is_looked_up_without_a_sign_in(desk: Desk) -> None:
    desk.microsoft.tell(METADATA, Reply(body=discovery(LOGIN)))
    access = replace(the_access(), tenant="Contoso.com")
    assert await desk.sales.tenancy(access) == Tenancy(TENANT, PUBLIC)
    (call,) = desk.microsoft.calls
    assert "authorization" not in call.headers
    assert desk.vault.opened == []


async def test_a_domain_that_nobody_has_is_entras_own_sentence(desk: Desk) -> None:
    refusal = {"error": "invalid_tenant", "error_description": "AADSTS90002: no", "error_codes": []}
    desk.microsoft.tell(METADATA, Reply(400, refusal))
    with pytest.raises(SignInFailed) as refused:
        await desk.sales.tenancy(replace(the_access(), tenant="contoso.com"))
    assert refused.value.code == "AADSTS90002"


@pytest.mark.parametrize("issuer", [None, 7, "", f"https://{PUBLIC}/{{tenantid}}/v2.0", TENANT])
async def test_an_issuer_that_names_no_tenant_is_unintelligible(desk: Desk, issuer: object) -> None:
    desk.microsoft.tell(METADATA, Reply(body={"issuer": issuer}))
    with pytest.raises(Unintelligible):
        await desk.sales.tenancy(replace(the_access(), tenant="contoso.com"))
