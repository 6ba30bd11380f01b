"""Which facts about Entra ID can be: a patch of the world that says another is refused."""

from collections.abc import Iterator
from typing import Any

from simulator.entra.errors import REFUSALS

SECONDS = ("device_interval", "device_lifetime")


def faults_in(facts: dict[str, Any]) -> Iterator[str]:
    """One sentence for each fact that cannot be."""
    for part in ("apps", "accounts"):
        for name, each in facts[part].items():
            number = each.get("refuse")
            if number is not None and (isinstance(number, bool) or number not in REFUSALS):
                known = ", ".join(str(row) for row in sorted(REFUSALS))
                yield f"{part}.{name}.refuse cannot be {number!r}; it is one of {known}"
    for name, each in facts["tenants"].items():
        for key in SECONDS:
            seconds = each.get(key, 0)
            if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
                yield f"tenants.{name}.{key} is a number of seconds, not {seconds!r}"
