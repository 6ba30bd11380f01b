"""Global discovery tells a person, and no app, which organisations there are."""

from typing import Any

import httpx
import pytest

from simulator.healthy.people import INTEGRATION
from tests.simulator.conftest import LOGIN, Visitor

HOST = "https://globaldisco.crm.dynamics.com"
INSTANCES = f"{HOST}/api/discovery/v2.0/Instances"


async def _token(visitor: Visitor) -> str:
    body = {
        "grant_type": "password",
        "client_id": visitor.ready["apps"]["admin"]["client_id"],
        "username": INTEGRATION,
        "password": visitor.simulation.world.facts["accounts"][INTEGRATION]["password"],
        "scope": f"{HOST}/.default",
    }
    address = f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0/token"
    answer = await visitor.http.post(address, data=body)
    return str(answer.json()["access_token"])


async def _get(visitor: Visitor, more: str = "", token: str = "") -> httpx.Response:
    bearer = {"Authorization": f"Bearer {token or await _token(visitor)}"}
    return await visitor.http.get(INSTANCES + more, headers=bearer)


async def _names(visitor: Visitor, more: str) -> list[Any]:
    return [row["UniqueName"] for row in (await _get(visitor, more)).json()["value"]]


async def test_person_sees_the_organisation(visitor: Visitor) -> None:
    (row,) = (await _get(visitor)).json()["value"]
    assert row["Url"] == visitor.ready["sales_url"]
    assert (row["TenantId"], row["State"]) == (visitor.ready["tenant"], 0)
    assert row["IsUserSysAdmin"] is False


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("(UniqueName='orgadventureexample')", True),
        ("(UniqueName='ORGADVENTUREEXAMPLE')", False),
        ("(Region='EMEA')", True),
        ("(00000000-0000-4000-8000-000000000000)", False),
        ("?$filter=UrlName eq 'adventure-example' and State eq 0", True),
        ("?$filter=UrlName eq 'Adventure-Example'", False),
        ("?$select=UniqueName", True),
    ],
)
async def test_instances_are_always_a_list(visitor: Visitor, more: str, found: bool) -> None:
    assert await _names(visitor, more) == (["orgadventureexample"] if found else [])


async def test_who_is_disabled_does_not_see_the_organisation(visitor: Visitor) -> None:
    await visitor.become("user-disabled")
    assert await _names(visitor, "") == []


async def test_app_is_nobody_at_discovery(visitor: Visitor) -> None:
    assert (await _get(visitor, token=await visitor.token(HOST))).status_code == 403


async def test_token_of_another_service_is_refused(visitor: Visitor) -> None:
    token = await visitor.token(visitor.ready["sales_url"])
    answer = await _get(visitor, token=token)
    assert answer.status_code == 401
    assert HOST in answer.headers["WWW-Authenticate"]
