"""Reads of one row and of many, with pages that the server cuts."""

import base64
import binascii
import hashlib
import json
from typing import Any
from urllib.parse import quote

from simulator.dataverse.access import Session
from simulator.dataverse.errors import bad_query
from simulator.dataverse.matching import column_of, comparable, matcher
from simulator.dataverse.options import PAGE_LIMIT, Options
from simulator.dataverse.rendering import context_of, reader, rendered
from simulator.dataverse.shapes import Table

Row = dict[str, Any]


def page_of(
    session: Session,
    table: Table,
    rows: list[Row],
    options: Options,
    address: str,
    size: int | None,
) -> Row:
    """One page of a collection; `address` is the request's own, `size` its odata.maxpagesize.

    nextLink carries an opaque `$skiptoken` and no page size (pa/webapi/query/page-results.md).
    """
    chosen = _chosen(session, table, rows, options)
    start = _start(options, address)
    if options.top is not None and size is None:
        chosen = chosen[: options.top]
    end = start + (size or PAGE_LIMIT)
    answer: Row = {"@odata.context": context_of(session, table, options, one=False)}
    if options.count:
        answer["@odata.count"] = min(len(chosen), PAGE_LIMIT)
    answer["value"] = [rendered(session, table, row, options) for row in chosen[start:end]]
    if end < len(chosen):
        answer["@odata.nextLink"] = _with_token(address, end)
    return answer


def one_of(session: Session, table: Table, row: Row, options: Options) -> Row:
    context = context_of(session, table, options, one=True)
    return {"@odata.context": context, **rendered(session, table, row, options)}


def _chosen(session: Session, table: Table, rows: list[Row], options: Options) -> list[Row]:
    read = reader(session, table)
    if options.filter is not None:
        matches = matcher(options.filter, table, read)
        rows = [row for row in rows if matches(row)]
    for order in reversed(options.order):
        kind = column_of(table, order.column).kind

        def place(row: Row, name: str = order.column, kind: Any = kind) -> tuple[bool, Any]:
            value = read(row, name)
            return (False, 0) if value is None else (True, comparable(kind, value))

        rows = sorted(rows, key=place, reverse=order.descending)
    return rows


def _with_token(address: str, offset: int) -> str:
    cleaned = _without_token(address)
    token = json.dumps({"next": offset, "of": _fingerprint(cleaned)}).encode()
    joint = "&" if "?" in cleaned else "?"
    return f"{cleaned}{joint}$skiptoken={quote(base64.b64encode(token).decode(), safe='')}"


def _start(options: Options, address: str) -> int:
    if options.skiptoken is None:
        return 0
    try:
        token = json.loads(base64.b64decode(options.skiptoken, validate=True))
        start, of = int(token["next"]), token["of"]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise bad_query("The $skiptoken is malformed.") from error
    if of != _fingerprint(_without_token(address)):
        raise bad_query("The $skiptoken belongs to another query.")
    return start


def _without_token(address: str) -> str:
    root, _, query = address.partition("?")
    parts = [
        p for p in query.split("&") if p and not p.startswith(("$skiptoken=", "%24skiptoken="))
    ]
    return f"{root}?{'&'.join(parts)}" if parts else root


def _fingerprint(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]
