"""A host gives its identity's token to whoever knows its header, and to nobody else."""

import asyncio
import time
from typing import Any

import httpx
import msal
import pytest

from tests.simulator.conftest import BC, MsalClient, Visitor

UNKNOWN = "4a3c6f36-3a5e-4e2f-9f0b-2f9c5d9b1234"
NOT_FOUND = (
    "No User Assigned or Delegated Managed Identity found for specified "
    "ClientId/ResourceId/PrincipalId."
)


async def _ask(visitor: Visitor, header: str | None = None, **query: str) -> httpx.Response:
    given = visitor.ready["managed_identity"]
    asked = {"api-version": "2019-08-01", "resource": visitor.ready["sales_url"]} | query
    told = given["header"] if header is None else header
    headers = {b"X-IDENTITY-HEADER": told.encode("latin-1")}
    return await visitor.control.get(given["endpoint"], params=asked, headers=headers)


async def _msal(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, identity: Any, resource: str
) -> dict[str, Any]:
    """As on App Service, which says in the environment where its endpoint is."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", visitor.ready["managed_identity"]["endpoint"])
    monkeypatch.setenv("IDENTITY_HEADER", visitor.ready["managed_identity"]["header"])

    def sign_in() -> dict[str, Any]:
        with httpx.Client(trust_env=False) as http:
            client = msal.ManagedIdentityClient(identity, http_client=MsalClient(http))
            result: dict[str, Any] = client.acquire_token_for_client(resource=resource)
            return result

    return await asyncio.to_thread(sign_in)


async def test_msal_gets_a_token_that_sales_accepts(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sales = visitor.ready["sales_url"]
    result = await _msal(visitor, monkeypatch, msal.SystemAssignedManagedIdentity(), sales)
    assert 3500 < result["expires_in"] <= 3600
    headers = {"Authorization": f"Bearer {result['access_token']}"}
    who = await visitor.http.get(f"{sales}/api/data/v9.2/WhoAmI", headers=headers)
    assert who.json()["UserId"] == visitor.row("systemusers", "bot")["systemuserid"]


async def test_msal_gets_a_token_of_a_user_assigned_identity_for_business_central(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id = visitor.ready["apps"]["bot"]["client_id"]
    identity = msal.UserAssignedManagedIdentity(client_id=client_id)
    result = await _msal(visitor, monkeypatch, identity, BC)
    address = f"{BC}/v2.0/{visitor.ready['tenant']}/Production/api/v2.0/companies"
    headers = {"Authorization": f"Bearer {result['access_token']}"}
    assert (await visitor.http.get(address, headers=headers)).status_code == 200


async def test_answer_has_the_shape_of_app_service(visitor: Visitor) -> None:
    resource = f"{visitor.ready['sales_url']}/"
    answer = (await _ask(visitor, resource=resource)).json()
    assert answer.keys() == {"access_token", "expires_on", "resource", "token_type", "client_id"}
    assert (answer["resource"], answer["token_type"]) == (resource, "Bearer")
    assert int(answer["expires_on"]) > time.time()


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        ({"header": "wrong"}, 401, "X-IDENTITY-HEADER"),
        ({"header": "é"}, 401, "X-IDENTITY-HEADER"),
        ({"client_id": UNKNOWN}, 400, NOT_FOUND),
        ({"client_id": ""}, 400, NOT_FOUND),
        ({"object_id": UNKNOWN}, 400, NOT_FOUND),
        ({"resource": "https://elsewhere.example"}, 400, "AADSTS500011"),
        ({"resource": ""}, 400, "resource"),
        ({"api-version": "2017-09-01"}, 400, "api-version"),
    ],
)
async def test_bad_request_for_an_identity_is_refused(
    visitor: Visitor, asked: dict[str, str], status: int, says: str
) -> None:
    answer = await _ask(visitor, **asked)
    assert answer.status_code == answer.json()["statusCode"] == status
    assert says in answer.json()["message"]


async def test_host_without_an_identity_has_no_token(visitor: Visitor) -> None:
    await visitor.patch({"managed_identity": {"system": None}})
    assert (await _ask(visitor)).json()["statusCode"] == 400


@pytest.mark.parametrize("header", [None, ""])
async def test_world_without_the_header_gives_nobody_a_token(
    visitor: Visitor, header: str | None
) -> None:
    await visitor.patch({"managed_identity": {"header": header}})
    assert [(await _ask(visitor, header=each)).status_code for each in ("", "x")] == [401, 401]


async def test_identity_whose_app_is_refused_gets_its_number(visitor: Visitor) -> None:
    await visitor.patch({"apps": {"bot": {"refuse": 53003}}})
    assert "AADSTS53003" in (await _ask(visitor)).json()["message"]


async def test_world_says_which_app_is_the_identity(visitor: Visitor) -> None:
    app = visitor.ready["apps"]["integration"]["client_id"]
    await visitor.patch({"managed_identity": {"user_assigned": {app: "integration"}}})
    assert (await _ask(visitor, client_id=app.upper())).json()["client_id"] == app


async def test_call_is_in_the_log_of_entra_and_can_be_spoilt(visitor: Visitor) -> None:
    rule = {"site": "entra", "path": "/_entra/msi/token", "status": 503, "times": 1}
    assert (await visitor.control.post("/_faults", json=rule)).status_code == 201
    assert [(await _ask(visitor)).status_code for _ in range(2)] == [503, 200]
    rows = await visitor.calls(site="entra")
    assert [(row["path"], row["status"]) for row in rows] == [
        ("/_entra/msi/token", 503),
        ("/_entra/msi/token", 200),
    ]
