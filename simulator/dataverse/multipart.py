"""multipart/mixed as `$batch` has it: lines end with CR LF, everywhere, also at the end.

pa/webapi/execute-batch-operations-using-web-api.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CRLF = b"\r\n"
_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE)
_LONELY = re.compile(rb"(?<!\r)\n")


class MultipartError(ValueError):
    """The text is no multipart message, and what is wrong with it."""


@dataclass(frozen=True)
class Part:
    """`headers` in lower case, and what follows the blank line."""

    headers: Mapping[str, str]
    body: bytes


def boundary_of(content_type: str) -> str | None:
    """The boundary of a multipart/mixed content type."""
    if not content_type.strip().lower().startswith("multipart/mixed"):
        return None
    matched = _BOUNDARY.search(content_type)
    return (matched[1] or matched[2]) if matched else None


def parts_of(body: bytes, boundary: str) -> list[Part]:
    """Cuts a body at its boundary. A line end that is LF alone is refused wherever it is."""
    if _LONELY.search(body):
        raise MultipartError("Batch request body has line endings other than CRLF.")
    delimiter = f"--{boundary}".encode()
    pieces = (CRLF + body).split(CRLF + delimiter)
    closing = [at for at, piece in enumerate(pieces) if at and piece.startswith(b"--")]
    if not closing:
        raise MultipartError("The batch has no closing boundary.")
    return [_part(piece) for piece in pieces[1 : closing[0]]]


def headers_and_body(text: bytes) -> tuple[dict[str, str], bytes]:
    """The header lines up to the blank one; there may be no headers and no body."""
    head, _, body = (CRLF + text).partition(CRLF + CRLF)
    headers: dict[str, str] = {}
    for line in filter(None, head.split(CRLF)):
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if not colon:
            raise MultipartError(f"'{line.decode('utf-8', 'replace')}' is no header.")
        headers[name.strip().lower()] = value.strip()
    return headers, body


def written(parts: Sequence[tuple[Mapping[str, str], bytes]], boundary: str) -> bytes:
    """A multipart body of parts with their headers."""
    delimiter = f"--{boundary}".encode()
    lines: list[bytes] = []
    for headers, body in parts:
        lines += [delimiter, *(f"{name}: {value}".encode() for name, value in headers.items())]
        lines += [b"", body]
    return CRLF.join([*lines, delimiter + b"--", b""])


def _part(piece: bytes) -> Part:
    """What follows a boundary: blanks, the line end, headers, a blank line, the body."""
    blanks, line_end, text = piece.partition(CRLF)
    if blanks.strip() or not line_end:
        raise MultipartError("A boundary is not alone on its line.")
    return Part(*headers_and_body(text))
