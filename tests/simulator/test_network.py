"""The world says which certificate a host shows and what the proxy answers; both hold at once."""

import asyncio

import httpx
import pytest

from simulator.healthy.sales import HOST
from tests.simulator.conftest import LOGIN, Visitor

METADATA = f"{LOGIN}/common/v2.0/.well-known/openid-configuration"


async def _is_up(visitor: Visitor) -> bool:
    return (await visitor.http.get(f"{visitor.ready['sales_url']}/api/data/v9.2/")).is_client_error


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("expired", "certificate has expired"),
        ("wrong-host", "Hostname mismatch"),
        ("unknown-authority", "unable to get local issuer certificate"),
    ],
)
async def test_bad_certificate_is_met_by_connections_that_stood_before_too(
    visitor: Visitor, kind: str, said: str
) -> None:
    assert await _is_up(visitor)
    await visitor.patch({"network": {"tls": {HOST: kind}}})
    with pytest.raises(httpx.ConnectError, match=said):
        await _is_up(visitor)
    assert (await visitor.http.get(METADATA)).status_code == 200
    await visitor.patch({"network": {"tls": {HOST: "ok"}}})
    assert await _is_up(visitor)


@pytest.mark.parametrize("status", [403, 407, 502, 504])
async def test_proxy_refuses_a_host_with_the_status_of_the_world_and_logs_it(
    visitor: Visitor, status: int
) -> None:
    assert await _is_up(visitor)
    await visitor.patch({"network": {"proxy": {HOST: status}}})
    with pytest.raises(httpx.ProxyError, match=str(status)):
        await _is_up(visitor)
    rows = await visitor.calls(site="proxy")
    assert [(row["path"], row["status"]) for row in rows] == [(f"{HOST}:443", status)]


async def test_connection_to_another_host_stands_while_one_is_changed(visitor: Visitor) -> None:
    async with visitor.http.stream("GET", METADATA) as answer:
        await visitor.patch({"network": {"proxy": {HOST: 403}}})
        await answer.aread()
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "patch",
    [
        None,
        {"tls": {HOST: "rusty"}},
        {"proxy": {HOST: 200}},
        {"proxy": {HOST: True}},
        {"tls": []},
        {"dns": {}},
    ],
)
async def test_fact_about_the_network_that_cannot_be_is_refused(
    visitor: Visitor, patch: object
) -> None:
    answer = await visitor.control.patch("/_world", json={"network": patch})
    assert answer.status_code == 400
    assert "network" in answer.json()["error"]


async def test_both_names_of_the_organisation_are_hit(visitor: Visitor) -> None:
    await visitor.become("sales-proxy-refuses")
    api = visitor.ready["sales_url"].replace(".crm4.", ".api.crm4.")
    for host in (visitor.ready["sales_url"], api):
        with pytest.raises(httpx.ProxyError):
            await visitor.http.get(f"{host}/api/data/v9.2/WhoAmI")


async def test_a_call_held_up_goes_on_once_all_is_healthy(visitor: Visitor) -> None:
    await visitor.become("sales-slow")
    held = asyncio.create_task(visitor.http.get(f"{visitor.ready['sales_url']}/api/data/v9.2/"))
    async with asyncio.timeout(10):
        while not await visitor.calls(site="dataverse"):
            continue
        await visitor.become("healthy")
        answer = await held
    assert answer.status_code == 401
