"""Addresses inside this network are refused, and the checked address is the one connected to."""

import asyncio
import ipaddress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import HostNotAllowed, NameUnknown
from dynamics.addresses import CheckedAddresses, LookUp, addresses_of, is_inside
from dynamics.hosts import AllowedHosts
from dynamics.ways import NoProxy

SALES = "contoso.crm4.dynamics.com"


def leads_to(*addresses: str) -> LookUp:
    async def look_up(host: str, port: int) -> tuple[str, ...]:
        return addresses

    return look_up


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "168.63.129.16",
        "100.64.0.1",
        "100.100.100.200",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
async def test_a_host_that_leads_inside_is_refused(address: str) -> None:
    checked = CheckedAddresses(AllowedHosts(), leads_to("52.1.2.3", address))
    with pytest.raises(HostNotAllowed) as caught:
        await checked.checked(SALES, 443)
    assert address in caught.value.message


@pytest.mark.parametrize("address", ["52.1.2.3", "2603:1020::1", "64:ff9b::3401:203"])
async def test_a_host_that_leads_outside_is_called(address: str) -> None:
    checked = CheckedAddresses(AllowedHosts(), leads_to(address))
    assert await checked.checked(SALES, 443) == (address,)


@given(st.ip_addresses(v=4).filter(lambda one: not one.is_global))
def test_every_address_that_is_not_global_is_inside(address: ipaddress.IPv4Address) -> None:
    assert is_inside(address)
    assert is_inside(ipaddress.IPv6Address(f"::ffff:{address}"))


@pytest.mark.parametrize("entry", [SALES, "10.0.0.5", "10.0.0.0/8", ".crm4.dynamics.com"])
async def test_operator_may_allow_the_host_or_the_address(entry: str) -> None:
    checked = CheckedAddresses(AllowedHosts((entry,)), leads_to("10.0.0.5"))
    assert await checked.checked(SALES, 443) == ("10.0.0.5",)


async def test_the_second_address_is_tried_when_the_first_refuses() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    hosts = AllowedHosts(("nearby.test",))
    checked = CheckedAddresses(hosts, leads_to("127.0.0.2", "127.0.0.1"))
    async with server:
        stream = await checked.connect_tcp("nearby.test", port, timeout=5)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        await stream.aclose()


async def test_a_name_that_no_resolver_can_take_is_unknown() -> None:
    with pytest.raises(NameUnknown):
        await addresses_of("a" * 64 + ".example.test", 443)


@pytest.mark.parametrize(
    ("text", "address", "direct"),
    [
        ("", "https://a.example.test", False),
        ("*", "https://a.example.test", True),
        ("example.test", "https://a.example.test", True),
        ("example.test", "https://example.test", True),
        (".example.test", "https://a.EXAMPLE.test", True),
        ("*.example.test", "https://a.example.test", True),
        ("example.test", "https://notexample.test", False),
        ("example.test:8443", "https://example.test:8443", True),
        ("example.test:8443", "https://example.test", False),
        ("localhost, 10.0.0.0/8", "https://10.1.2.3", True),
        ("[::1]", "https://[::1]:8443", True),
        ("10.0.0.1", "https://10.0.0.2", False),
    ],
)
def test_no_proxy_names_hosts_suffixes_and_networks(text: str, address: str, direct: bool) -> None:
    assert NoProxy(text).covers(httpx.URL(address)) is direct
