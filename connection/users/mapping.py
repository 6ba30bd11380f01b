"""The mapping of two populations: pure, and as long as both together, not one times the other.

First every user of both sides is added, then each is judged. `connection.users.findings` says what
the words mean.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from connection.remote import BcUser, SalesUser
from connection.users.findings import Finding
from connection.users.rule import Rule, offered, sought

NO_PEOPLE = frozenset(
    {"application", "agent", "windows group", "aad group", "microsoft entra group"}
)
"""License Types of page 9800, in lower case, that stand for no person."""

NOT_FOR_PEOPLE = frozenset({3, 4, 5})
"""Access modes of Sales: support user, non-interactive, delegated administrator."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Ids of the Sales users that hold a role; None where the organisation does not have it."""

    integration: frozenset[str] | None = None
    availability: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """The first of `findings` is what the user is. The many who are like each other share one."""

    findings: tuple[Finding, ...]


Judged = tuple[BcUser | None, SalesUser | None, Verdict]
"""A user of Business Central with their user in Sales, who may be a disabled one; or None and a
user of Sales whom nobody of Business Central is mapped to."""


@dataclass(slots=True)
class Mapping:
    """In the order in which the sides give their users, which decides who is the first match."""

    rule: Rule
    roles: Roles = field(default_factory=Roles)
    sales: list[SalesUser] = field(default_factory=list)
    bc: list[BcUser] = field(default_factory=list)
    _offered: list[str] = field(default_factory=list)
    _sought: list[str] = field(default_factory=list)
    _first: dict[str, SalesUser] = field(default_factory=dict)
    _disabled: dict[str, SalesUser] = field(default_factory=dict)
    _several: set[str] = field(default_factory=set)
    _seekers: dict[str, int] = field(default_factory=dict)
    _disabled_seekers: set[str] = field(default_factory=set)

    def add_sales(self, users: Iterable[SalesUser]) -> None:
        """Before anybody is judged."""
        for user in users:
            key = offered(self.rule, user)
            self.sales.append(user)
            self._offered.append(key)
            if not key:
                continue
            if user.disabled:
                self._disabled.setdefault(key, user)
            elif self._first.setdefault(key, user) is not user:
                self._several.add(key)

    def add_bc(self, users: Iterable[BcUser]) -> None:
        """Before anybody is judged."""
        seekers = self._seekers
        for user in users:
            key = sought(self.rule, user)
            self.bc.append(user)
            self._sought.append(key)
            if is_active(user):
                seekers[key] = seekers.get(key, 0) + 1
            elif not user.enabled:
                self._disabled_seekers.add(key)

    def judged(self) -> Iterator[Judged]:
        """Everybody of Business Central, then who is left of Sales."""
        for user, key in zip(self.bc, self._sought, strict=True):
            yield user, *self._of_bc(user, key)
        for other, key in zip(self.sales, self._offered, strict=True):
            verdict = self._of_sales(other, key)
            if verdict is not None:
                yield None, other, verdict

    def _of_bc(self, user: BcUser, key: str) -> tuple[SalesUser | None, Verdict]:
        if not is_active(user):
            return None, said(Finding.BC_DISABLED if is_person(user) else Finding.BC_OTHER)
        if not key:
            return None, said(Finding.NO_EMAIL)
        shared = self._seekers[key] > 1
        match = self._first.get(key)
        if match is None:
            match = self._disabled.get(key)
            return match, _not_mapped(shared, match is not None)
        integration, availability = self.roles.integration, self.roles.availability
        return match, _mapped(
            shared,
            key in self._several,
            not match.licensed,
            integration is not None and match.id not in integration,
            availability is not None and match.id not in availability,
        )

    def _of_sales(self, user: SalesUser, key: str) -> Verdict | None:
        """None for whom somebody of Business Central is mapped to."""
        if user.disabled:
            return said(Finding.SALES_OFF)
        wanted = bool(key) and key in self._seekers
        if wanted and self._first[key] is user:
            return None
        if user.application_id or user.access_mode in NOT_FOR_PEOPLE:
            return said(Finding.SALES_OTHER)
        if not key:
            return said(Finding.SALES_NO_EMAIL)
        if wanted:
            return said(Finding.SALES_DUPLICATE)
        off = key in self._disabled_seekers
        what = Finding.SALES_OF_DISABLED if off else Finding.SALES_UNMATCHED
        return said(what, Finding.SALES_DUPLICATE) if key in self._several else said(what)


def is_person(user: BcUser) -> bool:
    """No app and no group of Business Central."""
    return user.licence.lower() not in NO_PEOPLE


def is_active(user: BcUser) -> bool:
    """Somebody who can sign in to Business Central, and so has something to lose."""
    return user.enabled and is_person(user)


@cache
def said(*findings: Finding) -> Verdict:
    """The one verdict with these findings."""
    return Verdict(findings)


@cache
def _not_mapped(shared: bool, off: bool) -> Verdict:
    what = Finding.SALES_DISABLED if off else Finding.UNMATCHED
    return said(what, Finding.BC_DUPLICATE) if shared else said(what)


@cache
def _mapped(
    shared: bool, several: bool, unlicensed: bool, not_integration: bool, not_availability: bool
) -> Verdict:
    notes = (
        (shared, Finding.BC_DUPLICATE),
        (several, Finding.AMBIGUOUS),
        (unlicensed, Finding.UNLICENSED),
        (not_integration, Finding.NO_INTEGRATION_ROLE),
        (not_availability, Finding.NO_AVAILABILITY_ROLE),
    )
    return said(Finding.MAPPED, *(finding for told, finding in notes if told))
