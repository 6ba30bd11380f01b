"""A check of all users: how far it is, and what it came to in numbers. Names are kept apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connection.people import Person
from connection.users.findings import LOSING, Finding, Side
from connection.users.rule import Rule


@dataclass(frozen=True, slots=True)
class UserCheck:
    """Of one revision of a connection's setup. `finished_at` is None while it runs.

    `read` counts the users read so far. `rows` are the numbers of the first users of a finding in
    the file that the asker gets. `no_role` names roles that the organisation does not have.
    `failed` says why there is no result.
    """

    id: str
    workspace: str
    connection_id: str
    name: str
    revision: int
    asked_by: Person
    started_at: datetime
    finished_at: datetime | None
    rule: Rule
    read: Mapping[Side, int] = field(default_factory=dict)
    counts: Mapping[Finding, int] = field(default_factory=dict)
    rows: Mapping[Finding, Sequence[int]] = field(default_factory=dict)
    no_role: tuple[str, ...] = ()
    failed: str = ""

    def count(self, finding: Finding) -> int:
        """How many users it is said of."""
        return self.counts.get(finding, 0)

    @property
    def losing(self) -> int:
        """People who have no integration once users must map."""
        return sum(self.count(finding) for finding in LOSING)

    @property
    def active(self) -> int:
        """People who can sign in to Business Central."""
        return self.losing + self.count(Finding.MAPPED)


@dataclass(frozen=True, slots=True)
class SpooledPage:
    """A page that was read, packed, so that a crash does not lose it; see `SpooledPage` users in
    `connection.users.reading`. `following` is the address of the next one."""

    number: int
    following: str
    packed: bytes


@dataclass(frozen=True, slots=True)
class UserList:
    """For the one who asked alone: the first names of each finding, and the packed file."""

    check_id: str
    names: Mapping[Finding, Sequence[str]]
    packed_file: bytes
    kept_at: datetime
