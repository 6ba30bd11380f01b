"""Which hosts may be called: Microsoft's clouds, what the operator allows, the configured services.

Hosts are compared by whole labels after IDNA, without case and trailing dot. The clouds are
those of Microsoft's pages on national clouds and of discovery (globaldisco); an operator's entry
is a host, a suffix (`.example.test`), either with a port, or an address or network.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from connection.errors import HostNotAllowed, NotReady

CLOUDS = ("dynamics.com", "microsoftdynamics.us", "appsplatform.us", "dynamics.cn")
LOGINS = (
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
)
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_-]{1,63})*")
_ENTRY = re.compile(r"(?P<wild>\*?\.)?(?P<host>\[[^\]]+\]|[^:/\[\]@\s]+)(?::(?P<port>\d{1,5}))?")
_DEFAULT_PORTS = {"https": 443, "http": 80}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Rule:
    """`explicit` rules are the operator's: they also allow http and addresses of this network."""

    host: str
    subdomains: bool = False
    port: int | None = None
    explicit: bool = True

    def covers(self, host: str, port: int) -> bool:
        """Both by whole labels; a rule without a port covers every port."""
        if self.port not in (None, port):
            return False
        return host.endswith(f".{self.host}") if self.subdomains else host == self.host

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"{'*.' if self.subdomains else ''}{self.host}{port}"


@dataclass(frozen=True, slots=True)
class Permit:
    """An address that may be called, as it will be called, and why. `host` is in ASCII."""

    url: httpx.URL
    host: str
    rule: Rule


class AllowedHosts:
    """Raises `NotReady` for an entry that is no host, suffix, address or network."""

    def __init__(self, entries: Iterable[str] = (), services: Iterable[str] = ()) -> None:
        listed = [entry.strip() for entry in entries if entry.strip()]
        self._networks = tuple(found for entry in listed if (found := _network(entry)))
        self._rules = (
            *(_rule(entry) for entry in listed if _network(entry) is None),
            *(Rule(cloud, subdomains=True, explicit=False) for cloud in CLOUDS),
            *(Rule(login, explicit=False) for login in LOGINS),
            *(_rule(httpx.URL(url).netloc.decode()) for url in services),
        )

    def permit(self, address: str | httpx.URL) -> Permit:
        """The address as it may be called. Raises `HostNotAllowed`; calls and resolves nothing."""
        url = _parsed(address)
        written = url.raw_host.decode("ascii", "replace")
        host = plain_host(written)
        port = _DEFAULT_PORTS.get(url.scheme, 0) if url.port is None else url.port
        if url.userinfo or url.scheme not in _DEFAULT_PORTS or not (host and 0 < port <= 65535):
            raise refused(written or "An address without a host")
        rule = self.rule_for(host, port)
        if rule is None:
            raise refused(host)
        if url.scheme == "http" and not rule.explicit:
            raise HostNotAllowed(
                f"{host} may be called by https only.", "Write the address with https://."
            )
        return Permit(url.copy_with(host=host), host, rule)

    def rule_for(self, host: str, port: int) -> Rule | None:
        """The first rule that covers a normalised host."""
        address = _address(host)
        if address is not None and self.is_allowed_address(address):
            return Rule(host)
        return next((rule for rule in self._rules if rule.covers(host, port)), None)

    def is_allowed_address(self, address: Address) -> bool:
        """Whether the operator listed this address or a network around it."""
        return any(address in network for network in self._networks)


def refused(host: str) -> HostNotAllowed:
    """The fault of a host that no rule covers."""
    return HostNotAllowed(
        f"{host} is not a host that the bot may call.",
        "Correct the address. If it is right, whoever runs the bot adds the host to "
        "D365BOT_ALLOWED_HOSTS.",
    )


def plain_host(host: str) -> str:
    """Lower case, without trailing dot and brackets; '' for what is no ASCII host or address."""
    host = host.lower().removesuffix(".").removeprefix("[").removesuffix("]")
    return host if _address(host) or _HOST.fullmatch(host) else ""


def _parsed(address: str | httpx.URL) -> httpx.URL:
    try:
        url = httpx.URL(address)
        url.host.encode()  # the labels must be what IDNA can read
    except (httpx.InvalidURL, UnicodeError) as error:
        raise HostNotAllowed(
            "The address is not one that can be called.",
            "Copy it from the browser's address bar, such as https://contoso.crm4.dynamics.com.",
        ) from error
    return url


def _rule(entry: str) -> Rule:
    found = _ENTRY.fullmatch(entry)
    try:
        ascii_host = httpx.URL(f"https://{found['host']}").raw_host.decode() if found else ""
    except httpx.InvalidURL:
        ascii_host = ""
    host = plain_host(ascii_host)
    if found is None or not host:
        raise NotReady(
            f"{entry} in D365BOT_ALLOWED_HOSTS is not a host, suffix, address or network.",
            "Write it such as crm.example.com, .example.com, crm.example.com:8443 or 10.0.0.0/8.",
        )
    port = int(found["port"]) if found["port"] else None
    return Rule(host, subdomains=bool(found["wild"]), port=port)


def _network(entry: str) -> Network | None:
    bracketed = re.fullmatch(r"\[(.+)\]", entry)
    try:
        return ipaddress.ip_network(bracketed[1] if bracketed else entry, strict=False)
    except ValueError:
        return None


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
