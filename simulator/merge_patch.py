"""JSON merge patch (RFC 7396), and the mask over secrets in what the world shows."""

from typing import Any

MASK = "***"
SECRET_KEYS = frozenset(
    {
        "access_key",
        "client_secret",
        "connection_string",
        "header",
        "nav_dynamicsnavodataaccesskey",
        "navodataaccesskey",
        "password",
        "value",
    }
)
"""In lower case: the pages of Business Central write theirs with capitals."""


def is_secret(key: str) -> bool:
    return key.lower() in SECRET_KEYS


def merged(target: Any, patch: Any) -> Any:
    """A new value: `target` changed by `patch`. A secret sent back masked is left as it was."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, wanted in patch.items():
        if wanted is None:
            result.pop(key, None)
        elif not (wanted == MASK and is_secret(key)):
            result[key] = merged(result.get(key), wanted)
    return result


def restored(target: Any, before: Any, after: Any, patch: Any) -> Any:
    """A new value: what `patch` changed, from `before` to `after`, is in `target` again as it was,
    unless somebody has changed it since; all else in `target` stays."""
    parts = (target, before, after, patch)
    if not all(isinstance(part, dict) for part in parts):
        return before if target == after else target
    result = dict(target)
    for key, changed in patch.items():
        if key in before:
            was, then, now = before[key], after.get(key, _GONE), target.get(key, _GONE)
            kept = restored(now, was, then, changed)
            if kept is not _GONE:
                result[key] = kept
        elif target.get(key, _GONE) == after.get(key, _GONE):
            result.pop(key, None)
    return result


_GONE = object()


def masked(value: Any) -> Any:
    """A copy in which the text under every secret key is a mask; no text stays no text."""
    if isinstance(value, list):
        return [masked(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: MASK if is_secret(key) and isinstance(each, str) and each else masked(each)
        for key, each in value.items()
    }
