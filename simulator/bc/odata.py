"""The ODataV4 root of an environment: service document, metadata, companies, page services."""

import re
from typing import Any
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.bc.access import Session
from simulator.bc.acting import ACTING
from simulator.bc.codeunits import action_named, actions_of, call
from simulator.bc.errors import (
    BusinessCentralError,
    NotSimulatedError,
    no_resource,
    not_allowed,
    read_only,
)
from simulator.bc.metadata import COMPANY_COLUMNS, metadata
from simulator.bc.pages import Page
from simulator.bc.permissions import READ, WRITE
from simulator.bc.queries import Query, chosen, one, query_of, refuse_options
from simulator.bc.services import (
    company_in,
    company_named,
    etag_of,
    published,
    record_with,
    records_of,
    refuse_stale,
    service_named,
)
from simulator.json_bodies import read_json
from simulator.odata.kinds import Kind

Row = dict[str, Any]
FIXED = ("", "$metadata", "Company")
COMPANY = dict(COMPANY_COLUMNS)
SERVICE = re.compile(r"(?P<name>\w+)(?:\((?P<key>.*)\))?", re.DOTALL)


async def answer(session: Session, request: Request, rest: str) -> Response:
    """`rest` is the path below `ODataV4/`, decoded."""
    session.require(READ if request.method == "GET" else WRITE)
    refuse_options(request.query_params)
    if rest in FIXED and request.method != "GET":
        raise not_allowed(request.method, rest or "the root")
    if not rest:
        return JSONResponse(_service_document(session))
    if rest == "$metadata":
        described = metadata(published(session), actions_of(session))
        return Response(described, media_type="application/xml")
    if rest == "Company":
        rows = list(_companies(session).items())
        context = {"@odata.context": f"{session.base}/ODataV4/$metadata#Company"}
        query = _query(session, request, rest)
        return JSONResponse(
            context | chosen(rows, query, COMPANY, lambda each: _company_row(*each))
        )
    company, segment = _company_and_service(session, request, rest)
    if not segment:
        if request.method != "GET":
            raise not_allowed(request.method, rest)
        return JSONResponse(one(_company_row(*company), request.query_params, COMPANY))
    action = action_named(session, segment)
    if action is not None:
        return await call(session, request, company, segment, action)
    matched = SERVICE.fullmatch(segment)
    if matched is None:
        _refuse_below(session, segment)
        raise no_resource(segment)
    page = service_named(session, matched["name"])
    return await _page(session, request, company, page, matched["name"], matched["key"], rest)


def _refuse_below(session: Session, segment: str) -> None:
    """`$count`, one property, `$ref` and `$value` below a page that is there."""
    first = segment.partition("/")[0].partition("(")[0]
    if "/" in segment and first in published(session):
        raise NotSimulatedError(f"what stands below a row or a set: {segment}")


def _company_and_service(
    session: Session, request: Request, rest: str
) -> tuple[tuple[str, Row], str]:
    if rest.startswith("Company("):
        end = rest.find(")/", 1)
        segment = rest if end < 0 else rest[: end + 1]
        return company_in(session, segment), "" if end < 0 else rest[end + 2 :]
    name = request.query_params.get("company")
    if name is None:
        raise NotSimulatedError("the company that is meant where the address names none")
    return company_named(session, unquote(name)), rest


def _query(session: Session, request: Request, rest: str) -> Query:
    prefer = request.headers.get("prefer", "")
    place = quote(rest, safe="/()',=")
    address = f"{session.base}/ODataV4/{place}"
    return query_of(request.query_params, prefer, session.limits["rows"], address)


async def _page(
    session: Session,
    request: Request,
    company: tuple[str, Row],
    page: Page,
    service: str,
    key: str | None,
    rest: str,
) -> Response:
    context = {"@odata.context": f"{session.base}/ODataV4/$metadata#{service}"}
    if request.method == "GET":
        _open(request, session, company, page)
        if key is None:
            query = _query(session, request, rest)
            return JSONResponse(context | _list(session, company, page, query))
        row = _shown(session, company, page, record_with(session, company[1], page, key))
        return JSONResponse(context | one(row, request.query_params, page.columns))
    if request.method != "PATCH" or key is None:
        raise not_allowed(request.method, service)
    if page.opening_acts and not records_of(session, company[1], page):
        _open(request, session, company, page)
    refuse_stale(record_with(session, company[1], page, key), request.headers.get("if-match"))
    changes = _changes(page, await request.body())
    _mark(request, session, page, company[0])
    if page.opening_acts:
        ACTING[page.number].changed(session, *company, changes)
    row = record_with(session, company[1], page, key)
    shown = _shown(session, company, page, row)
    return JSONResponse(context | one(shown, request.query_params, page.columns))


def _open(request: Request, session: Session, company: tuple[str, Row], page: Page) -> None:
    if page.opening_acts:
        _mark(request, session, page, company[0])
        ACTING[page.number].opened(session, *company)


def _mark(request: Request, session: Session, page: Page, company: str) -> None:
    """Opening some pages acts, so the call log says which page was opened."""
    row = request.scope.get("call")
    if row is not None and page.opening_acts:
        row.note = f"opened page {page.number} of {company} in {session.name}"


def _changes(page: Page, body: bytes) -> Row:
    try:
        changes = read_json(body)
    except ValueError as error:
        raise BusinessCentralError(400, "BadRequest", "The body is no JSON.") from error
    if not isinstance(changes, dict):
        raise BusinessCentralError(400, "BadRequest", "The body is no JSON object.")
    changes = {name: value for name, value in changes.items() if not name.startswith("@")}
    for name, value in changes.items():
        control = page.control(name)
        if control is None:
            raise BusinessCentralError(400, "BadRequest", f"The property '{name}' does not exist.")
        if not control.writes:
            raise read_only(name)
        if type(value) is not _TYPES[control.kind]:
            raise BusinessCentralError(400, "BadRequest", f"'{name}' is of another type.")
        if isinstance(value, int) and not -(2**31) <= value < 2**31:
            raise BusinessCentralError(400, "BadRequest", f"'{name}' is no 32-bit number.")
    return changes


_TYPES: dict[Kind, type] = {Kind.STRING: str, Kind.BOOLEAN: bool, Kind.INTEGER: int}


def _list(session: Session, company: tuple[str, Row], page: Page, query: Query) -> Row:
    def view(row: Row) -> Row:
        return _controls(session, company, page, row)

    return chosen(records_of(session, company[1], page), query, page.columns, view, etag_of)


def _shown(session: Session, company: tuple[str, Row], page: Page, row: Row) -> Row:
    return {"@odata.etag": etag_of(row), **_controls(session, company, page, row)}


def _controls(session: Session, company: tuple[str, Row], page: Page, row: Row) -> Row:
    """The controls of the page; a record may hold more than they show."""
    acting = ACTING.get(page.number)
    view = acting.shown(session, company[1], row) if acting else row
    return {each.name: view.get(each.name) for each in page.controls}


def _companies(session: Session) -> dict[str, Row]:
    companies: dict[str, Row] = session.environment["companies"]
    return companies


def _company_row(name: str, facts: Row) -> Row:
    return {
        "Name": name,
        "Evaluation_Company": False,
        "Display_Name": facts["display_name"],
        "Id": facts["id"],
        "Business_Profile_Id": facts["business_profile_id"],
    }


def _service_document(session: Session) -> Row:
    names = ["Company", *published(session)]
    value = [{"name": name, "kind": "EntitySet", "url": name} for name in names]
    return {"@odata.context": f"{session.base}/ODataV4/$metadata", "value": value}
