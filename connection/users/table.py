"""The file for the one who asked: a line for each user of Business Central, with their user in
Sales, then one for each other user of Sales. Its numbers are what a channel reads instead of names.
"""

import asyncio
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from connection.remote import BcUser, SalesUser
from connection.spreadsheets import csv_lines
from connection.users.findings import Finding, Side
from connection.users.mapping import Judged, Mapping

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
Numbered = tuple[int, BcUser | None, Judged]
"""Row, user of Business Central, and what was judged; of a user of Sales alone the match is it."""


@dataclass(slots=True)
class Tally:
    """Counts of each finding, and the first users of it by row and by name."""

    counts: dict[Finding, int] = field(default_factory=dict)
    rows: dict[Finding, list[int]] = field(default_factory=dict)
    names: dict[Finding, list[str]] = field(default_factory=dict)

    def add(self, row: Numbered) -> None:
        """One user."""
        number, user, judged = row
        for finding in judged.findings:
            seen = self.counts.get(finding, 0)
            self.counts[finding] = seen + 1
            if seen < FIRST_ROWS:
                self.rows.setdefault(finding, []).append(number)
                self.names.setdefault(finding, []).append(name_of(user, judged.match))


def name_of(user: BcUser | None, match: SalesUser | None) -> str:
    """For the one who asked alone."""
    if user is not None:
        known = ", ".join(part for part in (user.name, user.email) if part)
        return f"{user.full_name or 'without a full name'} ({known or 'neither name nor email'})"
    if match is None:
        return ""
    known = match.email or match.domain_name or match.id
    return f"{match.full_name or 'without a full name'} ({known})"


def judged_rows(mapping: Mapping) -> Iterator[Numbered]:
    """Everybody, numbered as in the file."""
    number = 0
    for number, user in enumerate(mapping.bc, 1):
        yield number, user, mapping.judge_bc(user)
    for other in mapping.sales:
        judged = mapping.judge_sales(other)
        if judged is not None:
            number += 1
            yield number, None, Judged(judged.findings, other)


async def tallied(mapping: Mapping) -> Tally:
    """Counted, a few hundred at a time, with everybody's turn in between."""
    tally = Tally()
    for done, row in enumerate(judged_rows(mapping), 1):
        tally.add(row)
        if done % AT_A_TIME == 0:
            await asyncio.sleep(0)
    return tally


async def packed_file(mapping: Mapping) -> bytes:
    """The whole file as CSV, packed, in the same way."""
    packer = zlib.compressobj(1)
    parts = [packer.compress(csv_lines([COLUMNS]).encode())]
    some: list[Sequence[object]] = []
    for row in judged_rows(mapping):
        some.append(_cells(row))
        if len(some) == AT_A_TIME:
            parts.append(packer.compress(csv_lines(some).encode()))
            some.clear()
            await asyncio.sleep(0)
    parts.append(packer.compress(csv_lines(some).encode()))
    return b"".join((*parts, packer.flush()))


def unpacked_file(packed: bytes) -> str:
    """As it is sent."""
    return zlib.decompress(packed).decode()


def _cells(row: Numbered) -> Sequence[object]:
    number, user, (findings, match) = row
    side = Side.SALES if user is None else Side.BC
    first, *notes = findings
    bc: tuple[object, ...] = ("", "", "", "")
    if user is not None:
        bc = (user.name, user.full_name, user.email, "Enabled" if user.enabled else "Disabled")
    sales: tuple[object, ...] = ("", "", "", "", "", "")
    if match is not None:
        state, licensed = ("Disabled" if match.disabled else "Enabled"), ("no", "yes")
        names = (match.full_name, match.email, match.domain_name)
        sales = (*names, state, licensed[match.licensed], match.id)
    return (number, side.value, first.value, " ".join(notes), *bc, *sales)
