"""Who reads: the names they know, their time zone, and what time it is for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class Reader:
    """`names` maps Slack's ids of people, channels and groups to their names; `me` is the reader's
    own id."""

    names: Mapping[str, str]
    me: str = ""
    zone: tzinfo = UTC

    def at(self, epoch: float) -> datetime:
        """A time, as the reader's clock shows it."""
        return datetime.fromtimestamp(epoch, self.zone)

    def today(self) -> datetime:
        """Now, as the reader's clock shows it."""
        return datetime.now(self.zone)

    def in_zone(self, name: str) -> "Reader":
        """`name` is one of the IANA's, as a browser gives it; an unknown one means UTC."""
        return replace(self, zone=zone_named(name))


def zone_named(name: str) -> tzinfo:
    """UTC for what is no time zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
