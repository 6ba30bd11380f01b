"""What changed on both sides: two states of the simulated world, compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SIDES = {"sales": "Sales", "business_central": "Business Central", "apps": "Entra ID"}
_MOST = 60
_UNSAID = frozenset({"versionnumber", "modifiedon", "createdon", "etag"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that is not as it was; '' stands for nothing."""

    side: str
    where: str
    before: str
    after: str


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[Difference]:
    """Of the sides that the bot changes, in the order of the world."""
    return [
        Difference(said, " › ".join(_within(path)), _brief(old), _brief(new))
        for key, said in SIDES.items()
        for path, old, new in _changed(before.get(key), after.get(key), ())
    ]


def _changed(
    old: object, new: object, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], object, object]]:
    if old == new:
        return
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        yield path, old, new
        return
    for key in {**old, **new}:
        if key.lower() not in _UNSAID:
            yield from _changed(old.get(key), new.get(key), (*path, str(key)))


_HOLDERS = ("pages", "tables")
"""Below these stands what people know by name; above, only whose it is."""


def _within(path: tuple[str, ...]) -> tuple[str, ...]:
    for holder in _HOLDERS:
        if holder in path[:-1]:
            return path[path.index(holder) + 1 :]
    return path[1:] or path


def _brief(value: object) -> str:
    """A fact in a few words; a whole row by what it holds."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        said = ", ".join(f"{key} {_brief(one)}" for key, one in value.items() if one)
        return _clipped(said or "given")
    return _clipped(str(value))


def _clipped(text: str) -> str:
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"
