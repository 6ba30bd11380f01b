"""The mapping of two populations: pure, and as long as both together, not one times the other.

First every user of both sides is added, then each is judged. `connection.users.findings` says what
the words mean.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from connection.remote import BcUser, SalesUser
from connection.users.findings import Finding
from connection.users.rule import Rule, offered, sought

NO_PEOPLE = frozenset({"application", "windows group", "aad group", "microsoft entra group"})
"""License Types of page 9800, in lower case, that stand for no person."""

NOT_FOR_PEOPLE = frozenset({3, 4, 5})
"""Access modes of Sales: support user, non-interactive, delegated administrator."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Ids of the Sales users that hold a role; None where the organisation does not have it."""

    integration: frozenset[str] | None = None
    availability: frozenset[str] | None = None


class Judged(NamedTuple):
    """The first of `findings` is what the user is. `match` is their user in Sales, also a disabled
    one; None for a user of Sales."""

    findings: tuple[Finding, ...]
    match: SalesUser | None = None


@dataclass(slots=True)
class Mapping:
    """In the order in which the sides give their users, which decides who is the first match."""

    rule: Rule
    roles: Roles = field(default_factory=Roles)
    sales: list[SalesUser] = field(default_factory=list)
    bc: list[BcUser] = field(default_factory=list)
    _first: dict[str, SalesUser] = field(default_factory=dict)
    _disabled: dict[str, SalesUser] = field(default_factory=dict)
    _several: set[str] = field(default_factory=set)
    _seekers: dict[str, int] = field(default_factory=dict)
    _disabled_seekers: set[str] = field(default_factory=set)

    def add_sales(self, users: Iterable[SalesUser]) -> None:
        """Before anybody is judged."""
        for user in users:
            self.sales.append(user)
            key = offered(self.rule, user)
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
            self.bc.append(user)
            key = sought(self.rule, user)
            if is_active(user):
                seekers[key] = seekers.get(key, 0) + 1
            elif not user.enabled:
                self._disabled_seekers.add(key)

    def judge_bc(self, user: BcUser) -> Judged:
        """Somebody of Business Central."""
        if not is_active(user):
            return Judged((Finding.BC_DISABLED if is_person(user) else Finding.BC_OTHER,))
        key = sought(self.rule, user)
        if not key:
            return Judged((Finding.NO_EMAIL,))
        shared = self._seekers.get(key, 0) > 1
        match = self._first.get(key)
        if match is None:
            match = self._disabled.get(key)
            return Judged(_not_mapped(shared, off=match is not None), match)
        roles = self.roles
        findings = _mapped(
            shared,
            key in self._several,
            not match.licensed,
            roles.integration is not None and match.id not in roles.integration,
            roles.availability is not None and match.id not in roles.availability,
        )
        return Judged(findings, match)

    def judge_sales(self, user: SalesUser) -> Judged | None:
        """Somebody of Sales; None for whom somebody of Business Central is mapped to."""
        if user.disabled:
            return Judged((Finding.SALES_OFF,))
        key = offered(self.rule, user)
        wanted = bool(key) and key in self._seekers
        first = bool(key) and self._first.get(key) is user
        if wanted and first:
            return None
        if user.application_id or user.access_mode in NOT_FOR_PEOPLE:
            return Judged((Finding.SALES_OTHER,))
        if not key:
            return Judged((Finding.SALES_NO_EMAIL,))
        if wanted:
            return Judged((Finding.SALES_DUPLICATE,))
        off = key in self._disabled_seekers
        what = Finding.SALES_OF_DISABLED if off else Finding.SALES_UNMATCHED
        return Judged((what, Finding.SALES_DUPLICATE) if key in self._several else (what,))


def is_person(user: BcUser) -> bool:
    """No app and no group of Business Central."""
    return user.licence.lower() not in NO_PEOPLE


def is_active(user: BcUser) -> bool:
    """Somebody who can sign in to Business Central, and so has something to lose."""
    return user.enabled and is_person(user)


@cache
def _not_mapped(shared: bool, *, off: bool) -> tuple[Finding, ...]:
    what = Finding.SALES_DISABLED if off else Finding.UNMATCHED
    return (what, Finding.BC_DUPLICATE) if shared else (what,)


@cache
def _mapped(
    shared: bool, several: bool, unlicensed: bool, not_integration: bool, not_availability: bool
) -> tuple[Finding, ...]:
    """Written so that the many who are like each other share one tuple."""
    notes = (
        (shared, Finding.BC_DUPLICATE),
        (several, Finding.AMBIGUOUS),
        (unlicensed, Finding.UNLICENSED),
        (not_integration, Finding.NO_INTEGRATION_ROLE),
        (not_availability, Finding.NO_AVAILABILITY_ROLE),
    )
    return (Finding.MAPPED, *(finding for said, finding in notes if said))
