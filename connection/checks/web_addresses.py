"""Checks of the addresses that Business Central wrote into Sales, in `nav_connection`.

Forms of the web client's address: devenv-web-client-urls. Up to version 17 Sales asks an OData
service of Business Central for item availability, as the user in that row.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from connection.checks.looking import Found, Look, failed, passed, untested, warned
from connection.remote import NavConnection
from connection.setup import Hosting

WEB_CLIENT = "businesscentral.dynamics.com"
DEFAULT_ENVIRONMENT = "production"
_UNWRITTEN = (
    "Business Central has not written its address into Sales yet: it does when the connection is "
    "enabled with the integration solution."
)
_RESET = (
    "On Business Central's page Microsoft Dynamics 365 Connection Setup, of the company that is "
    "meant, choose Reset Web Client URL."
)
_AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_A_TENANT = re.compile(rf"{_AN_ID.pattern}|.+\..+")
_PERHAPS = "a tenant that is known here by another domain or not at all"
"""A tenant has many domains; only ids tell two apart."""


async def web_client_url(look: Look) -> Found:
    """Links in Sales open the address that the setup wants, or else its environment and company.

    Where Business Central runs on-premises nobody knows its web client's own address from outside.
    """
    rows = look.findings.nav_connections or ()
    if not rows:
        return untested(_UNWRITTEN)
    urls = [row.web_client_url for row in rows if row.web_client_url]
    if not urls:
        return warned(
            "Business Central's web client URL is empty in Sales, so its links do nothing.", _RESET
        )
    if look.setup.web_client_url:
        return _as_wanted(urls, look.setup.web_client_url)
    if look.setup.hosting == Hosting.ON_PREMISES:
        return untested("Sales has an address of the web client, which the setup does not know.")
    if not look.setup.bc_environment:
        return untested("The setup names no Business Central environment to compare it with.")
    astray = [_astray(url, look) for url in urls]
    if "" in astray:
        return passed(f"Links in Sales open {look.setup.bc_environment} of Business Central.")
    if _PERHAPS in astray:
        return untested(f"Links in Sales lead to {_PERHAPS}.")
    found = failed(f"Links in Sales lead to {astray[0]}.", _RESET)
    return replace(found, private=f"They lead to {urls[0]}.")


def _as_wanted(urls: Sequence[str], wanted: str) -> Found:
    if wanted.rstrip("/") in {url.rstrip("/") for url in urls}:
        return passed("Links in Sales open the web client URL of the setup.")
    found = failed(
        "Links in Sales do not open the web client URL of the setup.",
        "Give it on Business Central's page Microsoft Dynamics 365 Connection Setup, or leave it "
        "empty in the setup for Business Central's own.",
    )
    return replace(found, private=f"They lead to {urls[0]}.")


async def item_availability(look: Look) -> Found:
    """Where Sales was given an OData service for item availability, it can be asked."""
    rows = _with_service(look.findings.nav_connections or ())
    if not rows:
        return untested("Sales was given no service for item availability, which may be meant so.")
    row = rows[0]
    parts = _taken_apart(row.odata_url)
    if parts.scheme != "https" or not parts.hostname:
        found = failed("Item availability has an address that no web service has.", _AGAIN)
        return replace(found, private=f"It is {row.odata_url}.")
    if not row.odata_user_name:
        return warned(
            "Sales was given a service for item availability and no user to ask it as, so "
            "salespeople see none.",
            "On the page Microsoft Dynamics 365 Connection Setup choose the OData user, who needs "
            "a web service access key.",
        )
    return passed("Sales was given a service for item availability, and a user to ask it as.")


_AGAIN = (
    "On Business Central's page Microsoft Dynamics 365 Connection Setup disable the item "
    "availability web service and enable it again."
)


def _with_service(rows: Sequence[NavConnection]) -> list[NavConnection]:
    return [row for row in rows if row.odata_url]


def _astray(url: str, look: Look) -> str:
    """What the address leads to instead of the place in the setup; '' where it leads there.

    What stands in Sales may have been written by many, so none of it is repeated.
    """
    parts = _taken_apart(url)
    if (parts.hostname or "").lower() != WEB_CLIENT:
        return "an address that is none of Business Central online"
    path = [unquote(part).lower() for part in parts.path.split("/") if part]
    tenant = path.pop(0) if path and _A_TENANT.fullmatch(path[0]) else ""
    known = {look.setup.tenant.lower(), look.findings.tenant_id.lower()}
    if _AN_ID.fullmatch(tenant) and tenant not in known and any(map(_AN_ID.fullmatch, known)):
        return "another tenant"
    if (path[0] if path else DEFAULT_ENVIRONMENT) != look.setup.bc_environment.lower():
        return "another environment of Business Central"
    company = parse_qs(parts.query).get("company", [""])[0]
    if company and look.setup.bc_company and company != look.setup.bc_company:
        return "another company"
    return "" if not tenant or tenant in known else _PERHAPS


def _taken_apart(url: str) -> SplitResult:
    """Without any part where it cannot be taken apart."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
