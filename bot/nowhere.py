"""What stands in for Slack at the command line: nothing is shown there, and nothing is asked."""

from connection.directory import Channel, Profile, Roster
from connection.errors import DirectoryAway


class Quiet:
    """The port `Messenger`: the running bot shows what is in the outbox."""

    def nudge(self) -> None:
        """Nobody to tell."""


class Nowhere:
    """The ports `Directory` and `OwnApp`: Slack is not asked, so nobody there is known."""

    async def profile(self, *_: str) -> Profile:
        raise _no_slack()

    async def email(self, *_: str) -> str:
        raise _no_slack()

    async def group(self, *_: str) -> Roster:
        raise _no_slack()

    async def channel(self, *_: str) -> Channel | None:
        raise _no_slack()

    async def channel_members(self, *_: Channel) -> Roster:
        raise _no_slack()

    async def standing(self, *_: str) -> None:
        """Not asked either."""


def _no_slack() -> DirectoryAway:
    return DirectoryAway("Slack is not asked here.", "Use the bot in Slack.")
