"""Who is who in Slack, as far as rights depend on it, and for how long that is believed.

Slack tells changes by events, which may be lost: what was read longer ago than `FRESH_FOR`, or
before the last event about it, counts for nothing until it is read again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

FRESH_FOR = timedelta(minutes=15)
EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""For what is only shown: however old it is."""


class Standing(StrEnum):
    """What a person is in a workspace. Only members may do anything with the bot.

    Flags of a user: docs.slack.dev/reference/objects/user-object.
    """

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    EXTERNAL = "external"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack told them; `read_at` is when Slack was asked."""

    workspace: str
    user: str
    standing: Standing
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation as Slack told it.

    `shared` with another organisation, or about to be; `present` says that the bot is in it.
    """

    workspace: str
    id: str
    name: str
    private: bool
    shared: bool
    archived: bool
    present: bool
    read_at: datetime

    @property
    def usable(self) -> bool:
        """Whether a role that was given to it counts."""
        return self.private and not self.shared and not self.archived


@dataclass(frozen=True, slots=True)
class Roster:
    """Who belongs to a user group or a channel.

    `name` is its handle or its name. One that is not `usable` gives nobody a role: a disabled
    group, a channel that is public, archived, shared, or that the bot cannot see.
    """

    workspace: str
    id: str
    name: str
    usable: bool
    members: frozenset[str]
    read_at: datetime


class Directory(Protocol):
    """Slack itself. Every method raises `DirectoryAway` where Slack does not tell."""

    async def profile(self, workspace: str, user: str, /) -> Profile: ...

    async def email(self, workspace: str, user: str, /) -> str:
        """As it stands in their profile, '' without one. Nothing may be decided by it."""
        ...

    async def group(self, workspace: str, group: str, /) -> Roster:
        """Of a user group. One that Slack does not know has no name and nobody in it."""
        ...

    async def channel(self, workspace: str, channel: str, /) -> Channel | None:
        """None where the bot cannot see it, as a private channel that it is not in."""
        ...

    async def channel_members(self, channel: Channel, /) -> Roster: ...
