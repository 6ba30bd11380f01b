"""One HTTP request inside a batch, and its answer as text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from starlette.responses import Response

from simulator.dataverse.errors import HtmlError, bad_payload
from simulator.dataverse.multipart import CRLF, Part, headers_and_body
from simulator.header_names import spelled

LONGEST_ADDRESS = 65_536
LENGTH = "content-length"
_LINE = re.compile(r"(GET|POST|PATCH|PUT|DELETE) (.+?)(?: HTTP/1\.\d)?", re.IGNORECASE)
_ROOT = re.compile(r"/?(?:api/data/v9\.[012]/)?")
_REFERENCE = re.compile(r"\$(\w+)(?=[/?]|$)")
_IN_BODY = re.compile(rb'"\s*\$(\w+)\s*"')


@dataclass(frozen=True)
class InnerRequest:
    """`address` is as it was sent; `resource` and `query` are what is below the root of it."""

    method: str
    address: str
    resource: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    content_id: str | None


def inner_request(part: Part, base: str) -> InnerRequest:
    """Reads an application/http part; the address is absolute or relative to the root."""
    kind = part.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/http":
        raise bad_payload("a part of a batch is application/http.")
    line, _, rest = part.body.lstrip(CRLF).partition(CRLF)
    matched = _LINE.fullmatch(line.decode("utf-8", "replace").strip())
    if matched is None:
        raise bad_payload("a part of a batch begins with a request line.")
    address = matched[2].strip()
    if len(address) > LONGEST_ADDRESS:
        raise HtmlError(400, "Bad Request - Invalid URL")
    headers, body = headers_and_body(rest)
    resource, query = _place(address, base)
    if resource == "$batch":
        raise bad_payload("a batch has no batch inside.")
    method, content_id = matched[1].upper(), part.headers.get("content-id")
    return InnerRequest(method, address, resource, query, headers, body.rstrip(CRLF), content_id)


def with_references(request: InnerRequest, known: Mapping[str, str]) -> InnerRequest:
    """`$1` in an address and in a body stands for the row that request 1 made.

    Raises 400 for a reference to a request that has not been (or made nothing).
    """
    at_start = _REFERENCE.match(request.resource)
    resource, body = request.resource, request.body
    if at_start and at_start[1] not in ("metadata", "batch"):
        resource = _below(_known(at_start[1], known)) + resource[at_start.end() :]
    if request.headers.get("content-type", "").startswith("application/json"):
        body = _IN_BODY.sub(
            lambda found: f'"{_known(found[1].decode(), known)}"'.encode(), request.body
        )
    return replace(request, resource=resource, body=body)


def written_answer(response: Response) -> bytes:
    """Status line, headers and body of one answer."""
    phrase = HTTPStatus(response.status_code).phrase
    lines = [f"HTTP/1.1 {response.status_code} {phrase}"]
    headers = {**dict(response.headers), "odata-version": "4.0"}
    lines += [f"{spelled(name)}: {value}" for name, value in headers.items() if name != LENGTH]
    return CRLF.join([*(line.encode() for line in lines), b"", bytes(response.body)])


def _known(name: str, known: Mapping[str, str]) -> str:
    if name not in known:
        raise bad_payload(f"the Content-ID reference '${name}' was not declared.")
    return known[name]


def _below(address: str) -> str:
    return urlsplit(address).path.split("/", 4)[-1]


def _place(address: str, base: str) -> tuple[str, str]:
    if "://" in address:
        split = urlsplit(address)
        if split.netloc.lower().removesuffix(":443") != urlsplit(base).netloc:
            raise bad_payload(f"'{address}' is at another host.")
        path, query = split.path, split.query
    else:
        path, _, query = address.partition("?")
    return unquote(_ROOT.sub("", path, count=1)), query
