"""Why Business Central disabled a connection by itself, read out of what it says while it does.

Its page has no control for the reason (field 139 of table 5330, Disable Reason): these words, which
come once, are all there is. They are known in English only.
"""

import re

LONGEST = 250
"""Of the field in Business Central."""

_SAYS_SO = re.compile(
    r"\bis disabled due to the following error\b|\bthe connection has been disabled\b",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\.?[\s\\]*Please contact your system administrator\.?\s*$", re.IGNORECASE)


def disable_reason_in(said: str) -> str | None:
    """As Business Central keeps it: the text after the first colon; without one all that it said.
    None where it did not say that it disabled the connection."""
    if not _SAYS_SO.search(said):
        return None
    after = said.partition(":")[2].strip()
    return _TAIL.sub("", after or said).strip()[:LONGEST]
