"""A Slack that tells who is who, for tests without the simulated one."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from connection.directory import Channel, Directory, Profile, Roster, Standing
from connection.errors import DirectoryAway
from connection.ports import Clock


@dataclass
class FakeDirectory:
    """Everybody is a member, unless told otherwise; `asked` are the ids in order."""

    clock: Clock | None = None
    people: dict[str, Standing] = field(default_factory=dict)
    rosters: dict[str, Roster] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    away: DirectoryAway | None = None
    emails: dict[str, str] = field(default_factory=dict)

    def _ask(self, name: str) -> datetime:
        self.asked.append(name)
        if self.away is not None:
            raise self.away
        return self.clock.now() if self.clock else datetime.now(UTC)

    async def profile(self, workspace: str, user: str, /) -> Profile:
        """As told, else a member."""
        at = self._ask(user)
        return Profile(workspace, user, self.people.get(user, Standing.MEMBER), at)

    async def email(self, workspace: str, user: str, /) -> str:
        """As told, else none."""
        self._ask(user)
        return self.emails.get(user, "")

    async def group(self, workspace: str, group: str, /) -> Roster:
        """As told, else unknown."""
        return self._roster(workspace, group)

    async def channel(self, workspace: str, channel: str, /) -> Channel | None:
        """As told, else a public one that the bot is in."""
        at = self._ask(channel)
        known = self.channels.get(channel)
        if known is not None:
            return replace(known, read_at=at)
        return Channel(workspace, channel, "general", False, False, False, True, at)

    async def channel_members(self, channel: Channel, /) -> Roster:
        """As told, else unknown."""
        return self._roster(channel.workspace, channel.id)

    def _roster(self, workspace: str, holder: str) -> Roster:
        at = self._ask(holder)
        nobody = Roster(workspace, holder, "", False, frozenset(), at)
        known = self.rosters.get(holder, nobody)
        return Roster(workspace, holder, known.name, known.usable, known.members, at)


_: type[Directory] = FakeDirectory
