"""Which facts about Entra ID can be: a patch of the world that says another is refused."""

from collections.abc import Iterator
from typing import Any

from simulator.entra.clouds import CLOUDS, PUBLIC
from simulator.entra.errors import REFUSALS

SECONDS = ("device_interval", "device_lifetime", "retry_after")


def faults_in(facts: dict[str, Any]) -> Iterator[str]:
    """One sentence for each fact that cannot be."""
    for part in ("tenants", "apps", "accounts"):
        records = facts.get(part)
        if not isinstance(records, dict):
            yield f"{part} cannot be {records!r}; it is an object"
            continue
        for name, each in records.items():
            if not isinstance(each, dict):
                yield f"{part}.{name} cannot be {each!r}; it is an object"
            else:
                yield from _faults_of(f"{part}.{name}", each)


def _faults_of(place: str, record: dict[str, Any]) -> Iterator[str]:
    number = record.get("refuse")
    if number is not None and (type(number) is not int or number not in REFUSALS):
        known = ", ".join(str(row) for row in sorted(REFUSALS))
        yield f"{place}.refuse cannot be {number!r}; it is one of {known}"
    cloud = record.get("cloud", PUBLIC)
    if not isinstance(cloud, str) or cloud not in CLOUDS:
        yield f"{place}.cloud cannot be {cloud!r}; it is one of {', '.join(CLOUDS)}"
    if not isinstance(record.get("claims", ""), str):
        yield f"{place}.claims cannot be {record['claims']!r}; it is a text"
    for key in SECONDS:
        seconds = record.get(key, 0)
        if type(seconds) not in (int, float) or seconds < 0:
            yield f"{place}.{key} cannot be {seconds!r}; it is a number of seconds"
