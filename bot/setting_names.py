"""Names of settings that nobody reads: mistyped ones, and those of later versions."""

import difflib
from collections.abc import Iterable, Sequence

PREFIX = "D365BOT_"

LATER = frozenset(
    {
        "D365BOT_ALLOWED_WORKSPACES",
    }
)


def mistyped(given: Iterable[str], known: Sequence[str]) -> list[str]:
    """A sentence for each name with the bot's prefix that is none of its settings."""
    return [_sentence(name, known) for name in _unknown(given, known) if name not in LATER]


def of_later_versions(given: Iterable[str]) -> list[str]:
    """A sentence for each."""
    return [
        f"{name} belongs to a later version of d365bot: it does nothing yet."
        for name in sorted(LATER & {name.upper() for name in given})
    ]


def _unknown(given: Iterable[str], known: Sequence[str]) -> list[str]:
    upper = {name.upper() for name in given}
    return sorted(name for name in upper - set(known) if name.startswith(PREFIX))


def _sentence(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    meant = f": did you mean {near[0]}?" if near else "."
    return f"{name} is not a setting of d365bot{meant}"
