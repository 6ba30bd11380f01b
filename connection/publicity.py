"""Who would see what is posted in a channel; what Slack does not tell counts as everybody."""

from enum import StrEnum

from connection.asks import Audience, Showing
from connection.errors import DirectoryAway
from connection.knowing import know_channel
from connection.ports import Ports


class Publicity(StrEnum):
    """Of a channel. Only in an OPEN one anything is said to everybody."""

    OPEN = "open"  # people of the organisation alone
    SHARED = "shared"  # with another organisation, or offered to one
    UNSEEN = "unseen"  # the bot cannot see it, as a private one that it is not in
    UNTOLD = "untold"  # Slack did not answer, and may in a moment
    CLOSED = "closed"  # the bot may not ask, as of a direct message of several people


async def publicity_of(ports: Ports, showing: Showing) -> Publicity:
    """Of where a message for everybody would stand, or stands. A direct message is of one person
    and the bot, and needs no question; one of two other people is refused by Slack itself."""
    channel = showing.posted_in if showing.ts else showing.place.channel
    if showing.audience is not Audience.CHANNEL or is_direct(channel):
        return Publicity.OPEN
    if not channel:  # a button on Home: nobody but the person is there
        return Publicity.UNSEEN
    try:
        known = await know_channel(ports, showing.workspace, channel)
    except DirectoryAway as away:
        return Publicity.UNTOLD if away.passes else Publicity.CLOSED
    if known is None:
        return Publicity.UNSEEN
    return Publicity.SHARED if known.shared else Publicity.OPEN


def is_direct(channel: str) -> bool:
    """By its id, which begins with D (docs.slack.dev/reference/objects/conversation-object)."""
    return channel.startswith("D")
