"""Published pages of an environment, its companies, and the records behind a service."""

import base64
import hashlib
import json
import re
from typing import Any
from urllib.parse import unquote

from simulator.bc.access import Session
from simulator.bc.errors import BusinessCentralError, bad_request, no_resource
from simulator.bc.pages import PAGES, Page

Row = dict[str, Any]
OF_THE_CALLER = ("Is_User_Mapped_To_CRM_User",)
NAMED = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<key>.*)", re.DOTALL)
COMPANY = re.compile(r"Company\((?:'(?P<name>(?:[^']|'')*)'|(?:Id=)?(?P<id>[0-9a-fA-F-]{36}))\)")


def published(session: Session) -> dict[str, Page]:
    """Service name -> page, for what page 810 shows as published and the version has."""
    services, major = session.environment["web_services"], session.profile.major
    return {
        name: PAGES[service["page"]].at(major)
        for name, service in services.items()
        if service.get("published")
        and service.get("page") in PAGES
        and PAGES[service["page"]].since <= major < PAGES[service["page"]].until
    }


def service_named(session: Session, name: str) -> Page:
    page = published(session).get(name)
    if page is None:
        raise no_resource(name)
    return page


def company_in(session: Session, segment: str) -> tuple[str, Row]:
    """`Company('name')` (case counts, quotes are doubled), `Company(guid)`, `Company(Id=guid)`."""
    matched = COMPANY.fullmatch(unquote(segment))
    if matched is None:
        raise BusinessCentralError(
            400, "BadRequest_InvalidRequestUrl", f"'{segment}' is no company."
        )
    if matched["id"]:
        return company_named(session, matched["id"])
    return company_named(session, matched["name"].replace("''", "'"))


def company_named(session: Session, name: str) -> tuple[str, Row]:
    """By name or by id, as `?company=` takes them."""
    for key, company in session.environment["companies"].items():
        if name == key or name.lower() == company["id"].lower():
            return key, company
    raise BusinessCentralError(
        404, "Internal_CompanyNotFound", f"Cannot find company '{name}' in the list of companies."
    )


def records_of(session: Session, company: Row, page: Page) -> list[Row]:
    if page.held_in == "users":
        return list(session.environment["users"].values())
    return list(company["pages"].get(page.held_in, {}).values())


def record_with(session: Session, company: Row, page: Page, key: str) -> Row:
    """A record by the text between the parentheses: quoted text, or a bare guid."""
    if named := NAMED.fullmatch(key):
        if named["name"] != page.key:
            raise bad_request(f"'{named['name']}' is no key of the page.")
        key = named["key"]
    wanted = key[1:-1].replace("''", "'") if key.startswith("'") else key
    for row in records_of(session, company, page):
        if str(row.get(page.key)).lower() == wanted.lower():
            return row
    raise BusinessCentralError(
        404, "Internal_RecordNotFound", f"The record with key {key} does not exist."
    )


def etag_of(row: Row) -> str:
    """What is computed for the one who calls is no change of the record."""
    kept = {name: value for name, value in row.items() if name not in OF_THE_CALLER}
    digest = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).digest()
    return f'W/"{base64.b64encode(digest[:15]).decode()}"'


def refuse_stale(row: Row, if_match: str | None) -> None:
    """Use OData to modify data: PATCH needs an etag or `*`; another's change is 409."""
    if if_match is None or not (if_match == "*" or re.fullmatch(r'W/"[^"]+"', if_match)):
        raise BusinessCentralError(
            400, "BadRequest_InvalidToken", "The If-Match header is missing or invalid."
        )
    if if_match not in ("*", etag_of(row)):
        raise BusinessCentralError(
            409, "Request_EntityChanged", "Another user has already changed the record."
        )
