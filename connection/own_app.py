"""The bot's own app in Slack: whether its token works, what it may do, what time it is there."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AppStanding:
    """`refused` is Slack's word for a token that it does not take, such as `invalid_auth`.

    `missing_scopes` are those that the app needs and the token lacks; `clock_ahead` is by how many
    seconds Slack's clock is ahead of the bot's, None where Slack did not say.
    """

    refused: str = ""
    missing_scopes: tuple[str, ...] = ()
    clock_ahead: float | None = None


class OwnApp(Protocol):
    """Slack, asked about the app itself."""

    async def standing(self, workspace: str, /) -> AppStanding | None:
        """None where Slack is not asked, as at the command line. Raises `DirectoryAway`."""
        ...
