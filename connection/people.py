"""Who somebody is in Slack, which roles they hold, and what a role covers."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do with a connection."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    ADMIN = "admin"

    def covers(self, needed: "Role") -> bool:
        """Admin covers every role, operator and approver cover viewer, and that is all."""
        return self is needed or self is Role.ADMIN or needed is Role.VIEWER


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack identity: the enterprise, or the team where there is none, and the user id.

    Display names and emails decide nothing: they can be changed by their owner.
    """

    organisation: str
    user: str

    def __str__(self) -> str:
        return f"{self.organisation}/{self.user}"

    @classmethod
    def parse(cls, text: str) -> "Person":
        """From `T…/U…` or `E…/U…`."""
        organisation, _, user = text.partition("/")
        return cls(organisation, user)


OPERATING_SYSTEM = "cli"
"""The organisation of people who act through the command line: `cli/<login name>`."""

BOTS = "bot"
"""The organisation of what the bot does by itself, after people decided it."""

BOT = Person(BOTS, "bot")
"""Who carries out what was approved."""

SLACK = Person("slack", "slack")
"""What happens in Slack itself, of which Slack does not say who did it."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A user group (`S…`) or a private channel (`C…`, `G…`): its members hold what it holds."""

    id: str

    def __str__(self) -> str:
        return self.id

    @property
    def is_group(self) -> bool:
        return self.id.startswith("S")


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given to somebody, for one connection or (connection_id '') for all of a workspace."""

    workspace: str
    holder: Person | Circle
    role: Role
    connection_id: str = ""


@dataclass(frozen=True, slots=True)
class Admins:
    """The people named in D365BOT_ADMINS; bare user ids only with a single-workspace token."""

    people: frozenset[Person] = frozenset()
    bare_users: frozenset[str] = frozenset()

    def __contains__(self, person: Person) -> bool:
        return person in self.people or person.user in self.bare_users


def covered(grants: Iterable[Grant], needed: Role, connection_id: str) -> bool:
    """Whether one of the grants covers the role here; with '' only those for all connections."""
    return any(
        grant.connection_id in ("", connection_id) and grant.role.covers(needed) for grant in grants
    )
