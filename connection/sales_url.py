"""The Sales URL as Business Central reads it: what is refused, and what it would propose instead.

The rule is CheckModifyCRMConnectionURL of table 5330, version 15: parse as an absolute address,
else with `https://` in front; http and https only; on the default ports propose
`scheme://authority` when that differs from what was entered, ignoring case; leave every other
port, and with it the organisation's name in the path, untouched.
"""

import re
from dataclasses import dataclass

from connection.errors import Mistake

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_AUTHORITY = re.compile(
    r"//(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]\\]+)(?::(?P<port>\d{0,5}))?(?P<rest>[/?#].*)?",
    re.DOTALL,
)
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class SalesUrl:
    """A parsed address. `port` is the effective one; `rest` is path, query and fragment."""

    scheme: str
    host: str
    port: int
    rest: str

    @property
    def authority(self) -> str:
        """`scheme://host[:port]`, the default port dropped."""
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def is_on_default_port(self) -> bool:
        """443 or 80, whichever the scheme."""
        return self.port in _DEFAULT_PORTS.values()


def parse_sales_url(entered: str) -> SalesUrl:
    """Raises `Mistake` for what Business Central refuses."""
    text = entered.strip()
    if text.lower().startswith(("http:", "https:")):
        return _parse(text) or _refuse()
    return _parse(text) or _parse(f"https://{text}") or _refuse()


def proposed_sales_url(entered: str) -> str:
    """What Business Central would ask to replace `entered` with; '' where it would not ask."""
    parsed = parse_sales_url(entered)
    proposal = parsed.authority
    if parsed.is_on_default_port and entered.strip().lower() != proposal.lower():
        return proposal
    return ""


def call_address(kept: str) -> str:
    """The address to call for a kept URL, without a trailing slash.

    The path counts on other ports than the default ones, where it names the organisation.
    """
    parsed = parse_sales_url(kept)
    if parsed.is_on_default_port:
        return parsed.authority
    return parsed.authority + re.split(r"[?#]", parsed.rest, maxsplit=1)[0].rstrip("/")


def host_of(kept: str) -> str:
    """What a secret is given for: the host, with its port unless that is 443 of https.

    Plain http is another place than https, so its scheme is part of it.
    """
    return parse_sales_url(kept).authority.removeprefix("https://")


def is_dynamics_online(kept: str) -> bool:
    """Business Central signs in as Office 365 where the address contains `.dynamics.com`."""
    return ".dynamics.com" in kept.lower()


def _parse(text: str) -> SalesUrl | None:
    split = _SCHEME.fullmatch(text)
    if split is None:
        return None
    scheme, remainder = split[1].lower(), split[2]
    if scheme not in _DEFAULT_PORTS:
        _refuse_scheme(scheme, remainder)
    found = _AUTHORITY.fullmatch(remainder)
    if found is None or not _is_host(found["host"]):
        return None
    port = int(found["port"]) if found["port"] else _DEFAULT_PORTS[scheme]
    if not 0 < port <= 65535:
        return None
    return SalesUrl(scheme, found["host"].lower(), port, found["rest"] or "")


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return True
    labels = host.removesuffix(".").split(".")
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def _refuse_scheme(scheme: str, remainder: str) -> None:
    hint = "Start the address with https://."
    if re.match(r"\d", remainder):
        hint = f"If {scheme} is the host, write https://{scheme}:… with the port."
    raise Mistake(
        f"{scheme} is not a valid URI scheme for this connection; only HTTPS or HTTP is.", hint
    )


def _refuse() -> SalesUrl:
    raise Mistake(
        "The value entered is not a valid URL.",
        "Copy it from the browser's address bar, such as https://contoso.crm4.dynamics.com.",
    )
