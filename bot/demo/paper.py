"""Lines that fit the width of a terminal."""

import textwrap
from collections.abc import Iterable

WIDTH = 100


def folded(text: str, first: str = "", hang: str = "  ", width: int = WIDTH) -> list[str]:
    """Each line of `text` behind `first`; what does not fit goes on below, indented by `hang`."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(
            line,
            width,
            initial_indent=first,
            subsequent_indent=first + hang,
            break_on_hyphens=False,
        ) or [first.rstrip()]
    return lines


def barred(lines: Iterable[str], bar: str) -> list[str]:
    """With a bar at the left."""
    return [f"{bar}{line}".rstrip() for line in lines]
