"""The Sales URL as table 5330 takes it (CheckModifyCRMConnectionURL, 15.17)."""

import ipaddress
import re

from simulator.bc.errors import callback, dialog

TEST_SERVER = "@@test@@"
"""The mock server of Microsoft's own tests: its name is no address and is taken as it is."""

DEFAULT_PORTS = {"https": 443, "http": 80}
_ABSOLUTE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_PLACE = re.compile(
    r"//(?:[^/?#@]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s/?#:@\\\[\]]+)(?::(?P<port>[0-9]{0,5}))?"
    r"(?P<more>[/?#].*)?",
    re.DOTALL,
)
_HOST = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*\.?")


def checked_address(entered: str, *, secure: bool = False) -> str:
    """What is kept. Asks where BC would propose another address; no other shape is wanted.

    `secure` is the rule of page 7200: https only, and a slash at the end is cut off unasked.
    """
    if entered in ("", TEST_SERVER):
        return entered
    text = entered.strip().rstrip("/" if secure else "")
    parsed = _parsed(text) or _parsed(f"https://{text}")
    if parsed is None:
        raise dialog("The value entered is not a valid URL.")
    scheme, host, port = parsed
    if secure and scheme != "https":
        raise dialog("Only secure connections (HTTPS) to Dataverse are supported.")
    if port in DEFAULT_PORTS.values() and text.lower() != _proposed(scheme, host, port).lower():
        raise callback("replacing the URL with the suggested one")
    return text


def _proposed(scheme: str, host: str, port: int) -> str:
    """Scheme and authority: host in lower case, default port dropped, no path."""
    place = "" if port == DEFAULT_PORTS[scheme] else f":{port}"
    return f"{scheme}://{host.lower()}{place}"


def _parsed(text: str) -> tuple[str, str, int] | None:
    """Scheme, host and effective port; nothing for what is no absolute address."""
    split = _ABSOLUTE.fullmatch(text)
    if split is None:
        return None
    scheme = split["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise dialog(f"{scheme} is not a valid URI scheme here; only HTTPS or HTTP is.")
    place = _PLACE.fullmatch(split["rest"])
    if place is None or not _is_host(place["host"]):
        return None
    port = int(place["port"] or DEFAULT_PORTS[scheme])
    return (scheme, place["host"], port) if port <= 65535 else None


def _is_host(text: str) -> bool:
    if not text.startswith("["):
        return _HOST.fullmatch(text) is not None
    try:
        ipaddress.IPv6Address(text[1:-1])
    except ValueError:
        return False
    return True
