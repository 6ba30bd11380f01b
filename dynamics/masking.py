"""What a person may read of requests and answers: no secret, and no more than a screen."""

import json
import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit, urlunsplit

MASK = "***"
LONGEST_URL = 500
LONGEST_ANSWER = 1500
_LONGEST_VALUE = 300
_MOST_ROWS = 3

_SECRET = re.compile(
    r"pass(?:word|wd|phrase)?$|pwd|secret|token|assertion|credential|api_?-?key|access_?-?key"
    r"|^sig(?:nature)?$|(?:device|user)_code|cookie|authorization|private_?-?key|connection_?string",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"^token_type$|_(?:endpoint|supported)$", re.IGNORECASE)
_NOISE = ("@odata.context", "@odata.etag")
_LOOKS_SECRET = (
    re.compile(r"eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?"),  # a JSON web token
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.+/=~-]{8,}"),
    re.compile(r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*KEY-----|$)"),
    re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+"),
)
_ASSIGNED = re.compile(
    r"(?i)([\w-]*(?:password|pwd|secret|token|assertion|access_?key|api_?key)[\w-]*"
    r"[\"\']?\s*[=:]\s*)([\"\']?)[^\s\"\'&;,<>{}]+\2"
)
_MARKUP = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]*>")


def masked_url(url: str) -> str:
    """The address with its query, without a user or a secret in it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        where = f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return _clip(_without_secrets(url), LONGEST_URL)
    clean = SplitResult(parts.scheme, where, parts.path, _query(parts.query), "")
    return _clip(_without_secrets(unquote(urlunsplit(clean))), LONGEST_URL)


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return "&".join(
        f"{quote(name, safe='$')}={MASK if _is_secret(name) else quote(value)}"
        for name, value in pairs
    )


def masked_answer(text: str, kind: str = "") -> str:
    """JSON with its secrets masked and long lists cut, of HTML the words, else the text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        marked_up = "html" in kind.lower() or "<html" in text.lower()
        plain = _MARKUP.sub(" ", text) if marked_up else text
        return _clip(_without_secrets(" ".join(plain.split())), LONGEST_ANSWER)
    try:
        shown = json.dumps(_masked(value), ensure_ascii=False)
    except RecursionError:
        return "(an answer too deep to be shown)"
    return _clip(shown, LONGEST_ANSWER)


def _masked(value: object, name: str = "") -> object:
    if _is_secret(name) and not isinstance(value, bool | None):
        return MASK
    if isinstance(value, dict):
        return {
            str(key): _masked(inner, str(key))
            for key, inner in value.items()
            if not str(key).endswith(_NOISE)
        }
    if isinstance(value, list):
        rows = [_masked(inner) for inner in value[:_MOST_ROWS]]
        left = len(value) - len(rows)
        return [*rows, f"and {left} more"] if left else rows
    if isinstance(value, str):
        return _clip(_without_secrets(value), _LONGEST_VALUE)
    return value


def _is_secret(name: str) -> bool:
    return bool(_SECRET.search(name)) and not _HARMLESS.search(name)


def _without_secrets(text: str) -> str:
    for pattern in _LOOKS_SECRET:
        text = pattern.sub(MASK, text)
    return _ASSIGNED.sub(rf"\1{MASK}", text)


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"
