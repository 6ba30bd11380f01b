"""The log of calls: what was received, in order, without bodies and without tokens."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass
class CallRow:
    """One call. The status is null while it is being answered, 0 when it was cut."""

    n: int
    at: str
    site: str
    method: str
    path: str
    status: int | None = None
    body_sha256: str = ""
    note: str | None = None

    def finish(self, status: int, body: bytes) -> None:
        self.status = status
        self.body_sha256 = hashlib.sha256(body).hexdigest()

    def shown(self) -> dict[str, Any]:
        row = dict(vars(self))
        if self.note is None:
            del row["note"]
        return row


class CallLog:
    def __init__(self) -> None:
        self._rows: list[CallRow] = []
        self._last = 0

    def arrived(self, site: str, method: str, path: str) -> CallRow:
        self._last += 1
        row = CallRow(self._last, datetime.now(UTC).isoformat(), site, method, path)
        self._rows.append(row)
        return row

    def record(self, site: str, method: str, path: str, status: int, body: bytes) -> None:
        """One finished call in one go."""
        self.arrived(site, method, path).finish(status, body)

    def rows(self, site: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        return [r.shown() for r in self._rows if r.n > after and site in (None, r.site)]

    def clear(self) -> None:
        """Forget the rows; numbering goes on."""
        self._rows.clear()
