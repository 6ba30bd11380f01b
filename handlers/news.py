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


def changed_in(body: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The workspace, and the ids that changed; none for an event that nothing depends on."""
    event = body.get("event")
    if not isinstance(event, Mapping):
        return "", []
    fields = _WHERE.get(str(event.get("type")), ())
    workspace = body.get("team_id") or body.get("enterprise_id")
    found = [_id(event.get(name)) for name in fields]
    return (workspace if isinstance(workspace, str) else ""), [name for name in found if name]


def _id(value: object) -> str:
    """An id, or an object with one."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) and len(value) <= MOST_ID else ""


MOST_ID = 40
