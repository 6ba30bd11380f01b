"""The ways out: direct or through the operator's proxy, trusting what the operator trusts.

Nothing is read from the environment here: `trust_env` is off and every value is given.
"""

import ipaddress
import re
import ssl
from pathlib import Path

import httpcore
import httpx

from connection.errors import NotReady
from dynamics.addresses import CheckedAddresses
from dynamics.hosts import AllowedHosts, plain_host

CONNECTIONS = httpx.Limits(max_connections=200, max_keepalive_connections=40, keepalive_expiry=30)


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """The usual authorities (certifi's), and the operator's besides. Raises `NotReady`."""
    context = httpx.create_ssl_context(trust_env=False)
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:
            raise NotReady(
                f"D365BOT_CA_FILE {ca_file} holds no readable certificate.",
                "Give a file with one or more certificates in PEM form.",
            ) from error
    return context


class NoProxy:
    """The hosts of NO_PROXY: names cover their subdomains, `*` covers all, networks too."""

    def __init__(self, text: str) -> None:
        self._entries = tuple(filter(None, re.split(r"[,\s]+", text.lower())))

    def covers(self, url: httpx.URL) -> bool:
        """Whether this address is called directly."""
        host = plain_host(url.raw_host.decode("ascii", "replace"))
        port = url.port or {"https": 443, "http": 80}.get(url.scheme, 0)
        return any(_matches(entry, host, port) for entry in self._entries)


def _matches(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        pass
    found = re.fullmatch(r"(?:\*?\.)?(?P<name>\[.+\]|[^:]+?)\.?(?::(?P<port>\d+))?", entry)
    if found is None or (found["port"] and int(found["port"]) != port):
        return False
    name = found["name"].strip("[]")
    return host == name or host.endswith(f".{name}")


class DirectWay(httpx.AsyncHTTPTransport):
    """Connects to checked addresses only; httpx offers no other place for that check."""

    def __init__(self, context: ssl.SSLContext, hosts: AllowedHosts) -> None:
        super().__init__(verify=context, trust_env=False, limits=CONNECTIONS)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=CONNECTIONS.max_connections,
            max_keepalive_connections=CONNECTIONS.max_keepalive_connections,
            keepalive_expiry=CONNECTIONS.keepalive_expiry,
            network_backend=CheckedAddresses(hosts),
        )


class Ways(httpx.AsyncBaseTransport):
    """Chooses the way of each request by its host. Only https goes through the proxy."""

    def __init__(
        self, hosts: AllowedHosts, context: ssl.SSLContext, proxy: str, no_proxy: str
    ) -> None:
        self._direct = DirectWay(context, hosts)
        self._proxy = _proxy(proxy, context)
        self._no_proxy = NoProxy(no_proxy)
        self._proxied = self._proxy and httpx.AsyncHTTPTransport(
            verify=context, trust_env=False, limits=CONNECTIONS, proxy=self._proxy
        )

    def proxy_for(self, url: httpx.URL) -> str:
        """The host of the proxy that carries this address; '' for the direct way."""
        return self._proxy.url.host if self._proxy and self._goes_through_proxy(url) else ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Part of httpx's interface."""
        if self._proxied and self._goes_through_proxy(request.url):
            return await self._proxied.handle_async_request(request)
        return await self._direct.handle_async_request(request)

    async def aclose(self) -> None:
        """Closes both ways."""
        await self._direct.aclose()
        if self._proxied:
            await self._proxied.aclose()

    def _goes_through_proxy(self, url: httpx.URL) -> bool:
        return url.scheme == "https" and not self._no_proxy.covers(url)


def _proxy(text: str, context: ssl.SSLContext) -> httpx.Proxy | None:
    if not text.strip():
        return None
    address = text.strip() if "://" in text else f"http://{text.strip()}"
    try:
        url = httpx.URL(address)
        secured = context if url.scheme == "https" else None
        host = plain_host(url.raw_host.decode("ascii", "replace"))
        if url.scheme in ("http", "https") and host:
            return httpx.Proxy(url, ssl_context=secured)
    except httpx.InvalidURL:
        pass
    raise NotReady(
        "HTTPS_PROXY is not the address of a proxy that the bot can use.",
        "Write it such as http://proxy.example.com:3128.",
    )
