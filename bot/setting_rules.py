"""What a setting may look like. Each rule raises `ValueError` with what to write instead.

No rule repeats a value that could be a secret.
"""

import ipaddress
import re
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from connection.errors import AdminError
from connection.pasted_secrets import secret_in

T = TypeVar("T")

_ADMIN = re.compile(r"(?:[TE][A-Z0-9]+/)?[UW][A-Z0-9]+")
_SHOWABLE = re.compile(r"[\w@./-]{1,40}")
_VAULT_KEY = re.compile(
    r"https://[a-z0-9-]{3,24}\.(?:vault|managedhsm)\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)"
    r"/keys/[0-9a-z-]{1,127}(?:/[0-9a-f]{32})?/?",
    re.IGNORECASE | re.ASCII,
)
_PROXY_HELP = "give the address of an http proxy, such as http://proxy.example.com:3128"


def port(value: object) -> int:
    """0 lets the system choose, or means none."""
    text = str(value).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= 65535):
        raise ValueError("give a number from 0 to 65535")
    return int(text)


def people(entries: Sequence[str]) -> None:
    """Slack's ids of people, never names or e-mail addresses."""
    wrong = [_shown(one) for one in entries if not _ADMIN.fullmatch(one)]
    if len(wrong) == 1:
        raise ValueError(f"{wrong[0]} is not a Slack user id such as U012AB3CD")
    if wrong:
        raise ValueError(f"{', '.join(wrong)} are not Slack user ids such as U012AB3CD")


def _shown(entry: str) -> str:
    harmless = _SHOWABLE.fullmatch(entry) and not secret_in(entry)
    return repr(entry) if harmless else "one entry"


def bot_token(value: str) -> None:
    """Bot tokens only: an app's or a person's token can do other things."""
    if value and not value.startswith("xoxb-"):
        raise ValueError("give the Bot User OAuth Token of your Slack app, which starts with xoxb-")


def app_token(value: str) -> None:
    """App-level tokens only; its one scope is connections:write."""
    if value and not value.startswith("xapp-"):
        raise ValueError(
            "give an App-Level Token of your Slack app with the scope connections:write, which "
            "starts with xapp-"
        )


def slack_address(address: str) -> None:
    """https; http on loopback."""
    parts = _address(address)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("give an address that starts with https://")


def microsoft_address(address: str, allowed_hosts: Sequence[str]) -> None:
    """https, because tokens and secrets go there; http for a loopback host that is allowed."""
    parts = _address(address)
    host = parts.hostname or ""
    if parts.scheme == "http" and not (is_loopback(host) and _lists(allowed_hosts, parts)):
        raise ValueError(
            "give an address that starts with https:// (http is for loopback hosts in "
            "D365BOT_ALLOWED_HOSTS)"
        )


def _address(address: str) -> SplitResult:
    parts = _split(address)
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("give a full address that starts with https://")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("give the address alone, without a user, ? or #")
    return parts


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def is_loopback(host: str) -> bool:
    """By its own text: nothing is resolved."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _lists(allowed_hosts: Sequence[str], parts: SplitResult) -> bool:
    from dynamics.hosts import AllowedHosts

    rule = AllowedHosts(allowed_hosts).rule_for(parts.hostname or "", parts.port or 80)
    return rule is not None and rule.explicit


def public_address(address: str) -> str:
    """https, a host and perhaps a port, without the slash at its end; '' for none."""
    if not address:
        return ""
    parts = _address(address)
    if parts.scheme != "https":
        raise ValueError("give an address that starts with https://: secrets are given there")
    if parts.path.strip("/"):
        raise ValueError("give the address without a path; the proxy leads all of it to the bot")
    return f"https://{parts.netloc}"


def identity_endpoint(address: str) -> None:
    """As Azure sets it: http on this machine, or https; '' for none."""
    if not address:
        return
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("leave it as Azure sets it")


def hosts(entries: Sequence[str]) -> None:
    """What may be called beyond Microsoft's clouds."""
    from dynamics.hosts import AllowedHosts

    told(lambda: AllowedHosts(entries))


def proxy(text: str) -> str:
    """With its scheme. It may hold a password, so nothing of it is repeated."""
    if not text.strip():
        return ""
    address = text.strip() if "://" in text else f"http://{text.strip()}"
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(_PROXY_HELP)
    if parts.path not in ("", "/") or parts.query or parts.fragment or re.search(r"\s", address):
        raise ValueError(_PROXY_HELP)
    return f"{parts.scheme}://{parts.netloc}"


def authorities(file: Path | None) -> None:
    """A file of certificates in PEM form."""
    if file is None:
        return
    if not file.is_file():
        raise ValueError("there is no such file")
    try:
        ssl.create_default_context(cafile=file)
    except OSError:
        raise ValueError("the file holds no readable certificate in PEM form") from None


def folder(path: Path | None) -> None:
    """One that is there."""
    if path is not None and not path.is_dir():
        raise ValueError("there is no such folder")


def database(url: str) -> None:
    """A database that this version knows."""
    from storage.address import place

    if url:
        told(lambda: place(url))


def encryption_keys(text: str) -> None:
    """`n:base64,…`."""
    from storage.keys import EncryptionKeys

    told(lambda: EncryptionKeys(Path(), text))


def key_vault_key(address: str, *, beside_keys: bool) -> str:
    """An RSA key in Azure Key Vault, in any of Azure's clouds, without a slash at the end."""
    if address and not _VAULT_KEY.fullmatch(address):
        raise ValueError(
            "give the address of a key, such as https://NAME.vault.azure.net/keys/KEY, with or "
            "without a version"
        )
    if address and beside_keys:
        raise ValueError(
            "it makes key files, which are not used while D365BOT_ENCRYPTION_KEYS is set; remove "
            "one of them"
        )
    return address.rstrip("/")


def told(check: Callable[[], T]) -> T:
    """The check's own words, for the list of what is wrong."""
    try:
        return check()
    except AdminError as error:
        raise ValueError(f"{error.message} {error.hint}".rstrip(". ")) from None
