"""Which people, groups and channels an event of Slack is about.

Shapes: docs.slack.dev/reference/events, one page an event.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_WHERE: Mapping[str, Sequence[str]] = {
    "user_change": ("user",),
    "subteam_updated": ("subteam",),
    "subteam_members_changed": ("subteam_id",),
    "member_joined_channel": ("channel",),
    "member_left_channel": ("channel",),
    "channel_archive": ("channel",),
    "channel_unarchive": ("channel",),
    "channel_deleted": ("channel",),
    "channel_shared": ("channel",),
    "channel_unshared": ("channel",),
    "group_archive": ("channel",),
    "group_unarchive": ("channel",),
    "group_deleted": ("channel",),
}
EVENTS = tuple(_WHERE)
"""What the app subscribes to."""


MOST_ID = 40


def changed_in(body: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The workspaces, and the ids that changed; none for an event that nothing depends on.

    In channels that organisations share an event may come under the other one's id, so those
    that it was authorised for count too.
    """
    event = body.get("event")
    if not isinstance(event, Mapping):
        return [], []
    authorised = body.get("authorizations")
    places = [body, *(authorised if isinstance(authorised, list) else ())]
    teams = [
        _id(place.get(name))
        for place in places
        if isinstance(place, Mapping)
        for name in ("team_id", "enterprise_id")
    ]
    changed = [_id(event.get(name)) for name in _WHERE.get(str(event.get("type")), ())]
    return _found(teams), _found(changed)


def _found(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, names)))


def _id(value: object) -> str:
    """An id, or an object with one."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) and len(value) <= MOST_ID else ""
