"""Looks up a host and refuses addresses inside this network, then connects to what it checked.

The check and the connection use the same look-up, so that a name cannot point elsewhere in
between (DNS rebinding). Connections through a proxy do not come here: the proxy resolves them.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable

import httpcore

from connection.errors import HostNotAllowed, NameUnknown
from dynamics.hosts import Address, AllowedHosts, plain_host

AZURE_WIRE_SERVER = ipaddress.ip_address("168.63.129.16")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
TRIED = 3
LookUp = Callable[[str, int], Awaitable[tuple[str, ...]]]
SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


async def addresses_of(host: str, port: int) -> tuple[str, ...]:
    """Every address of the host, in the order of preference. Raises `NameUnknown`."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameUnknown(
            f"DNS does not know {host}.",
            "Look for a typing error in the address. If the bot reaches the internet through a "
            "proxy only, whoever runs the bot sets HTTPS_PROXY.",
        ) from error
    return tuple(dict.fromkeys(str(row[4][0]) for row in found))


def is_inside(address: Address) -> bool:
    """Loopback, private, link-local, multicast, reserved, or a cloud's metadata service."""
    embedded = _embedded(address)
    if embedded is not None:
        return is_inside(embedded)
    return not address.is_global or address.is_multicast or address == AZURE_WIRE_SERVER


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


class CheckedAddresses(httpcore.AsyncNetworkBackend):
    """httpx's way to the network, for direct connections. Raises `HostNotAllowed`."""

    def __init__(self, hosts: AllowedHosts, look_up: LookUp = addresses_of) -> None:
        self._hosts = hosts
        self._look_up = look_up
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Tries the checked addresses in turn, sharing the time limit among them."""
        addresses = (await self.checked(host, port))[:TRIED]
        share = None if timeout is None else timeout / len(addresses)
        options = tuple(socket_options or ())
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(address, port, share, local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(addresses[-1], port, share, local_address, options)

    async def sleep(self, seconds: float) -> None:
        """Part of httpcore's interface."""
        await self._network.sleep(seconds)

    async def checked(self, host: str, port: int) -> tuple[str, ...]:
        """Every address of the host; one that may not be called refuses them all."""
        addresses = await self._look_up(host, port)
        rule = self._hosts.rule_for(plain_host(host), port)
        if rule is not None and rule.explicit:
            return addresses
        for text in addresses:
            address = ipaddress.ip_address(text.partition("%")[0])
            if is_inside(address) and not self._hosts.is_allowed_address(address):
                raise HostNotAllowed(
                    f"{host} leads to {text}, an address inside this network.",
                    "If that is meant, whoever runs the bot adds the host or the address to "
                    "D365BOT_ALLOWED_HOSTS.",
                )
        return addresses
