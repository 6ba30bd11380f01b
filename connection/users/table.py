"""The file for the one who asked: a line for each user of Business Central, with their user in
Sales, then one for each other user of Sales. Its numbers are what a channel reads instead of names.
"""

import asyncio
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from connection.remote import BcUser, SalesUser
from connection.spreadsheets import csv_lines
from connection.users.findings import Finding, Side
from connection.users.mapping import Judged, Mapping, Verdict

AT_A_TIME = 500
FIRST_ROWS = 10
COLUMNS = (
    "row",
    "side",
    "finding",
    "notes",
    "bc_user_name",
    "bc_full_name",
    "bc_authentication_email",
    "bc_state",
    "sales_full_name",
    "sales_primary_email",
    "sales_domain_name",
    "sales_state",
    "sales_licensed",
    "sales_id",
)


@dataclass(slots=True)
class Tally:
    """Counts of each finding, and the first users of it by row and by name."""

    rows: dict[Finding, list[int]] = field(default_factory=dict)
    names: dict[Finding, list[str]] = field(default_factory=dict)
    _alike: dict[Verdict, int] = field(default_factory=dict)

    def add(self, row: int, judged: Judged) -> None:
        """One user."""
        verdict = judged[2]
        seen = self._alike.get(verdict, 0)
        self._alike[verdict] = seen + 1
        if seen >= FIRST_ROWS:  # so each of its findings has its first users
            return
        for finding in verdict.findings:
            rows = self.rows.setdefault(finding, [])
            if len(rows) < FIRST_ROWS:
                rows.append(row)
                self.names.setdefault(finding, []).append(name_of(*judged[:2]))

    @property
    def counts(self) -> dict[Finding, int]:
        """Users of whom it is said."""
        counts: Counter[Finding] = Counter()
        for verdict, number in self._alike.items():
            counts.update(dict.fromkeys(verdict.findings, number))
        return dict(counts)


def name_of(user: BcUser | None, match: SalesUser | None) -> str:
    """For the one who asked alone."""
    if user is not None:
        known = ", ".join(part for part in (user.name, user.email) if part)
        return f"{user.full_name or 'without a full name'} ({known or 'neither name nor email'})"
    if match is None:
        return ""
    known = ", ".join(dict.fromkeys(filter(None, (match.email, match.domain_name)))) or match.id
    return f"{match.full_name or 'without a full name'} ({known})"


async def tallied(mapping: Mapping) -> Tally:
    """Counted, some at a time, with everybody's turn in between."""
    tally = Tally()
    for row, judged in enumerate(mapping.judged(), 1):
        tally.add(row, judged)
        if row % AT_A_TIME == 0:
            await asyncio.sleep(0)
    return tally


async def packed_file(mapping: Mapping) -> bytes:
    """The whole file as CSV, packed, in the same way."""
    packer = zlib.compressobj(1)
    parts = [packer.compress(csv_lines([COLUMNS]).encode())]
    some: list[Sequence[object]] = []
    for row, judged in enumerate(mapping.judged(), 1):
        some.append(_cells(row, judged))
        if len(some) == AT_A_TIME:
            parts.append(packer.compress(csv_lines(some).encode()))
            some.clear()
            await asyncio.sleep(0)
    parts.append(packer.compress(csv_lines(some).encode()))
    return b"".join((*parts, packer.flush()))


def unpacked_file(packed: bytes) -> str:
    """As it is sent."""
    return zlib.decompress(packed).decode()


def _cells(row: int, judged: Judged) -> Sequence[object]:
    user, match, verdict = judged
    side = Side.SALES if user is None else Side.BC
    first, *notes = verdict.findings
    bc: tuple[object, ...] = ("", "", "", "")
    if user is not None:
        bc = (user.name, user.full_name, user.email, "Enabled" if user.enabled else "Disabled")
    sales: tuple[object, ...] = ("", "", "", "", "", "")
    if match is not None:
        state, licensed = ("Disabled" if match.disabled else "Enabled"), ("no", "yes")
        names = (match.full_name, match.email, match.domain_name)
        sales = (*names, state, licensed[match.licensed], match.id)
    return (row, side.value, first.value, " ".join(notes), *bc, *sales)
