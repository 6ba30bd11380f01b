"""Finds a secret pasted where people can read it, without mistaking identifiers and URLs for one.

Slack has no masked input, so a secret in a field or a command has already passed through Slack
and belongs rotated. The shapes are those that Microsoft and Slack issue; what has no shape is
judged by length, kinds of characters and how often they change.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from connection.errors import PastedSecret

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")),
    ("a client secret of Microsoft Entra", re.compile(r"[\w.~-]{3}\dQ~[\w.~-]{31,37}")),
    ("a token", re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}")),
    ("a Slack token", re.compile(r"\bx(?:ox[a-z]|app)(?:-[\w.]+){1,}-[\w-]{8,}")),
    ("a password in an address", re.compile(r"://[^/\s:@?#]*:[^/\s@?#]+@")),
    (
        "a password",
        re.compile(
            r"(?:pass(?:word|wd|phrase)|\bpwd|(?:client|app)[_ -]?secret|"
            r"(?:access|api|account|shared)[_ -]?key)"
            r"""["']?(?:\s*[:=]\s*["']?(?![{*•]|\s|$)\S{4,}|\s+(?:is|ist)\s+(?=\S*\d)\S{8,})""",
            re.IGNORECASE,
        ),
    ),
    (
        "a secret in an address",
        re.compile(r"[?&#](?:sig|code|(?:access_|id_)?token|secret|pwd)=[^&\s]{8,}", re.IGNORECASE),
    ),
)
_GUID = re.compile(r"[{(]?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}[})]?")
_FINGERPRINT = re.compile(
    r"(?:\d+:)?(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){15,31}"
)
_EMAIL = re.compile(r"[^@\s]+@(?:[\w-]+\.)+[A-Za-z]{2,}")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}\.?(?::\d+)?")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]*(?P<rest>\S*)")
_SLACK_REFERENCE = re.compile(r"<[@#!][^>]*>")
_BETWEEN_WORDS = re.compile(r"""[\s"'`<>()\[\]{},;|]+""")
_SEPARATORS = re.compile(r"[-_.~]")
_SHORTEST = 20
_FEWEST_BITS = 3.4
_FEWEST_CHANGES = 0.33


def secret_in(text: str) -> str:
    """What kind of secret `text` holds, in words that follow "This looks like"; '' for none."""
    for kind, shape in _SHAPES:
        if shape.search(text):
            return kind
    bare = _SLACK_REFERENCE.sub(" ", text)
    return "a secret" if any(_looks_random(part) for part in _parts(bare)) else ""


def refuse_secrets(texts: Iterable[str]) -> None:
    """Raises `PastedSecret`, which says what to do and never repeats the text."""
    for text in texts:
        kind = secret_in(text)
        if kind:
            raise PastedSecret(
                f"This looks like {kind}. Nothing was stored, but it has passed through Slack.",
                "Rotate it now: replace it where it was issued, delete the old one, and give "
                "the new one with d365bot secret set, never in Slack.",
            )


def _parts(text: str) -> Iterator[str]:
    for word in _BETWEEN_WORDS.split(text):
        url = _URL.fullmatch(word)
        if url:
            yield from re.split(r"[/?&=#+\\]+", unquote(url["rest"]))
        elif _HOST.match(word) and "/" in word:
            yield from re.split(r"[/?&=#+\\]+", unquote(word.partition("/")[2]))
        else:
            yield from word.split("\\")


def _looks_random(word: str) -> bool:
    if len(word) < _SHORTEST or not word.isascii():
        return False
    if any(shape.fullmatch(word) for shape in (_GUID, _FINGERPRINT, _EMAIL, _HOST)):
        return False
    kinds = [_kind(character) for character in _SEPARATORS.sub("", word)]
    if len(kinds) < _SHORTEST - 4:
        return False
    changes = sum(one != other for one, other in itertools.pairwise(kinds))
    enough_kinds = len(set(kinds)) >= 3 or (len(set(kinds)) == 2 and len(kinds) >= 30)
    return enough_kinds and changes >= _FEWEST_CHANGES * len(kinds) and _bits(word) >= _FEWEST_BITS


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isalpha():
        return "upper" if character.isupper() else "lower"
    return "sign"


def _bits(word: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(word)
    return -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values())
