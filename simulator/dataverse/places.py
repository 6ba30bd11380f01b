"""Where rows stand, remembered from call to call, so that a large table is not read for one row."""

from typing import Any


class Places:
    """A memory is checked against the row before it is believed: rows come, go and change."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str, str], dict[str, str]] = {}

    def key_of(
        self, organisation: dict[str, Any], entity_set: str, column: str, wanted: str
    ) -> str | None:
        """The readable key of the row whose column has this text, whatever its case."""
        rows: dict[str, dict[str, Any]] = organisation["tables"].get(entity_set, {})
        place, wanted = (organisation["id"], entity_set, column), wanted.lower()
        key = self._keys.get(place, {}).get(wanted)
        if key is None or key not in rows or _text(rows[key].get(column)) != wanted:
            self._keys[place] = {_text(row.get(column)): key for key, row in rows.items()}
            key = self._keys[place].get(wanted)
        return key


def _text(value: Any) -> str:
    return str(value).lower()
