"""Business Central on-premises: a user with a web service access key, by https, to one server."""

import base64
import logging
from dataclasses import replace
from typing import Any

import pytest

from connection.errors import (
    AdminError,
    Forbidden,
    HostNotAllowed,
    NotFound,
    ProxyRefused,
    RemoteFault,
    SecretMissing,
    ServerDown,
    Throttled,
    Unauthorised,
)
from connection.identities import Access
from dynamics.bc_refusals import as_on_premises
from tests.dynamics.microsoft import BC, LOGIN, SECRET, Desk, Reply, a_desk, the_access
from tests.dynamics.simulated import dynamics, on_premises
from tests.dynamics.test_secrecy import everything_in
from tests.simulator.conftest import Visitor

HOST = "bc.contoso.example"
URL = f"https://{HOST}:7048/BC150"
BASIC = f"Basic {base64.b64encode(f'SYNC:{SECRET}'.encode()).decode()}"
ALLOWED = ("bc.adventure-example.com",)


def key_of(visitor: Visitor) -> str:
    return str(visitor.ready["bc"]["on_premises_access_key"])


def here(**changes: str) -> Access:
    """A server of the stand-in."""
    given = {"bc_url": URL, "user_name": "SYNC", "credential": "access_key", "client_id": ""}
    return the_access(**{**given, "sales_url": "", "tenant": "", **changes})


async def test_the_server_is_read_with_the_key(visitor: Visitor) -> None:
    access = on_premises(visitor)
    async with dynamics(visitor, key_of(visitor), allowed=ALLOWED) as room:
        bc = room.business_central
        companies = await bc.companies(access)
        assert visitor.ready["bc"]["company"] in [company.name for company in companies]
        assert all(company.id for company in companies)
        services = {service.name for service in await bc.services(access)}
        assert "General_Ledger_Setup" in services
        row = await bc.general_ledger_setup(access, "General_Ledger_Setup")
        assert row["LCY_Code"] == "EUR"
    assert not await visitor.calls(site="entra")
    assert not [call for call in await visitor.calls(site="bc") if call.get("note")]


@pytest.mark.parametrize(
    ("key", "change"),
    [("wrong", {}), ("", {"access_key": None}), (None, {"enabled": False}), (None, None)],
)
async def test_a_key_that_is_not_accepted_is_explained_in_words_for_a_key(
    visitor: Visitor, key: str | None, change: dict[str, Any] | None
) -> None:
    given = key_of(visitor) if key is None else key
    await visitor.patch({"on_premises": {"server": {"users": {"SYNC": change}}}})
    async with dynamics(visitor, given, allowed=ALLOWED) as room:
        with pytest.raises(Unauthorised) as caught:
            await room.business_central.companies(on_premises(visitor))
    said = f"{caught.value.message} {caught.value.hint}"
    for word in ("access key", "Users", "Enabled", "expired", "/d365 secret", "NavUserPassword"):
        assert word in said
    for word in ("Entra", "token", "consent"):
        assert word not in said


@pytest.mark.parametrize("allowed", [(), ("bc.example",), ("adventure-example.com",)])
async def test_a_server_that_the_operator_did_not_allow_is_never_called(
    visitor: Visitor, allowed: tuple[str, ...]
) -> None:
    async with dynamics(visitor, key_of(visitor), allowed=allowed) as room:
        with pytest.raises(HostNotAllowed) as caught:
            await room.business_central.companies(on_premises(visitor))
    assert "D365BOT_ALLOWED_HOSTS" in caught.value.hint
    assert not await visitor.calls()


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "192.168.1.9", "[fd00::1]", "localhost"])
async def test_an_address_of_this_network_needs_to_be_allowed(desk: Desk, host: str) -> None:
    with pytest.raises(HostNotAllowed):
        await desk.business_central.companies(here(bc_url=f"https://{host}:7048/BC150"))
    assert not desk.microsoft.calls
    assert not desk.vault.opened


@pytest.mark.parametrize(
    ("host", "entry"),
    [("10.1.2.3", "10.0.0.0/8"), ("[fd00::1]", "fd00::/8"), (HOST, f"{HOST}:7048")],
)
async def test_an_allowed_address_is_called_with_user_and_key(host: str, entry: str) -> None:
    async with a_desk(allowed=(entry,)) as desk:
        url = f"https://{host}:7048/BC150"
        desk.microsoft.tell(f"{url}/ODataV4/Company?$select=Id,Name", Reply(body={"value": []}))
        assert await desk.business_central.companies(here(bc_url=url)) == []
        (call,) = desk.microsoft.calls
        assert call.headers["authorization"] == BASIC
        assert desk.vault.opened[0][1].host == f"{host}:7048"


async def test_the_key_is_opened_for_this_server_and_this_user_only() -> None:
    async with a_desk(allowed=(HOST,)) as desk:
        desk.microsoft.tell(URL, Reply(body={"value": []}))
        await desk.business_central.companies(here())
        ((_, origin),) = desk.vault.opened
    assert (origin.host, origin.kind, origin.login) == (f"{HOST}:7048", "access_key", "sync")


