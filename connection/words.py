"""Words that a connection may not be called, and the nearest known word to a mistyped one."""

import difflib
from collections.abc import Iterable

COMMAND_WORDS = frozenset(
    "help setup list status test users enable disable approve reject withdraw solution roles "
    "sales-orders availability web-client-url sync encryption secret history audit access rename "
    "request retire subscribe unsubscribe sign-in all default me features on off defaults "
    "remove-row".split()
)
"""Every word of the command's grammar, those that come later included: a name never becomes one."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`, or ''."""
    return next(iter(difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.55)), "")
