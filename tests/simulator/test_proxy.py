"""Nothing leaves: the proxy tunnels to the world's hosts and to no other."""

import asyncio
import ssl

import httpx
import pytest

from tests.simulator.conftest import LOGIN, Visitor


async def test_unknown_host_is_refused_and_logged(visitor: Visitor) -> None:
    with pytest.raises(httpx.ProxyError, match="403"):
        await visitor.http.get("https://example.com/")
    (row,) = await visitor.calls(site="proxy")
    assert (row["method"], row["path"], row["status"]) == ("CONNECT", "example.com:443", 403)


async def test_another_port_of_a_known_host_is_refused(visitor: Visitor) -> None:
    with pytest.raises(httpx.ProxyError, match="403"):
        await visitor.http.get(f"{LOGIN}:8443/")


async def test_plain_http_through_the_proxy_is_refused(visitor: Visitor) -> None:
    answer = await visitor.http.get("http://login.microsoftonline.com/")
    assert answer.status_code == 405


async def test_host_that_only_begins_like_a_known_one_is_refused(visitor: Visitor) -> None:
    with pytest.raises(httpx.ProxyError, match="403"):
        await visitor.http.get(f"{visitor.ready['sales_url']}.example.com/")


async def test_host_header_of_another_site_is_misdirected(visitor: Visitor) -> None:
    answer = await visitor.http.get(f"{LOGIN}/common", headers={"Host": "example.com"})
    assert answer.status_code == 421


async def test_new_organisation_is_reachable_at_once(visitor: Visitor) -> None:
    new = {"host": "second-example.crm11.dynamics.com"}
    facts = visitor.simulation.world.facts["sales"]["adventure"]
    await visitor.patch({"sales": {"second": {**facts, **new}}})
    answer = await visitor.http.get(f"https://{new['host']}/api/data/v9.2/WhoAmI")
    assert answer.status_code == 401


async def test_api_variant_of_the_host_answers_too(visitor: Visitor) -> None:
    address = visitor.ready["sales_url"].replace(".crm4.", ".api.crm4.")
    answer = await visitor.sales("GET", f"{address}/api/data/v9.2/WhoAmI")
    assert answer.status_code == 200


async def test_client_that_does_not_trust_the_ca_gets_nothing(visitor: Visitor) -> None:
    proxy = visitor.ready["proxy"]
    untrusting = ssl.create_default_context()
    async with httpx.AsyncClient(proxy=proxy, verify=untrusting, trust_env=False) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(f"{LOGIN}/common")


async def test_garbage_to_the_proxy_ends_the_connection(visitor: Visitor) -> None:
    host, _, port = visitor.ready["proxy"].removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"\x16\x03\x01" * 20_000)
    assert b"HTTP/1.1 4" in await reader.read()
    writer.close()
