"""JSON as the services read it: what they could not tell again is no JSON to them."""

import json
from math import isfinite
from typing import Any

DEEPEST = 100
"""Levels of brackets (`MessageQuotas.MaxNestingDepth` of Microsoft's OData library)."""


def read_json(body: bytes | str) -> Any:
    """Raises ValueError, which also is what `json.loads` raises.

    Refused are text that UTF-8 cannot carry (half of a surrogate pair), numbers without an end
    (`1e999`, NaN), numbers with thousands of digits, and brackets that are too deep.
    """
    text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("The JSON is too deep.") from error
    _check(value)
    return value


def _check(value: Any) -> None:
    """Level by level, so that a deep value costs no stack."""
    level = [value]
    for _ in range(DEEPEST + 1):
        if not level:
            return
        below: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                below += [*each, *each.values()]
            elif isinstance(each, list):
                below += each
            else:
                _check_one(each)
        level = below
    if level:
        raise ValueError("The JSON is too deep.")


def _check_one(value: Any) -> None:
    if isinstance(value, str) and not value.isascii():
        value.encode()
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("A number is not finite.")
