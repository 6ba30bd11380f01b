"""What a person may read of requests and answers: no secret, and no more than a screen."""

import base64
import html
import json
import re
from collections.abc import Collection, Iterator
from urllib.parse import (
    SplitResult,
    parse_qsl,
    quote,
    quote_plus,
    unquote,
    urlsplit,
    urlunsplit,
)

MASK = "***"
LONGEST_URL = 500
LONGEST_ANSWER = 1500
LONGEST_REFERENCE = 100
_LONGEST_VALUE = 300
_MOST_ROWS = 3
_SHORTEST = 4
"""A shorter one would mask half of every answer; no service takes one."""

_SECRET = re.compile(
    r"pass(?:word|wd|phrase)?$|pwd|secret|token|assertion|credential|api_?-?key|access_?-?key"
    r"|^sig(?:nature)?$|(?:device|user)_code|cookie|authorization|private_?-?key|connection_?string"
    r"|(?:account|shared|subscription)_?-?key",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"^token_type$|_(?:endpoint|supported)$", re.IGNORECASE)
_NOISE = ("@odata.context", "@odata.etag")
_LOOKS_SECRET = (
    re.compile(r"eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?"),  # a JSON web token
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.+/=~-]{8,}"),
    re.compile(r"(?i)\b(?:ntlm|negotiate)\s+[\w+/=]{20,}"),
    re.compile(r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*KEY-----|$)"),
    re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+"),
)
_NAMED = (
    r"[\w-]*(?:password|pwd|secret|token|assertion|(?:access|api|account|shared|subscription)_?-?key"
    r"|authorization)[\w-]*|\bsig"
)
_IN_A_CONNECTION_STRING = re.compile(rf"(?i)(;\s*(?:{_NAMED})\s*=\s*)[^;]+")
_ASSIGNED = re.compile(
    rf"(?i)((?:{_NAMED})[\"\']?\s*[=:]\s*)"
    r"(?:\"(?:[^\"]|\"\")*\"|\'(?:[^\']|\'\')*\'|[\"\']?(?:[^;\"\'&<>{}\n]+(?=;)|[^\s\"\'&;,<>{}]+))"
)
_COOKIE = re.compile(r"(?i)(\bcookie[\"\']?\s*:\s*)[^\n\"\'<>]+")
_IN_AN_ADDRESS = re.compile(r"(?<=://)[^/\s@:]*:[^/\s@]+@")
_ELEMENT = re.compile(rf"(?i)(<(?:[\w.-]+:)?(?:{_NAMED})(?:\s[^<>]*)?>)[^<]+")
_MARKUP = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]*>")


def secrets_in_form(body: bytes) -> frozenset[str]:
    """The values of a form that are secrets by their names."""
    pairs = parse_qsl(body.decode("utf-8", "replace"))
    return frozenset(value for name, value in pairs if _is_secret(name))


def masked_url(url: str, sent: Collection[str] = ()) -> str:
    """The address with its query, without a user or a secret in it; `sent` are secrets that went
    along with it."""
    return _clip(without(sent, _masked_url(url)), LONGEST_URL)


def _masked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        where = f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return _without_secrets(url)
    clean = SplitResult(parts.scheme, where, parts.path, _query(parts.query), "")
    return _without_secrets(unquote(urlunsplit(clean)))


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return "&".join(
        f"{quote(name, safe='$')}={MASK if _is_secret_in_query(name) else quote(value)}"
        for name, value in pairs
    )


def masked_reference(reference: str, sent: Collection[str] = ()) -> str:
    """A service's own id of a request, which may be any text."""
    return without(sent, _without_secrets(reference))[:LONGEST_REFERENCE]


def masked_answer(text: str, kind: str = "", sent: Collection[str] = ()) -> str:
    """JSON with its secrets masked and long lists cut, of HTML the words, else the text. Nothing
    of `sent`, the secrets of the request, is in it, in whatever spelling it came back."""
    shown = without(sent, _masked_answer(without(sent, text), kind, sent))
    return _clip(shown.encode("utf-8", "replace").decode(), LONGEST_ANSWER)


def _masked_answer(text: str, kind: str, sent: Collection[str]) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        marked_up = "html" in kind.lower() or "<html" in text.lower()
        text = _ELEMENT.sub(rf"\1{MASK}", text)
        plain = _MARKUP.sub(" ", text) if marked_up else text
        return _without_secrets(" ".join(plain.split()))
    try:
        shown = json.dumps(_masked(value, sent), ensure_ascii=False)
    except RecursionError:
        return "(an answer too deep to be shown)"
    return shown


def without(sent: Collection[str], text: str) -> str:
    """None of these secrets is left, in whatever spelling. The longest first, so that of two that
    begin alike nothing is."""
    spelled = {one for secret in sent if len(secret) >= _SHORTEST for one in _spellings(secret)}
    for one in sorted(spelled, key=len, reverse=True):
        text = text.replace(one, MASK)
    return text


def _spellings(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield html.escape(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    raw = secret.encode()
    yield raw.hex()
    for encoded in (base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
        yield encoded.rstrip(b"=").decode()


def _masked(value: object, sent: Collection[str], name: str = "") -> object:
    if _is_secret(name) and not isinstance(value, bool | None):
        return MASK
    if isinstance(value, dict):
        told = str(value.get("name") or value.get("key") or "")
        return {
            str(key): _masked(inner, sent, told if str(key) == "value" else str(key))
            for key, inner in value.items()
            if not str(key).endswith(_NOISE)
        }
    if isinstance(value, list):
        rows = [_masked(inner, sent) for inner in value[:_MOST_ROWS]]
        left = len(value) - len(rows)
        return [*rows, f"and {left} more"] if left else rows
    if isinstance(value, str):
        return _clip(without(sent, _without_secrets(value)), _LONGEST_VALUE)
    return value


def _is_secret(name: str) -> bool:
    return bool(_SECRET.search(name)) and not _HARMLESS.search(name)


def _is_secret_in_query(name: str) -> bool:
    """An error's `code` helps; that of an address signs somebody in, or is a key."""
    return name.lower() == "code" or _is_secret(name)


def _without_secrets(text: str) -> str:
    for pattern in _LOOKS_SECRET:
        text = pattern.sub(MASK, text)
    for pattern in (_ELEMENT, _COOKIE, _IN_A_CONNECTION_STRING, _ASSIGNED):
        text = pattern.sub(rf"\1{MASK}", text)
    return _IN_AN_ADDRESS.sub(f"{MASK}@", text)


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"
