"""Addresses of pages as links that say where they lead: to hosts that the setup names, or
Microsoft's own, and to no others.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from connection.checks.published_pages import CONNECTION_SETUP, WEB_CLIENT, page_address
from connection.checks.synchronisation import SETUP_TITLE
from connection.setup import ConnectionSetup
from handlers.views.blocks import escape

_NAMED = re.compile(r"\b(open|opens) ([^()<>|]{1,80}) \((https://[^\s()<>|]+)\)")
"""How `page_in_bc` says it, once it is escaped."""

_PORTALS = {
    "Power Platform admin center": "https://admin.powerplatform.microsoft.com",
    "Power Platform maker portal": "https://make.powerapps.com",
    "Microsoft 365 admin center": "https://admin.microsoft.com",
    "Microsoft Entra admin center": "https://entra.microsoft.com",
}
"""Of the public cloud; sovereign ones have others."""


@dataclass(frozen=True, slots=True)
class Links:
    """For the setup of one connection. Without one only Business Central's web client is known."""

    setup: ConnectionSetup | None = None

    @property
    def setup_page(self) -> str:
        """Page 5330 by its title, as a link where its address is known."""
        return self.page(CONNECTION_SETUP.page, SETUP_TITLE)

    def page(self, number: int, title: str) -> str:
        """A page of Business Central by its title."""
        address = page_address(self.setup, number) if self.setup else ""
        return _link(address, title) if self._leads(address) else escape(title)

    @property
    def sales(self) -> str:
        """The organisation; '' where the setup names none."""
        address = self.setup.sales_url if self.setup else ""
        return _link(address, "Sales") if _host(address) else ""

    def within(self, escaped: str) -> str:
        """Of a text that is escaped: addresses behind the name of a page, and the portals."""
        told = _NAMED.sub(self._named, escaped)
        if self.setup is None or not _host(self.setup.sales_url).endswith(".dynamics.com"):
            return told
        for portal, address in _PORTALS.items():
            told = told.replace(portal, f"<{address}|{portal}>", 1)
        return told

    def _named(self, found: re.Match[str]) -> str:
        word, title, address = found.groups()
        return f"{word} <{address}|{title}>" if self._leads(address) else found[0]

    def _leads(self, address: str) -> bool:
        host = _host(address)
        own = {_host(WEB_CLIENT)}
        own |= {_host(self.setup.web_client_url)} if self.setup else set()
        return bool(host) and host in own


NO_LINKS = Links()


def _link(address: str, title: str) -> str:
    safe = escape(address).replace("|", "%7C").replace(" ", "%20")
    return f"<{safe}|{escape(title)}>"


def _host(address: str) -> str:
    """With its port, where it has one; '' for what is no address by https, or is read otherwise by
    a browser: that takes a backslash for a slash (url.spec.whatwg.org), and what stands before an
    `@` is a name."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    plain = parts.scheme == "https" and "\\" not in address
    return parts.netloc.lower() if plain and _HOST.fullmatch(parts.netloc) else ""


_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
