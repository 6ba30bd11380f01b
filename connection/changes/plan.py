"""A plan: what is, what will be, step by step, and the hash that an approval is for.

The hash covers the act, the setup revision and the ordered steps with the values that they want,
those that are so already included; no counts, times or secrets (architecture, decision 12).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Values = Mapping[str, str]
"""What a step looks at, in the words that people read → how it is, in words."""


class Act(StrEnum):
    """What a plan is for. All but the last two are commands."""

    ENABLE = "enable"
    DISABLE = "disable"
    SOLUTION = "solution"
    ROLES = "roles"
    SALES_ORDERS = "sales-orders"
    WEB_CLIENT_URL = "web-client-url"
    AVAILABILITY = "availability"
    UNDO = "undo"
    POLICY = "policy"


PERSONAL = frozenset({"User name", "OData user"})
"""Keys whose values name an account; a channel and the record read only that there is one."""
NOBODY = ("none", "nothing", "unknown")


def public(key: str, value: str) -> str:
    """The value as everybody may read it."""
    return "an account" if key in PERSONAL and value not in NOBODY else value


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One row of `STEPS` for one connection. `by_hand` says why a person does it in Business
    Central, '' if the bot does; `note` what else there is to know. `again` are keys that are
    written whatever is there, because nobody can read them. `unread` says that it is done by hand
    only because it could not be read."""

    step: str
    before: Values
    wanted: Values
    by_hand: str = ""
    note: str = ""
    again: tuple[str, ...] = ()
    unread: bool = False

    @property
    def changed(self) -> tuple[str, ...]:
        """The keys that will be another value."""
        return tuple(key for key, value in self.wanted.items() if self.before.get(key) != value)


@dataclass(frozen=True, slots=True)
class Impact:
    """Whom it touches: people who are users on both sides by the last check of users, and jobs of
    the synchronisation. None where it was not read."""

    users: int | None = None
    users_at: datetime | None = None
    jobs: int | None = None
    jobs_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`words` are those behind the connection that change what is wanted, such as `on`;
    `administrator` says that the bot's own user in Sales lacks a right that a step needs."""

    act: Act
    revision: int
    steps: tuple[PlannedStep, ...]
    words: str = ""
    administrator: bool = False
    impact: Impact = Impact()

    @property
    def hash(self) -> str:
        """Hexadecimal SHA-256 of what is approved."""
        approved = [
            self.act.value,
            self.revision,
            [[one.step, sorted(one.wanted.items())] for one in self.steps],
        ]
        said = json.dumps(approved, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def changes(self) -> tuple[PlannedStep, ...]:
        """The steps that change something."""
        return tuple(one for one in self.steps if one.changed)


def differences(planned: PlannedStep, current: Values) -> tuple[str, ...]:
    """Keys whose value is neither the approved *before* nor the *wanted* one."""
    return tuple(
        key
        for key, wanted in planned.wanted.items()
        if key not in planned.again
        and not (planned.unread and key not in planned.before)
        and current.get(key) not in (planned.before.get(key), wanted)
    )


def satisfied(planned: PlannedStep, current: Values) -> bool:
    """Whether nothing is left to do. What nobody can read counts as done where a step ran."""
    return all(
        current.get(key) == wanted
        for key, wanted in planned.wanted.items()
        if key not in planned.again
    )
