"""A path below the root, cut into segments: a key in parentheses may hold slashes and commas."""

import re

from simulator.dataverse.errors import NotSimulatedError, unknown_segment

SEGMENT = re.compile(
    r"(?P<name>[$\w.]+)(?:\((?P<inside>(?:'(?:[^']|'')*'|[^'()])*)\))?(?:/(?P<rest>.*))?", re.DOTALL
)


def first(resource: str) -> tuple[str, str | None, str]:
    """Name, text in the parentheses, and what follows."""
    if not resource:
        raise NotSimulatedError("the service document")
    matched = SEGMENT.fullmatch(resource)
    if matched is None:
        raise unknown_segment(resource.partition("/")[0])
    return matched["name"], matched["inside"], matched["rest"] or ""
