"""Slack's mrkdwn as text for a terminal: marks read, names in place of ids."""

import re
from collections.abc import Mapping

SIGNS: Mapping[str, str] = {
    "white_check_mark": "✓",
    "warning": "!",
    "x": "✗",
    "heavy_minus_sign": "–",
    "white_circle": "○",
    "hourglass_flowing_sand": "…",
}
"""The emoji that the bot uses. A word beside each says the same."""

_CODE = re.compile(r"(`[^`\n]+`)")
_REFERENCE = re.compile(r"<([^<>]+)>")
_BOLD = re.compile(r"(?<![\w*])\*(\S|\S[^*\n]*\S)\*(?![\w*])")
_ITALIC = re.compile(r"(?<![\w_/])_(\S|\S[^_\n]*\S)_(?![\w_])")
_EMOJI = re.compile(r":([a-z0-9_+-]+):")


def readable(text: str, names: Mapping[str, str]) -> str:
    """`names` maps the ids of people and channels to their names."""
    text = text.replace("```", "")  # a box needs no sign where every letter is as wide
    parts = (
        part if _CODE.fullmatch(part) else _unmarked(part, names) for part in _CODE.split(text)
    )
    return "".join(parts).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def with_signs(text: str) -> str:
    """Emoji short codes as signs; those unknown stay as they are."""
    return _EMOJI.sub(lambda found: SIGNS.get(found[1], found[0]), text)


def _unmarked(text: str, names: Mapping[str, str]) -> str:
    text = _ITALIC.sub(r"\1", _BOLD.sub(r"\1", with_signs(text)))
    return _REFERENCE.sub(lambda found: _referred(found[1], names), text)


def _referred(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("!date"):
        return inside.rpartition("|")[2]
    if target.startswith(("@", "#")):
        return target[0] + (names.get(target[1:]) or label or target[1:])
    if target.startswith("!"):
        return label or f"@{target[1:]}"
    return f"{label} ({target})" if label and label != target else target
