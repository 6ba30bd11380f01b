"""Reads an answer's body to its end, but never more of it than the limit."""

import json
import re
import zlib
from collections.abc import AsyncIterator

import httpx

from connection.errors import Unintelligible
from dynamics.calls import Answer, Service

GZIP_OR_ZLIB = 47
_THREE_BYTES = re.compile(rb"\xed[\xa0-\xbf]")


async def read_body(service: Service, response: httpx.Response, limit: int) -> bytes:
    """The unpacked body. Raises `Unintelligible` as soon as it passes `limit` bytes.

    Unpacking is limited too, so a small body cannot grow without end.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("gzip", "deflate", "identity", ""):
        raise Unintelligible(
            f"{service} packed its answer in a way that was not asked for.",
            "A proxy or gateway in between may have done that: ask its operator.",
            status=response.status_code,
        )
    content = bytearray()
    unpack = zlib.decompressobj(GZIP_OR_ZLIB) if encoding in ("gzip", "deflate") else None
    async for chunk in _raw(response):
        content += chunk if unpack is None else unpack.decompress(chunk, limit + 1 - len(content))
        if len(content) > limit:
            raise Unintelligible(
                f"{service} answered with more than {limit // 1_000_000} MB.",
                "Nothing was changed. Report this to whoever runs the bot, with the id shown.",
                status=response.status_code,
            )
    return bytes(content)


def _raw(response: httpx.Response) -> AsyncIterator[bytes]:
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("an asynchronous client answers with an asynchronous stream")
    return response.stream.__aiter__()


def value_of(content: bytes) -> object:
    """The JSON value, its texts made of characters that can be stored and sent; None for what is
    no JSON. A lone half of a surrogate pair is legal in JSON and in nothing else."""
    try:
        value: object = json.loads(content)
        if _may_hold_half_a_pair(content):
            whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
            value = json.loads(whole)
    except (ValueError, RecursionError):
        return None
    return value


def _may_hold_half_a_pair(content: bytes) -> bool:
    """Escaped, or as three bytes that are no UTF-8, which the standard library lets through."""
    return b"\\ud" in content or b"\\uD" in content or bool(_THREE_BYTES.search(content))


def object_of(service: Service, answer: Answer) -> dict[str, object]:
    """The JSON object in the answer. Raises `Unintelligible` for HTML, garbage and lists."""
    value = value_of(answer.content)
    if isinstance(value, dict):
        return value
    raise unintelligible(service, answer)


def unintelligible(service: Service, answer: Answer) -> Unintelligible:
    """The fault for an answer that is not what the service's documentation promises."""
    what = "a web page" if looks_like_html(answer) else "something"
    return Unintelligible(
        f"{service} answered with {what} instead of what its interface promises.",
        "Check the address: it may lead to a sign-in page, a proxy's notice or another product.",
        status=answer.status,
        reference=answer.reference,
    )


def looks_like_html(answer: Answer) -> bool:
    """By type or by its first characters."""
    start = answer.content[:200].lstrip().lower()
    return "html" in answer.headers.get("content-type", "") or start.startswith(
        (b"<!doctype html", b"<html")
    )
