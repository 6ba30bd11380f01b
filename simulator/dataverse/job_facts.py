"""Of which types the facts are that jobs on solutions stand on.

A shape is a type's name, a list of one shape, or an object by key: a `?` after a key says that it
may be left out, the key `*` stands for any.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

PARTS = ("imports", "jobs", "staged", "exports", "solution_parts")
"""What an organisation has of jobs: a patch that takes one away leaves it empty."""
LATEST = 250_000_000_000
"""Seconds since 1970, in the year 9892: what comes later is no date."""

_TEXTS = {"*": "text"}
_PACKAGE: dict[str, Any] = {
    "unique_name": "text",
    "friendly_name": "text",
    "version": "text",
    "managed": "boolean",
    "publisher": "text",
    "package_version": "text",
    "components": [{"section": "text", "element": "text", "id": "text", "name": "text"}],
    "roles": {"*": {"name": "text", "privileges": {"*": "boolean"}}},
    "requires": [{"required": _TEXTS, "dependent": _TEXTS}],
}
_FAILURE: dict[str, Any] = {
    "code": "code",
    "statuscode": "number",
    "stops_at": "part",
    "at": "text",
    "text": "text",
    "missing": [{"required": _TEXTS, "dependent": _TEXTS}],
}
JOB: dict[str, Any] = {
    "solution?": "text",
    "user?": "text",
    "key?": "text",
    "started?": "moment",
    "importjobid?": "text",
    "asyncoperationid?": "text",
    "correlationid?": "text",
    "holding?": "boolean",
    "asynchronous?": "boolean",
    "package?": _PACKAGE,
    "failure?": _FAILURE,
    "*": "any",
}
SHAPES: dict[str, Any] = {
    "staged": _PACKAGE,
    "exports": {"file": "text", "job": "text"},
    "solution_parts": {
        "publisher?": "text",
        "roles?": {"*": "boolean"},
        "requires?": {"*": "boolean"},
    },
}
"""Part of an organisation -> the shape of each thing in it."""


def is_moment(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value <= LATEST  # type: ignore[operator]


def _is_code(value: object) -> bool:
    try:
        return isinstance(value, str) and 0 <= int(value, 16) < 1 << 32
    except ValueError:
        return False


TYPES: dict[str, Callable[[object], bool]] = {
    "any": lambda _: True,
    "text": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "moment": is_moment,
    "part": lambda value: is_moment(value) and float(str(value)) <= 100,
    "code": _is_code,
}


def faults_of_shape(place: str, value: object, shape: Any) -> Iterator[str]:
    """One sentence for each place where the value has another shape; null is left out."""
    if isinstance(shape, str):
        if not TYPES[shape](value):
            yield f"{place} cannot be {value!r}; it is a {shape}"
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{place} cannot be {value!r}; it is a list"
            return
        for number, each in enumerate(value):
            yield from faults_of_shape(f"{place}.{number}", each, shape[0])
    elif isinstance(value, dict):
        yield from _faults_of_object(place, value, shape)
    else:
        yield f"{place} cannot be {value!r}; it is an object"


def _faults_of_object(
    place: str, value: dict[str, object], shape: Mapping[str, Any]
) -> Iterator[str]:
    for key, inner in shape.items():
        name = key.removesuffix("?")
        if name == "*":
            continue
        if value.get(name) is not None:
            yield from faults_of_shape(f"{place}.{name}", value[name], inner)
        elif name == key:
            yield f"{place}.{name} is missing"
    named = {key.removesuffix("?") for key in shape}
    for key in value.keys() - named:
        if "*" not in shape:
            yield f"{place}.{key} is not known"
        else:
            yield from faults_of_shape(f"{place}.{key}", value[key], shape["*"])
