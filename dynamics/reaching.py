"""Whether a host can be reached: DNS, TCP and TLS, without signing in."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from connection.errors import RemoteFault
from connection.remote import Reached, Tenancy
from dynamics.addresses import addresses_of
from dynamics.hosts import AllowedHosts
from dynamics.http import Limits, utc_now
from dynamics.network_faults import TRANSLATED, bare, network_fault
from dynamics.tenancies import tenancy_in
from dynamics.ways import Ways

_Told = tuple[datetime | None, float | None, Tenancy | None]


class Reach:
    """Opens ways of its own, so that a new connection is made and not an old one found."""

    def __init__(
        self,
        hosts: AllowedHosts,
        open_ways: Callable[[], Ways],
        limits: Limits | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._hosts = hosts
        self._open_ways = open_ways
        self._limits = limits or Limits()
        self._now = now

    async def __call__(self, address: str) -> Reached:
        """Any answer of the host will do, a refusal too. Raises `RemoteFault`."""
        permit = self._hosts.permit(address)
        url = permit.url
        ways = self._open_ways()
        try:
            told = await self._knock(ways, url)
        finally:
            await ways.aclose()
        proxy = ways.proxy_for(url)
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = () if proxy else await addresses_of(permit.host, port)
        return Reached(permit.host, addresses, proxy, *told)

    async def _knock(self, ways: Ways, url: httpx.URL) -> _Told:
        limits = self._limits
        timeout = httpx.Timeout(limits.read, connect=limits.connect).as_dict()
        headers = {"Host": url.netloc.decode(), "User-Agent": "d365bot", "Accept": "*/*"}
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})
        try:
            async with asyncio.timeout(limits.whole):
                response = await ways.handle_async_request(request)
                try:
                    return _expiry(response), self._ahead(response), tenancy_in(response.headers)
                finally:
                    await response.aclose()
        except RemoteFault as fault:
            bare(fault)
            raise
        except TRANSLATED as error:
            raise network_fault(url.host, error) from bare(error)

    def _ahead(self, response: httpx.Response) -> float | None:
        """By the header Date, which knows whole seconds (RFC 9110, 6.6.1)."""
        try:
            said = parsedate_to_datetime(response.headers.get("date", ""))
        except (ValueError, OverflowError):
            return None
        said = said if said.tzinfo else said.replace(tzinfo=UTC)
        return (said - self._now()).total_seconds()


def _expiry(response: httpx.Response) -> datetime | None:
    """From the certificate of the host itself, also where a proxy carries the connection."""
    stream = response.extensions.get("network_stream")
    secured = stream.get_extra_info("ssl_object") if stream is not None else None
    certificate = secured.getpeercert() if secured is not None else None
    if not certificate or "notAfter" not in certificate:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