@pytest.mark.parametrize(
    "target",
    [
        f"https://{HOST}/BC150/",
        f"https://{HOST}:7049/BC150/",
        f"http://{HOST}:7048/BC150/",
        "https://other.contoso.example:7048/BC150/",
        f"{BC}/v2.0/",
        f"{LOGIN}/",
        "//other.contoso.example/",
    ],
)
async def test_a_redirect_elsewhere_goes_without_the_key(target: str) -> None:
    async with a_desk(allowed=(HOST, "other.contoso.example")) as desk:
        desk.microsoft.tell(f"{URL}/", Reply(302, {}, {"Location": target}))
        elsewhere = target if "://" in target else f"https:{target}"
        desk.microsoft.tell(elsewhere, Reply(body={"value": []}))
        await desk.business_central.companies(here())
        first, second = desk.microsoft.calls
        assert first.headers["authorization"] == BASIC
        assert "authorization" not in second.headers


async def test_a_redirect_to_a_host_that_is_not_allowed_is_not_followed() -> None:
    async with a_desk(allowed=(HOST,)) as desk:
        desk.microsoft.tell(f"{URL}/", Reply(302, {}, {"Location": "https://evil.example/"}))
        with pytest.raises(HostNotAllowed):
            await desk.business_central.companies(here())
        assert len(desk.microsoft.calls) == 1


@pytest.mark.parametrize(
    "link", ["https://evil.example/", f"http://{HOST}:7048/BC150/x", f"{BC}/v2.0/x"]
)
async def test_a_next_page_elsewhere_is_not_fetched(link: str) -> None:
    async with a_desk(allowed=(HOST, "evil.example")) as desk:
        desk.microsoft.tell(f"{URL}/", Reply(body={"value": [], "@odata.nextLink": link}))
        with pytest.raises(HostNotAllowed):
            await desk.business_central.companies(here())
        assert len(desk.microsoft.calls) == 1


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}:7048/BC150",
        f"{BC}/v2.0/BC150",
        f"{BC}:443/v2.0/BC150",
        "https://API.businesscentral.dynamics.com./v2.0/BC150",
    ],
)
async def test_the_key_never_goes_in_clear_nor_to_the_online_host(url: str) -> None:
    async with a_desk(allowed=(HOST,)) as desk:
        with pytest.raises(HostNotAllowed):
            await desk.business_central.companies(here(bc_url=url))
        assert not desk.microsoft.calls
        assert not desk.vault.opened


async def test_online_no_key_is_ever_opened(desk: Desk) -> None:
    desk.bc_says("api/v2.0/companies", Reply(body={"value": []}))
    await desk.business_central.companies(the_access())
    assert desk.microsoft.calls[-1].headers["authorization"] == "Bearer token-1"
    with pytest.raises(AdminError):
        await desk.business_central.companies(here(bc_url="", user_name="SYNC"))


async def test_without_the_key_the_command_to_give_it_is_named(desk: Desk) -> None:
    async with a_desk(allowed=(HOST,)) as desk:
        with pytest.raises(SecretMissing) as caught:
            await desk.business_central.companies(replace(here(), secret=None))
        assert "d365bot secret set" in caught.value.hint
        assert not desk.microsoft.calls


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (403, Forbidden, "permission set"),
        (404, NotFound, "web services URL"),
        (405, RemoteFault, "OData services"),
        (503, ServerDown, ""),
    ],
)
async def test_no_remedy_on_premises_names_an_environment_or_an_app_of_entra(
    status: int, kind: type[RemoteFault], said: str
) -> None:
    async with a_desk(allowed=(HOST,)) as desk:
        desk.microsoft.tell(f"{URL}/", Reply(status, {}))
        with pytest.raises(kind) as caught:
            await desk.business_central.services(here())
    assert said in caught.value.message + caught.value.hint
    assert caught.value.status == status
    assert "Entra" not in caught.value.hint
    assert "environment" not in caught.value.hint


async def test_a_company_that_the_server_does_not_have_is_not_found(visitor: Visitor) -> None:
    async with dynamics(visitor, key_of(visitor), allowed=ALLOWED) as room:
        with pytest.raises(NotFound) as caught:
            await room.business_central.general_ledger_setup(
                on_premises(visitor, bc_company="Nobody's"), "General_Ledger_Setup"
            )
    assert "company" in caught.value.message + caught.value.hint
    assert "environment" not in caught.value.hint


@pytest.mark.parametrize("said", [Reply(401, {}), Reply(500), Reply(200, content=b"<html>")])
async def test_a_failed_call_shows_no_key(said: Reply, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with a_desk(allowed=(HOST,)) as desk:
        desk.microsoft.tell(f"{URL}/", said)
        with pytest.raises(RemoteFault) as caught:
            await desk.business_central.companies(here())
    shown = everything_in(caught.value) + caplog.text
    assert SECRET not in shown
    assert BASIC.partition(" ")[2] not in shown


@pytest.mark.parametrize(
    "fault",
    [
        ProxyRefused("The proxy does not let it through.", "Ask the proxy's operator.", status=403),
        ProxyRefused("The proxy wants another method.", "Ask the proxy's operator.", status=405),
        Throttled("Too many calls.", "Try again later.", retry_after=3, status=401),
    ],
)
def test_what_stands_before_the_server_keeps_its_own_words(fault: RemoteFault) -> None:
    assert as_on_premises(fault) is fault
