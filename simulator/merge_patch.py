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


def restored(target: Any, before: Any, patch: Any) -> Any:
    """A new value: what `patch` changed in `before` is in `target` again as it was there; all else
    in `target` stays."""
    if not (isinstance(target, dict) and isinstance(before, dict) and isinstance(patch, dict)):
        return before
    result = dict(target)
    for key, changed in patch.items():
        if key in before:
            result[key] = restored(target.get(key), before[key], changed)
        else:
            result.pop(key, None)
    return result


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
