"""Whether a host can be reached: DNS, TCP and TLS, without signing in."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from connection.errors import RemoteFault
from connection.remote import Reached
from dynamics.addresses import addresses_of
from dynamics.hosts import AllowedHosts
from dynamics.http import Limits
from dynamics.network_faults import TRANSLATED, bare, network_fault
from dynamics.ways import Ways


class Reach:
    """Opens ways of its own, so that a new connection is made and not an old one found."""

    def __init__(
        self, hosts: AllowedHosts, open_ways: Callable[[], Ways], limits: Limits | None = None
    ) -> None:
        self._hosts = hosts
        self._open_ways = open_ways
        self._limits = limits or Limits()

    async def __call__(self, address: str) -> Reached:
        """Any answer of the host will do, a refusal too. Raises `RemoteFault`."""
        permit = self._hosts.permit(address)
        url = permit.url
        ways = self._open_ways()
        try:
            expires = await self._knock(ways, url)
        finally:
            await ways.aclose()
        proxy = ways.proxy_for(url)
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = () if proxy else await addresses_of(permit.host, port)
        return Reached(permit.host, addresses, proxy, expires)

    async def _knock(self, ways: Ways, url: httpx.URL) -> datetime | None:
        limits = self._limits
        timeout = httpx.Timeout(limits.read, connect=limits.connect).as_dict()
        headers = {"Host": url.netloc.decode(), "User-Agent": "d365bot", "Accept": "*/*"}
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})
        try:
            async with asyncio.timeout(limits.whole):
                response = await ways.handle_async_request(request)
                try:
                    return _expiry(response)
                finally:
                    await response.aclose()
        except RemoteFault as fault:
            bare(fault)
            raise
        except TRANSLATED as error:
            raise network_fault(url.host, error) from bare(error)


def _expiry(response: httpx.Response) -> datetime | None:
    """From the certificate of the host itself, also where a proxy carries the connection."""
    stream = response.extensions.get("network_stream")
    secured = stream.get_extra_info("ssl_object") if stream is not None else None
    certificate = secured.getpeercert() if secured is not None else None
    if not certificate or "notAfter" not in certificate:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
